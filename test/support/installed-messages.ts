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
  const rows = <Type extends keyof Given>(type: Type): readonly (readonly [id: string, given: Given[Type]])[] =>
    Object.entries(template.Resources)
      .filter(([, { Type }]) => Type === type)
      // What CloudFormation's types have, once references are resolved.
      .map(([id]) => [id, installed.properties(type, id) as Given[Type]]);

  for (const [id, given] of rows("AWS::SQS::Queue")) {
    const { QueueName: name = id } = installed.named(id).attributes;
    queues.set(name, queueFrom(name, given));
  }
  // By URL, or by name, which ends it.
  for (const [, { Queues, PolicyDocument }] of rows("AWS::SQS::QueuePolicy"))
    for (const queue of Queues) present(queues, queue.replace(/^.*\//, "")).policy = PolicyDocument;
  for (const [id, { KmsMasterKeyId: keyId }] of rows("AWS::SNS::Topic")) {
    const { ref: arn } = installed.named(id);
    topics.set(arn, newTopic({ arn, keyId }));
  }
  for (const [, { Topics, PolicyDocument }] of rows("AWS::SNS::TopicPolicy"))
    for (const topic of Topics) present(topics, topic).policy = PolicyDocument;
  for (const [, { Protocol: protocol, Endpoint: endpoint, TopicArn }] of rows("AWS::SNS::Subscription"))
    present(topics, TopicArn).subscriptions.push({ protocol, endpoint, confirmed: false });
  for (const [, { Name, Policy }] of rows("AWS::Events::EventBus"))
    simulator.eventBridge.addBus(account, region, Name).policy = Policy;
  for (const [id, given] of rows("AWS::Events::Rule")) placeRule(simulator, { account, region }, given, id);
}

interface Given {
  readonly "AWS::SQS::Queue": QueueProperties;
  readonly "AWS::SQS::QueuePolicy": { readonly Queues: readonly string[]; readonly PolicyDocument: PolicyDocument };
  readonly "AWS::SNS::Topic": { readonly KmsMasterKeyId?: string };
  readonly "AWS::SNS::TopicPolicy": { readonly Topics: readonly string[]; readonly PolicyDocument: PolicyDocument };
  readonly "AWS::SNS::Subscription": {
    readonly Protocol: string;
    readonly Endpoint: string;
    readonly TopicArn: string;
  };
  readonly "AWS::Events::EventBus": { readonly Name: string; readonly Policy?: PolicyDocument };
  readonly "AWS::Events::Rule": RuleProperties;
}

interface QueueProperties {
  readonly MessageRetentionPeriod?: number;
  readonly VisibilityTimeout?: number;
  readonly RedrivePolicy?: { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number };
}

function queueFrom(name: string, given: QueueProperties): SimulatedQueue {
  const { MessageRetentionPeriod, VisibilityTimeout, RedrivePolicy } = given;
  return newQueue({
    name,
    ...(MessageRetentionPeriod === undefined ? {} : { retentionSeconds: MessageRetentionPeriod }),
    ...(VisibilityTimeout === undefined ? {} : { visibilitySeconds: VisibilityTimeout }),
    redrive: RedrivePolicy && {
      deadLetterArn: RedrivePolicy.deadLetterTargetArn,
      maxReceiveCount: RedrivePolicy.maxReceiveCount,
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
