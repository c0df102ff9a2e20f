import { canonical } from "../../domain/digest.ts";
import { FROM_BACKUP } from "../../domain/forwarding.ts";
import { showTarget, type Target } from "../../domain/identity.ts";
import type { Fact } from "../fact.ts";
import { subject, type Finding, type Subject } from "../finding.ts";
import { allowedTo } from "../policies/allows.ts";
import type { ForwardingRule } from "./read.ts";

const LATE = "what AWS Backup does there is found out by the schedule alone, hours later";

/** Whether what AWS Backup says in a Region comes to the hub's bus. Without it nothing is lost but time. */
export function judgeForwarding(
  target: Target,
  bus: string,
  rules: Fact<readonly ForwardingRule[]>,
): readonly Finding[] {
  const of = subject("forwarding of events", showTarget(target));
  const deploy = `npx cdk deploy holdfast-member-events in that account and Region with eventBus ${bus}, or the StackSet's next operation`;
  return of.judge("forwarding.rule", "which rules forward them", rules, (found) =>
    found.length === 0
      ? of.warn("forwarding.rule", {
          says: `no rule puts AWS Backup's events on ${bus}`,
          why: LATE,
          fix: deploy,
        })
      : found.flatMap((rule) => [
          judgeState(of, target, rule),
          judgePattern(of, rule, deploy),
          ...judgeRole(of, rule, deploy),
        ]),
  );
}

const judgeState = (of: Subject, { region }: Target, { name, enabled }: ForwardingRule): Finding =>
  enabled
    ? of.ok("forwarding.rule", "a rule puts AWS Backup's events on the hub's bus")
    : of.warn("forwarding.rule", {
        says: `the rule ${name} is disabled`,
        why: LATE,
        fix: `aws events enable-rule --region ${region} --name ${name}`,
      });

function judgePattern(of: Subject, { name, pattern }: ForwardingRule, deploy: string): Finding {
  if (pattern !== undefined && isDeployed(pattern)) return of.ok("forwarding.pattern", "it forwards all of them");
  return of.warn("forwarding.pattern", {
    says: `the rule ${name} has the pattern ${pattern ?? "of no event"}, and is deployed with ${JSON.stringify(FROM_BACKUP)}`,
    why: `what it leaves out does not come: ${LATE}`,
    fix: deploy,
  });
}

const isDeployed = (pattern: string): boolean => {
  try {
    return canonical(JSON.parse(pattern)) === canonical(FROM_BACKUP);
  } catch {
    return false; // what is no JSON is not what was deployed
  }
};

/** EventBridge puts events on another account's or Region's bus by a role of the account that they come from. */
function judgeRole(of: Subject, { name, role, trust }: ForwardingRule, deploy: string): readonly Finding[] {
  const wrong = (says: string): Finding =>
    of.warn("forwarding.role", { says, why: `EventBridge delivers nothing: ${LATE}`, fix: deploy });
  if (role === undefined) return [wrong(`the rule ${name} names no role to put events on the hub's bus by`)];
  return of.judge("forwarding.role", `the role ${role}`, trust, (statements) => {
    if (statements === undefined) return wrong(`the rule ${name} names the role ${role}, which does not exist`);
    return allowedTo(statements, "sts:AssumeRole").includes("events.amazonaws.com")
      ? of.ok("forwarding.role", "EventBridge puts them there by a role that trusts it")
      : wrong(`the role ${role}, which the rule ${name} puts events on the hub's bus by, does not trust EventBridge`);
  });
}
