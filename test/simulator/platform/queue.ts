/**
 * A standard queue (SQS Developer Guide, "Amazon SQS standard queues", "visibility timeout", "dead-letter queues"): at least once, in no
 * order that one may rest on, hidden while somebody works on it, and moved aside after so many tries.
 */
import { createHash } from "node:crypto";
import type { PolicyDocument } from "../iam/policy.ts";
import type { Random } from "../random.ts";

export interface QueuedMessage {
  readonly id: string;
  readonly body: string;
  readonly sentAt: Date;
  /** ARN of whoever sent it, or its account's id. */
  readonly sender: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  /** Hidden until then. */
  visibleAt: Date;
  receives: number;
  firstReceivedAt: Date | undefined;
  /** Of its last receipt: an older one deletes nothing for certain. */
  receiptHandle: string | undefined;
}

export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: Uint8Array;
}

export interface SimulatedQueue {
  readonly name: string;
  retentionSeconds: number;
  visibilitySeconds: number;
  /** Where a message goes that was received so often and not deleted. */
  redrive: { readonly deadLetterArn: string; readonly maxReceiveCount: number } | undefined;
  policy: PolicyDocument | undefined;
  readonly messages: QueuedMessage[];
  /** How many of the next deletions are answered and not done, as where a server that has a copy cannot be reached: they come again. */
  forgottenDeletes: number;
}

type QueueInput = Pick<SimulatedQueue, "name"> & Partial<Omit<SimulatedQueue, "name" | "messages">>;

/** With SQS's own defaults: four days, thirty seconds, no dead letters. */
export function newQueue(input: QueueInput): SimulatedQueue {
  return {
    retentionSeconds: 345_600,
    visibilitySeconds: 30,
    redrive: undefined,
    policy: undefined,
    forgottenDeletes: 0,
    ...input,
    messages: [],
  };
}

interface Sending {
  readonly body: string;
  readonly at: Date;
  readonly sender: string;
  readonly attributes?: Readonly<Record<string, MessageAttribute>>;
  readonly delaySeconds?: number;
}

export function sendTo(queue: SimulatedQueue, sending: Sending, random: Random): QueuedMessage {
  const { body, at, sender, attributes = {}, delaySeconds = 0 } = sending;
  const message: QueuedMessage = {
    id: random.uuid(),
    body,
    sentAt: at,
    sender,
    attributes,
    visibleAt: after(at, delaySeconds),
    receives: 0,
    firstReceivedAt: undefined,
    receiptHandle: undefined,
  };
  queue.messages.push(message);
  return message;
}

interface Receiving {
  readonly now: Date;
  readonly most: number;
  /** Of bodies; the last may exceed it. Default: any number. */
  readonly mostBytes?: number;
  readonly visibilitySeconds?: number | undefined;
  /** The queue of an ARN: of the dead letters. */
  readonly queueAt: (arn: string) => SimulatedQueue | undefined;
}

/** Takes what is visible, oldest first as SQS tries to. What was received often enough already goes to the dead letters instead. */
export function receiveFrom(queue: SimulatedQueue, receiving: Receiving): readonly QueuedMessage[] {
  const { now, most, mostBytes = Infinity, visibilitySeconds = queue.visibilitySeconds, queueAt } = receiving;
  expire(queue, now);
  const received: QueuedMessage[] = [];
  let bytes = 0;
  for (const message of Array.from(queue.messages)) {
    if (received.length >= most || bytes >= mostBytes) break;
    if (message.visibleAt > now) continue;
    if (queue.redrive !== undefined && message.receives >= queue.redrive.maxReceiveCount) {
      moveAside(queue, message, queueAt(queue.redrive.deadLetterArn));
      continue;
    }
    message.receives += 1;
    message.firstReceivedAt ??= now;
    message.visibleAt = after(now, visibilitySeconds);
    message.receiptHandle = receiptOf(message);
    received.push(message);
    bytes += Buffer.byteLength(message.body);
  }
  return received;
}

/** Deletes by the handle of the last receipt. One that is older, or of a message that is gone, is accepted and does nothing. */
export function deleteFrom(queue: SimulatedQueue, receiptHandle: string): void {
  const at = queue.messages.findIndex((message) => message.receiptHandle === receiptHandle);
  if (at < 0) return;
  if (queue.forgottenDeletes > 0) queue.forgottenDeletes -= 1;
  else queue.messages.splice(at, 1);
}

export function visibleIn({ messages }: SimulatedQueue, now: Date): readonly QueuedMessage[] {
  return messages.filter(({ visibleAt }) => visibleAt <= now);
}

/** What is older than the queue keeps. Its age goes on counting among the dead letters. */
export function expire(queue: SimulatedQueue, now: Date): void {
  const oldest = now.getTime() - queue.retentionSeconds * 1000;
  const isKept = ({ sentAt }: QueuedMessage) => sentAt.getTime() > oldest;
  if (queue.messages.every(isKept)) return;
  const kept = queue.messages.filter(isKept);
  queue.messages.splice(0, queue.messages.length, ...kept);
}

function moveAside(queue: SimulatedQueue, message: QueuedMessage, deadLetters: SimulatedQueue | undefined): void {
  // Where the dead letters' queue is gone, the message stays and is received on.
  if (deadLetters === undefined) return;
  queue.messages.splice(queue.messages.indexOf(message), 1);
  deadLetters.messages.push({ ...message, receives: 0, receiptHandle: undefined });
}

function receiptOf({ id, receives }: QueuedMessage): string {
  return createHash("sha256").update(`${id} ${receives}`).digest("base64");
}

function after(at: Date, seconds: number): Date {
  return new Date(at.getTime() + seconds * 1000);
}
