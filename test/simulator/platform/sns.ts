/** SNS, as far as one asks who is told, and tells them (SNS API Reference). */
import { ApiError, type Handlers } from "../service.ts";
import { pageOf, type Placed, type PlatformContext } from "./context.ts";
import type { MessageAttribute } from "./queue.ts";
import { distribute, type SimulatedTopic } from "./topic.ts";

/** Of a message with its attributes, in bytes. */
const mostBytes = 262_144;
const mostSubjectLetters = 100;

const invalid = (message: string): ApiError =>
  new ApiError("InvalidParameterException", `Invalid parameter: ${message}`, {}, 400);

function topicNamed(arn: string, { state }: Placed): SimulatedTopic {
  const topic = state.platform.topics.get(arn);
  if (topic === undefined) throw new ApiError("NotFoundException", "Topic does not exist", {}, 404);
  return topic;
}

function listSubscriptionsByTopic(
  { TopicArn, NextToken }: { readonly TopicArn: string; readonly NextToken?: string },
  context: Placed,
): unknown {
  const page = pageOf(context, topicNamed(TopicArn, context).subscriptions, {
    listing: ["sns:ListSubscriptionsByTopic", TopicArn],
    token: NextToken,
    invalid: () => invalid("NextToken"),
  });
  return {
    Subscriptions: page.items.map(({ protocol, endpoint, confirmed }) => ({
      // One that nobody has confirmed has these words in its ARN's place.
      SubscriptionArn: confirmed ? `${TopicArn}:${context.uuid()}` : "PendingConfirmation",
      Owner: context.account,
      Protocol: protocol,
      Endpoint: endpoint,
      TopicArn,
    })),
    NextToken: page.next,
  };
}

interface PublishInput {
  readonly TopicArn?: string;
  readonly Subject?: string;
  readonly Message: string;
  readonly MessageStructure?: string;
  readonly MessageAttributes?: Readonly<Record<string, MessageAttribute>>;
}

/** To a topic of this account and Region: phone numbers and endpoints of devices are not simulated. */
function publish(input: PublishInput, context: Placed): unknown {
  const { TopicArn, Subject, Message, MessageStructure, MessageAttributes = {} } = input;
  if (TopicArn === undefined) throw invalid("TopicArn or TargetArn Reason: no value for required parameter");
  const topic = topicNamed(TopicArn, context);
  checkSubject(Subject);
  if (Message === "") throw invalid("Empty message");
  if (MessageStructure !== undefined)
    throw new ApiError("NotImplemented", "MessageStructure is not simulated", {}, 501);
  if (bytesOf(Message, MessageAttributes) > mostBytes) throw invalid("Message too long");
  const messageId = context.uuid();
  distribute(context.state.world, topic, {
    at: context.now,
    messageId,
    message: Message,
    subject: Subject,
    attributes: MessageAttributes,
  });
  return { MessageId: messageId };
}

/** ASCII that begins with a letter, a digit or a mark, without line breaks and control characters, under 101 letters (Publish). */
function checkSubject(subject: string | undefined): void {
  if (subject === undefined) return;
  if (!/^[\x21-\x7e][\x20-\x7e]*$/.test(subject) || subject.length > mostSubjectLetters) throw invalid("Subject");
}

function bytesOf(message: string, attributes: Readonly<Record<string, MessageAttribute>>): number {
  const parts = Object.entries(attributes).map(
    ([name, { DataType, StringValue = "", BinaryValue }]) =>
      Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.length ?? 0),
  );
  return parts.reduce((sum, bytes) => sum + bytes, Buffer.byteLength(message));
}

export const snsHandlers: Handlers<PlatformContext> = {
  ListSubscriptionsByTopic: listSubscriptionsByTopic,
  Publish: publish,
};
