/** What a bus does with an event: each rule that matches gives it to its targets, if these let it (EventBridge User Guide, "Event bus targets"). */
import { decide, type Need } from "../iam/authorize.ts";
import type { ConditionContext } from "../iam/conditions.ts";
import type { Identity } from "../iam/registry.ts";
import { asRole, serviceIdentity } from "../iam/services.ts";
import { callerOf } from "../perform.ts";
import { sendTo } from "../platform/queue.ts";
import { publishTo } from "../platform/topic.ts";
import { queueOf } from "../platform/at.ts";
import type { World } from "../world.ts";
import { ruleArn, type BusEvent, type EventBus, type EventRule, type EventTarget } from "./bus.ts";
import { matchesPattern } from "./pattern.ts";

const service = "events.amazonaws.com";

/** Why a target did not get an event. */
export interface Undelivered {
  readonly at: Date;
  readonly rule: string;
  readonly target: string;
  readonly event: BusEvent;
  readonly why: string;
}

interface Delivering {
  readonly bus: EventBus;
  readonly rule: EventRule;
  readonly target: EventTarget;
  readonly event: BusEvent;
  readonly at: Date;
}

/** `forwarded`: it came from another bus. Such an event goes no further than this one (EventBridge User Guide, "Sending and receiving events between event buses"). */
export function putOn(world: World, bus: EventBus, event: BusEvent, at: Date, forwarded = false): void {
  const rules = [...bus.rules.values()].filter(({ enabled }) => enabled);
  if (rules.length > 0) bus.received.push(event);
  for (const rule of rules.filter(({ pattern }) => matchesPattern(pattern, event))) {
    for (const target of rule.targets) {
      const delivering = { bus, rule, target, event, at };
      const why = deliver(world, delivering, forwarded);
      if (why !== undefined) keepUndelivered(world, delivering, why);
    }
  }
}

/** Returns why it was not. */
function deliver(world: World, delivering: Delivering, forwarded: boolean): string | undefined {
  const [, , kind] = delivering.target.arn.split(":");
  switch (kind) {
    case "events":
      return forwarded ? "An event is forwarded from one bus to another once." : forward(world, delivering);
    case "sqs":
      return queue(world, delivering, delivering.target.arn);
    case "sns":
      return publishTo(world, delivering.target.arn, {
        identity: serviceIdentity(service, delivering.bus.account),
        context: asRule(delivering),
        message: JSON.stringify(delivering.event),
        at: delivering.at,
      });
    case "lambda":
      world.eventBridge.invoked.push({ arn: delivering.target.arn, event: delivering.event, at: delivering.at });
      return undefined;
    default:
      throw new Error(`a rule's target of ${kind} is not simulated`);
  }
}

/** Another account's or Region's bus is reached by the rule's role, and lets it in by its own policy. */
function forward(world: World, { bus, target, event, at }: Delivering): string | undefined {
  const there = world.eventBridge.busOf(target.arn);
  if (there === undefined) return `There is no event bus ${target.arn}.`;
  const identity = asRole(world.iam, service, target.roleArn ?? "", { "aws:SourceAccount": bus.account });
  if (identity === undefined) return `EventBridge cannot assume the role ${target.roleArn ?? "(none)"}.`;
  const need: Need = {
    action: "events:PutEvents",
    resource: there.arn,
    context: { "events:source": event.source, "events:detail-type": event["detail-type"] },
    policy: { document: there.policy, owner: there.account, rule: "either" },
  };
  const decision = decide(need, identity, callerOf(world, identity, bus.region).common);
  if (decision !== "allowed") return `${identity.principal.arn} may not put events on ${there.arn}.`;
  putOn(world, there, event, at, true);
  return undefined;
}

function queue(world: World, delivering: Delivering, arn: string): string | undefined {
  const { bus, event, at } = delivering;
  const there = queueOf(world, arn);
  if (there === undefined) return `There is no queue ${arn}.`;
  const policy = { document: there.policy, owner: arn.split(":")[4] ?? "", rule: "either" } as const;
  const need: Need = { action: "sqs:SendMessage", resource: arn, policy };
  if (!isAllowed(need, serviceIdentity(service, bus.account), asRule(delivering))) {
    return `The policy of ${arn} does not let the rule send messages.`;
  }
  sendTo(there, { body: JSON.stringify(event), at, sender: service }, world.background);
  return undefined;
}

function isAllowed(need: Need, identity: Identity, context: ConditionContext): boolean {
  return decide(need, identity, context) === "allowed";
}

function asRule({ bus, rule }: Delivering): ConditionContext {
  return { "aws:SourceArn": ruleArn(bus, rule), "aws:SourceAccount": bus.account, "aws:SecureTransport": true };
}

/** To the target's dead letters, where it has some that take it (EventBridge User Guide, "Using dead-letter queues"). */
function keepUndelivered(world: World, delivering: Delivering, why: string): void {
  const { bus, rule, target, event, at } = delivering;
  world.eventBridge.undelivered.push({ at, rule: ruleArn(bus, rule), target: target.arn, event, why });
  if (target.deadLetterArn !== undefined) queue(world, delivering, target.deadLetterArn);
}
