/** SQS: queues by their URL, and the messages in them (SQS API Reference). FIFO queues are not simulated. */
import { createHash } from "node:crypto";
import { ApiError, type Handlers } from "../service.ts";
import { queueOf } from "./at.ts";
import type { Placed, PlatformContext } from "./context.ts";
import {
  deleteFrom,
  expire,
  receiveFrom,
  sendTo,
  visibleIn,
  type MessageAttribute,
  type QueuedMessage,
  type SimulatedQueue,
} from "./queue.ts";

const mostBytes = 262_144;
const mostReceived = 10;

const refused = (type: string, message: string): ApiError => new ApiError(type, message, {}, 400);

interface Named {
  readonly QueueUrl: string;
}

/** A queue's name is the last part of its URL. */
export const queueName = (url: string): string => url.slice(url.lastIndexOf("/") + 1);

function queueNamed({ QueueUrl }: Named, { state }: Placed): SimulatedQueue {
  const queue = state.platform.queues.get(queueName(QueueUrl));
  if (queue === undefined) throw refused("QueueDoesNotExist", "The specified queue does not exist.");
  return queue;
}

function getQueueUrl({ QueueName }: { readonly QueueName: string }, context: Placed): unknown {
  queueNamed({ QueueUrl: QueueName }, context);
  return { QueueUrl: `https://sqs.${context.region}.amazonaws.com/${context.account}/${QueueName}` };
}

function getQueueAttributes(input: Named & { readonly AttributeNames?: readonly string[] }, context: Placed): unknown {
  const queue = queueNamed(input, context);
  expire(queue, context.now);
  const visible = visibleIn(queue, context.now).length;
  const hidden = queue.messages.filter(({ visibleAt }) => visibleAt > context.now);
  const inFlight = hidden.filter(({ receives }) => receives > 0).length;
  const all: Readonly<Record<string, string | undefined>> = {
    QueueArn: `arn:aws:sqs:${context.region}:${context.account}:${queue.name}`,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(hidden.length - inFlight),
    MessageRetentionPeriod: String(queue.retentionSeconds),
    VisibilityTimeout: String(queue.visibilitySeconds),
    RedrivePolicy: queue.redrive && redrivePolicy(queue.redrive),
  };
  const asked = input.AttributeNames ?? [];
  const told = Object.entries(all).filter(
    ([name, value]) => value !== undefined && (asked.includes("All") || asked.includes(name)),
  );
  return { Attributes: Object.fromEntries(told) };
}

function redrivePolicy({ deadLetterArn, maxReceiveCount }: NonNullable<SimulatedQueue["redrive"]>): string {
  return JSON.stringify({ deadLetterTargetArn: deadLetterArn, maxReceiveCount });
}

interface SendInput extends Named {
  readonly MessageBody: string;
  readonly DelaySeconds?: number;
  readonly MessageAttributes?: Readonly<Record<string, MessageAttribute>>;
}

function sendMessage(input: SendInput, context: Placed): unknown {
  const queue = queueNamed(input, context);
  const { MessageBody: body, MessageAttributes: attributes = {}, DelaySeconds: delaySeconds = 0 } = input;
  if (Buffer.byteLength(body) > mostBytes) {
    throw refused(
      "InvalidParameterValue",
      `One or more parameters are invalid. Reason: Message must be shorter than ${mostBytes} bytes.`,
    );
  }
  const sending = { body, at: context.now, sender: context.account, attributes, delaySeconds };
  const { id } = sendTo(queue, sending, context.state.world.background);
  // Clients compare the digest with what they sent.
  return { MessageId: id, MD5OfMessageBody: md5(body) };
}

interface ReceiveInput extends Named {
  readonly MaxNumberOfMessages?: number;
  readonly VisibilityTimeout?: number;
  /** The older spelling of the next. */
  readonly AttributeNames?: readonly string[];
  readonly MessageSystemAttributeNames?: readonly string[];
  readonly MessageAttributeNames?: readonly string[];
}

/** Long polling answers at once: nothing comes while virtual time stands still. */
function receiveMessage(input: ReceiveInput, context: Placed): unknown {
  const { MaxNumberOfMessages: most = 1, VisibilityTimeout: visibilitySeconds } = input;
  if (most < 1 || most > mostReceived) {
    const why = `Value ${most} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.`;
    throw refused("InvalidParameterValue", why);
  }
  const queue = queueNamed(input, context);
  const queueAt = (arn: string) => queueOf(context.state.world, arn);
  const messages = receiveFrom(queue, { now: context.now, most, visibilitySeconds, queueAt });
  return { Messages: messages.length === 0 ? undefined : messages.map((one) => messageView(one, input)) };
}

/** Attributes are told to those who ask for them. */
function messageView(message: QueuedMessage, input: ReceiveInput): unknown {
  const { AttributeNames = [], MessageSystemAttributeNames = AttributeNames, MessageAttributeNames = [] } = input;
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: md5(message.body),
    Attributes: askedOf(systemAttributes(message), MessageSystemAttributeNames),
    MessageAttributes: askedOf(message.attributes, MessageAttributeNames),
  };
}

function askedOf<T>(all: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> | undefined {
  const told = Object.entries(all).filter(([name]) => names.includes("All") || names.includes(name));
  return told.length === 0 ? undefined : Object.fromEntries(told);
}

/** All are numbers in texts. */
export function systemAttributes(message: QueuedMessage): Readonly<Record<string, string>> {
  return {
    ApproximateReceiveCount: String(message.receives),
    SentTimestamp: String(message.sentAt.getTime()),
    SenderId: message.sender,
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt?.getTime()),
  };
}

export function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}

function deleteMessage(input: Named & { readonly ReceiptHandle: string }, context: Placed): void {
  deleteFrom(queueNamed(input, context), input.ReceiptHandle);
}

interface DeleteBatchInput extends Named {
  readonly Entries: readonly { readonly Id: string; readonly ReceiptHandle: string }[];
}

function deleteMessageBatch(input: DeleteBatchInput, context: Placed): unknown {
  const queue = queueNamed(input, context);
  checkEntries(input.Entries.map(({ Id }) => Id));
  for (const { ReceiptHandle } of input.Entries) deleteFrom(queue, ReceiptHandle);
  return { Successful: input.Entries.map(({ Id }) => ({ Id })), Failed: [] };
}

function checkEntries(ids: readonly string[]): void {
  const prefix = "AWS.SimpleQueueService";
  if (ids.length === 0) throw refused("EmptyBatchRequest", `${prefix}.EmptyBatchRequest`);
  if (ids.length > mostReceived)
    throw refused("TooManyEntriesInBatchRequest", `${prefix}.TooManyEntriesInBatchRequest`);
  if (new Set(ids).size < ids.length) throw refused("BatchEntryIdsNotDistinct", `${prefix}.BatchEntryIdsNotDistinct`);
}

/** From now on, of a message that somebody works on. */
function changeMessageVisibility(
  input: Named & { readonly ReceiptHandle: string; readonly VisibilityTimeout: number },
  context: Placed,
): void {
  const { messages } = queueNamed(input, context);
  const message = messages.find(({ receiptHandle }) => receiptHandle === input.ReceiptHandle);
  if (message === undefined || message.visibleAt <= context.now) {
    throw refused("MessageNotInflight", "The specified message isn't in flight.");
  }
  message.visibleAt = new Date(context.now.getTime() + input.VisibilityTimeout * 1000);
}

export const sqsHandlers: Handlers<PlatformContext> = {
  GetQueueUrl: getQueueUrl,
  GetQueueAttributes: getQueueAttributes,
  SendMessage: sendMessage,
  ReceiveMessage: receiveMessage,
  DeleteMessage: deleteMessage,
  DeleteMessageBatch: deleteMessageBatch,
  ChangeMessageVisibility: changeMessageVisibility,
};
