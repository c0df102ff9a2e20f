/** How rules are looked at (EventBridge API Reference: ListRuleNamesByTarget, DescribeRule, ListTargetsByRule). */
import { startFrom, takePage } from "../paging.ts";
import { ApiError, type Context, type Handlers } from "../service.ts";
import type { World } from "../world.ts";
import { ruleArn, type EventBus, type EventRule } from "./bus.ts";

type Asked = Context<World>;

interface OnBus {
  /** The default bus where it is left out. */
  readonly EventBusName?: string;
}

interface Paged {
  readonly NextToken?: string;
}

function busOf({ EventBusName: name = "default" }: OnBus, { state: world, account, region }: Asked): EventBus {
  const bus = name.startsWith("arn:") ? world.eventBridge.busOf(name) : world.eventBridge.bus(account, region, name);
  if (bus === undefined) throw new ApiError("ResourceNotFoundException", `Event bus ${name} does not exist.`);
  return bus;
}

function ruleNamed(name: string, bus: EventBus): EventRule {
  const rule = bus.rules.get(name);
  if (rule === undefined)
    throw new ApiError("ResourceNotFoundException", `Rule ${name} does not exist on EventBus ${bus.name}.`);
  return rule;
}

function page<T>(
  rows: readonly T[],
  asked: Asked,
  { listing, token }: { listing: unknown; token: string | undefined },
) {
  const key = JSON.stringify([listing, asked.account, asked.region]);
  const invalid = () => new ApiError("ValidationException", "The NextToken is not valid.");
  return takePage(rows, {
    from: startFrom(token, key, invalid),
    listing: key,
    limit: asked.state.options.pageSize,
  });
}

function listRuleNamesByTarget(input: OnBus & Paged & { readonly TargetArn: string }, asked: Asked): unknown {
  const { TargetArn, NextToken: token } = input;
  const bus = busOf(input, asked);
  const names = [...bus.rules.values()]
    .filter(({ targets }) => targets.some(({ arn }) => arn === TargetArn))
    .map(({ name }) => name);
  const { items, next } = page(names, asked, { listing: ["events:ListRuleNamesByTarget", bus.arn, TargetArn], token });
  return { RuleNames: items, NextToken: next };
}

function describeRule(input: OnBus & { readonly Name: string }, asked: Asked): unknown {
  const bus = busOf(input, asked);
  const rule = ruleNamed(input.Name, bus);
  return {
    Name: rule.name,
    Arn: ruleArn(bus, rule),
    EventPattern: JSON.stringify(rule.pattern),
    State: rule.enabled ? "ENABLED" : "DISABLED",
    EventBusName: bus.name,
  };
}

function listTargetsByRule(input: OnBus & Paged & { readonly Rule: string }, asked: Asked): unknown {
  const bus = busOf(input, asked);
  const { name, targets } = ruleNamed(input.Rule, bus);
  const listing = ["events:ListTargetsByRule", bus.arn, name];
  const { items, next } = page(targets, asked, { listing, token: input.NextToken });
  return {
    Targets: items.map(({ arn, roleArn, deadLetterArn }, at) => ({
      Id: `target-${at + 1}`,
      Arn: arn,
      RoleArn: roleArn,
      DeadLetterConfig: deadLetterArn === undefined ? undefined : { Arn: deadLetterArn },
    })),
    NextToken: next,
  };
}

export const ruleHandlers: Handlers<World> = {
  ListRuleNamesByTarget: listRuleNamesByTarget,
  DescribeRule: describeRule,
  ListTargetsByRule: listTargetsByRule,
};
