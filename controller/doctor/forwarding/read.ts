import { describeRule, listRuleNamesByTarget, listTargetsByRule } from "../../aws/member-operations.ts";
import { type Call, step } from "../../aws/operation.ts";
import { getRole } from "../../aws/owner-operations.ts";
import { EVENT_BUS_NAME } from "../../domain/forwarding.ts";
import { pages } from "../../aws/pages.ts";
import { look, lookFor, type Fact } from "../fact.ts";
import { readPolicy, type Said } from "../policies/document.ts";

/** A rule of a Region's default bus that puts events on the hub's. */
export interface ForwardingRule {
  readonly name: string;
  readonly enabled: boolean;
  /** As it is written; `undefined`: it goes by a schedule. */
  readonly pattern: string | undefined;
  /** ARN of the role that it puts them there by; `undefined`: it names none. */
  readonly role: string | undefined;
  /** Whom that role trusts; `undefined`: there is no such role. */
  readonly trust: Fact<readonly Said[] | undefined>;
}

/** The hub's bus, beside the function that its events wake. */
export const busBeside = (events: string): string =>
  events.replace(/^(arn:[^:]+):lambda:([^:]+:\d+):function:.*$/, `$1:events:$2:event-bus/${EVENT_BUS_NAME}`);

type ForwardingCall = Call<
  typeof listRuleNamesByTarget | typeof describeRule | typeof listTargetsByRule | typeof getRole
>;

/** The rules of one Region that forward to a bus, whatever they are called: CloudFormation names them. */
export const forwardingRules = step("observe")(
  [listRuleNamesByTarget, describeRule, listTargetsByRule, getRole],
  (call, _target, bus: string) =>
    look(async () => {
      const names: string[] = [];
      const read = (NextToken: string | undefined) => call(listRuleNamesByTarget, { TargetArn: bus, NextToken });
      for await (const { RuleNames = [] } of pages(listRuleNamesByTarget.name, read)) names.push(...RuleNames);
      return Promise.all(names.map((name) => readRule(call, name, bus)));
    }),
);

async function readRule(call: ForwardingCall, Name: string, bus: string): Promise<ForwardingRule> {
  const [{ State, EventPattern }, role] = await Promise.all([call(describeRule, { Name }), roleTo(call, Name, bus)]);
  return {
    name: Name,
    enabled: State !== "DISABLED",
    pattern: EventPattern,
    role,
    trust: role === undefined ? { seen: true, value: undefined } : await readTrust(call, role),
  };
}

async function roleTo(call: ForwardingCall, Rule: string, bus: string): Promise<string | undefined> {
  const read = (NextToken: string | undefined) => call(listTargetsByRule, { Rule, NextToken });
  for await (const { Targets = [] } of pages(listTargetsByRule.name, read)) {
    const target = Targets.find(({ Arn }) => Arn === bus);
    if (target) return target.RoleArn;
  }
  return undefined;
}

const readTrust = (call: ForwardingCall, role: string): Promise<Fact<readonly Said[] | undefined>> =>
  lookFor(async () => {
    const { Role } = await call(getRole, { RoleName: role.slice(role.lastIndexOf("/") + 1) });
    return readPolicy(Role?.AssumeRolePolicyDocument ?? "");
  });
