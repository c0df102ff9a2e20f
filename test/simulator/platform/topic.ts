/** Topics, and what their subscribers got (SNS API Reference, Publish; SNS Developer Guide, "Key management"). */
import { decide, type Need } from "../iam/authorize.ts";
import type { ConditionContext } from "../iam/conditions.ts";
import type { PolicyDocument } from "../iam/policy.ts";
import type { Identity } from "../iam/registry.ts";
import { serviceIdentity } from "../iam/services.ts";
import { findKey } from "../kms/state.ts";
import type { World } from "../world.ts";
import { platformAt, queueOf } from "./at.ts";
import { sendTo, type MessageAttribute, type SimulatedQueue } from "./queue.ts";

export interface Subscription {
  readonly protocol: string;
  /** An address, or the ARN of a queue. */
  readonly endpoint: string;
  /** `false`: the owner of the endpoint has not said yes. */
  confirmed: boolean;
}

/** One message as one subscriber got it. */
export interface Received {
  readonly at: Date;
  readonly messageId: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly subject: string | undefined;
  readonly message: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
}

export interface SimulatedTopic {
  readonly arn: string;
  readonly subscriptions: Subscription[];
  policy: PolicyDocument | undefined;
  /** Id or ARN of the key that it is encrypted with. */
  keyId: string | undefined;
  /** What confirmed subscribers got, in order. */
  readonly received: Received[];
}

export function newTopic(
  input: Pick<SimulatedTopic, "arn"> & Partial<Omit<SimulatedTopic, "arn" | "received">>,
): SimulatedTopic {
  return { subscriptions: [], policy: undefined, keyId: undefined, ...input, received: [] };
}

/** What a publisher needs leave for: the topic, and where it is encrypted the key of it. */
export function publishingNeeds(world: World, topic: SimulatedTopic): readonly Need[] {
  const [, , , region = "", account = ""] = topic.arn.split(":");
  const publish: Need = {
    action: "sns:Publish",
    resource: topic.arn,
    policy: { document: topic.policy, owner: account, rule: "either" },
  };
  const own = world.kms(account, region);
  const key = topic.keyId === undefined || own === undefined ? undefined : findKey(own, topic.keyId, world.kms);
  if (key === undefined) return [publish];
  const policy = { document: key.policy, owner: account, rule: "resource" } as const;
  const context = { "kms:ViaService": `sns.${region}.amazonaws.com` };
  const using = ["kms:GenerateDataKey", "kms:Decrypt"].map((action) => ({
    action,
    resource: key.arn,
    context,
    policy,
  }));
  return [publish, ...using];
}

interface Publishing {
  readonly identity: Identity;
  readonly context: ConditionContext;
  readonly message: string;
  readonly at: Date;
}

/** As an AWS service publishes. Returns why it could not. */
export function publishTo(world: World, arn: string, publishing: Publishing): string | undefined {
  const topic = platformAt(world, arn)?.topics.get(arn);
  if (topic === undefined) return `There is no topic ${arn}.`;
  const denied = publishingNeeds(world, topic).find(
    (need) => decide(need, publishing.identity, publishing.context) !== "allowed",
  );
  if (denied !== undefined) return `${publishing.identity.principal.arn} may not ${denied.action}.`;
  distribute(world, topic, { ...publishing, messageId: world.background.uuid() });
  return undefined;
}

interface Published {
  readonly at: Date;
  readonly messageId: string;
  readonly message: string;
  readonly subject?: string | undefined;
  readonly attributes?: Readonly<Record<string, MessageAttribute>> | undefined;
}

/** To those who have confirmed. A queue gets SNS's envelope, if its policy lets the topic (SNS Developer Guide, "Fanout to Amazon SQS queues"). */
export function distribute(world: World, topic: SimulatedTopic, published: Published): void {
  const { at, messageId, message, subject, attributes = {} } = published;
  for (const { protocol, endpoint } of topic.subscriptions.filter(({ confirmed }) => confirmed)) {
    const queue = protocol === "sqs" ? queueLetting(world, topic, endpoint) : undefined;
    if (protocol === "sqs" && queue === undefined) continue;
    topic.received.push({ at, messageId, protocol, endpoint, subject, message, attributes });
    const envelope = { Type: "Notification", MessageId: messageId, TopicArn: topic.arn, Subject: subject };
    const body = JSON.stringify({ ...envelope, Message: message, Timestamp: at.toISOString() });
    if (queue !== undefined) sendTo(queue, { body, at, sender: service }, world.background);
  }
}

const service = "sns.amazonaws.com";

function queueLetting(world: World, topic: SimulatedTopic, arn: string): SimulatedQueue | undefined {
  const queue = queueOf(world, arn);
  const [, , , , owner = ""] = arn.split(":");
  const need: Need = {
    action: "sqs:SendMessage",
    resource: arn,
    policy: { document: queue?.policy, owner, rule: "either" },
  };
  const [, , , , account = ""] = topic.arn.split(":");
  const context = { "aws:SourceArn": topic.arn, "aws:SourceAccount": account, "aws:SecureTransport": true };
  return decide(need, serviceIdentity(service, account), context) === "allowed" ? queue : undefined;
}
