/** The ways that messages go by a template, once it is deployed: queues, topics, buses and rules, with their policies, placed in the simulator. */
import type { EventPattern } from "../simulator/events/pattern.ts";
import type { PolicyDocument } from "../simulator/iam/policy.ts";
import { newQueue, type SimulatedQueue } from "../simulator/platform/queue.ts";
import { newTopic } from "../simulator/platform/topic.ts";
import type { Simulator } from "../simulator/simulator.ts";
import type { Deployment, Installed } from "./installed.ts";
import type { Template } from "./template.ts";

/** After `install`, whose names it goes by. Subscriptions are confirmed by whoever they are for, and not yet. */
export function installMessages(
  simulator: Simulator,
  template: Template,
  { account, region }: Deployment,
  installed: Installed,
): void {
  const { queues, topics } = simulator.platform(account, region);
  const each = <Given>(type: string, place: (given: Given, id: string) => void): void =>
    Object.entries(template.Resources)
      .filter(([, { Type }]) => Type === type)
      // What CloudFormation's types have, once references are resolved.
      .forEach(([id]) => place(installed.properties(type, id) as Given, id));

  each<QueueProperties>("AWS::SQS::Queue", (given, id) => {
    const name = given.QueueName ?? id;
    queues.set(name, queueFrom(name, given));
  });
  each<{ readonly Queues: readonly string[]; readonly PolicyDocument: PolicyDocument }>(
    "AWS::SQS::QueuePolicy",
    ({ Queues, PolicyDocument }) => {
      // By URL, or by name, which ends it.
      for (const queue of Queues) present(queues, queue.replace(/^.*\//, "")).policy = PolicyDocument;
    },
  );
  each<{ readonly TopicName?: string; readonly KmsMasterKeyId?: string }>("AWS::SNS::Topic", (given, id) => {
    const arn = `arn:aws:sns:${region}:${account}:${given.TopicName ?? id}`;
    topics.set(arn, newTopic({ arn, keyId: given.KmsMasterKeyId }));
  });
  each<{ readonly Topics: readonly string[]; readonly PolicyDocument: PolicyDocument }>(
    "AWS::SNS::TopicPolicy",
    ({ Topics, PolicyDocument }) => {
      for (const topic of Topics) present(topics, topic).policy = PolicyDocument;
    },
  );
  each<{ readonly Protocol: string; readonly Endpoint: string; readonly TopicArn: string }>(
    "AWS::SNS::Subscription",
    ({ Protocol: protocol, Endpoint: endpoint, TopicArn }) => {
      present(topics, TopicArn).subscriptions.push({ protocol, endpoint, confirmed: false });
    },
  );
  each<{ readonly Name: string; readonly Policy?: PolicyDocument }>("AWS::Events::EventBus", ({ Name, Policy }) => {
    simulator.eventBridge.addBus(account, region, Name).policy = Policy;
  });
  each<RuleProperties>("AWS::Events::Rule", (given, id) => placeRule(simulator, { account, region }, given, id));
}

interface QueueProperties {
  readonly QueueName?: string;
  readonly MessageRetentionPeriod?: number;
  readonly VisibilityTimeout?: number;
  readonly RedrivePolicy?: { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number };
}

function queueFrom(name: string, given: QueueProperties): SimulatedQueue {
  const { MessageRetentionPeriod, VisibilityTimeout, RedrivePolicy } = given;
  return newQueue({
    name,
    ...(MessageRetentionPeriod === undefined ? {} : { retentionSeconds: Number(MessageRetentionPeriod) }),
    ...(VisibilityTimeout === undefined ? {} : { visibilitySeconds: Number(VisibilityTimeout) }),
    redrive: RedrivePolicy && {
      deadLetterArn: RedrivePolicy.deadLetterTargetArn,
      maxReceiveCount: Number(RedrivePolicy.maxReceiveCount),
    },
  });
}

interface RuleProperties {
  readonly Name?: string;
  readonly EventBusName?: string;
  readonly EventPattern?: EventPattern;
  readonly State?: "ENABLED" | "DISABLED";
  readonly Targets?: readonly {
    readonly Arn: string;
    readonly RoleArn?: string;
    readonly DeadLetterConfig?: { readonly Arn: string };
  }[];
}

/** Rules that start by a schedule have no pattern, and nothing to do here. */
function placeRule(
  { eventBridge }: Simulator,
  { account, region }: { readonly account: string; readonly region: string },
  given: RuleProperties,
  id: string,
): void {
  const { Name: name = id, EventBusName = "default", EventPattern: pattern, State, Targets = [] } = given;
  const bus = eventBridge.bus(account, region, EventBusName);
  if (bus === undefined) throw new RangeError(`the rule ${name} is for the bus ${EventBusName}, which is not there`);
  if (pattern === undefined) return;
  const targets = Targets.map(({ Arn, RoleArn, DeadLetterConfig }) => ({
    arn: Arn,
    ...(RoleArn === undefined ? {} : { roleArn: RoleArn }),
    ...(DeadLetterConfig === undefined ? {} : { deadLetterArn: DeadLetterConfig.Arn }),
  }));
  bus.rules.set(name, { name, pattern, targets, enabled: State !== "DISABLED" });
}

function present<T>(placed: ReadonlyMap<string, T>, name: string): T {
  const found = placed.get(name);
  if (found === undefined)
    throw new RangeError(`the template has a policy or a subscription for ${name}, which is not there`);
  return found;
}
