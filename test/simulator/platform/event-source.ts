/**
 * What Lambda does between a queue and a function: an event source mapping (Lambda Developer Guide, "Using Lambda with Amazon SQS",
 * "Configuring scaling behavior", "Handling errors for an SQS event source"). The function is whatever it is given.
 */
import { decide, type Need } from "../iam/authorize.ts";
import { asRole } from "../iam/services.ts";
import { callerOf } from "../perform.ts";
import type { World } from "../world.ts";
import { queueOf } from "./at.ts";
import { deleteFrom, receiveFrom, type QueuedMessage, type SimulatedQueue } from "./queue.ts";
import { md5, systemAttributes } from "./sqs.ts";

export interface EventSourceMapping {
  /** Of the queue. */
  readonly arn: string;
  /** Default 10. More than 10 takes a batching window. */
  readonly batchSize?: number;
  /** How long it waits for a batch to fill. Default 0. */
  readonly maximumBatchingWindowSeconds?: number;
  /** The function's answer names what failed; otherwise a batch fails as a whole or not at all. */
  readonly reportBatchItemFailures?: boolean;
  /** Batches at once. Default 1, as of a function with a reserved concurrency of one. */
  readonly maximumConcurrency?: number;
  /** The function's role, which polls: what it may not do stops the test. Absent: nobody asks. */
  readonly roleArn?: string;
}

/** As the function gets it. */
export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, unknown>>;
  readonly md5OfBody: string;
  readonly eventSource: "aws:sqs";
  readonly eventSourceARN: string;
  readonly awsRegion: string;
}

export interface SqsEvent {
  readonly Records: readonly SqsRecord[];
}

type Handler = (event: SqsEvent) => Promise<unknown>;

/** One call of the function. */
export interface Invoked {
  readonly at: Date;
  readonly records: readonly SqsRecord[];
  /** Ids of messages that stay in the queue, hidden until their visibility timeout ends. */
  readonly failed: readonly string[];
  /** What the function threw, or what was wrong with its answer. */
  readonly error: unknown;
}

export interface EventSource {
  /** Calls the function with all that is visible, batch by batch, until nothing is. */
  readonly poll: (handler: Handler) => Promise<readonly Invoked[]>;
}

/** The payload of a call at most. */
const mostBytes = 6 * 2 ** 20;

export function eventSource(world: World, mapping: EventSourceMapping): EventSource {
  const { arn, batchSize = 10, maximumBatchingWindowSeconds: window = 0, maximumConcurrency = 1 } = mapping;
  if (batchSize > 10_000 || window > 300) throw new RangeError("a batch has at most 10,000 messages and 300 seconds");
  if (batchSize > 10 && window < 1) throw new RangeError("a batch of more than 10 messages takes a window of a second");
  const queue = queueOf(world, arn);
  if (queue === undefined) throw new RangeError(`there is no queue ${arn}`);
  const source = { world, queue, arn };

  const invoke = async (batch: readonly QueuedMessage[], handler: Handler): Promise<Invoked> => {
    const records = batch.map((message) => recordOf(message, arn));
    const at = world.clock.now();
    const { failed, error } = await outcomeOf(records, handler, mapping.reportBatchItemFailures ?? false);
    for (const { id, receiptHandle = "" } of batch) if (!failed.includes(id)) deleteFrom(queue, receiptHandle);
    return { at, records, failed, error };
  };

  return {
    poll: async (handler) => {
      checkRole(world, mapping);
      const invoked: Invoked[] = [];
      for (;;) {
        const batches: QueuedMessage[][] = [];
        while (batches.length < maximumConcurrency) {
          const batch = takeBatch(source, batchSize, window);
          if (batch.length === 0) break;
          batches.push(batch);
        }
        if (batches.length === 0) return invoked;
        invoked.push(...(await Promise.all(batches.map((batch) => invoke(batch, handler)))));
      }
    },
  };
}

interface Source {
  readonly world: World;
  readonly queue: SimulatedQueue;
  readonly arn: string;
}

/** What is visible, and where that does not fill a batch, what comes within the window. */
function takeBatch({ world, queue }: Source, size: number, windowSeconds: number): QueuedMessage[] {
  const batch: QueuedMessage[] = [];
  /** Whether there is room for no more. */
  const fill = (): boolean => {
    const bytes = () => batch.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0);
    const room = { most: size - batch.length, mostBytes: mostBytes - bytes() };
    batch.push(...receiveFrom(queue, { ...room, now: world.clock.now(), queueAt: (arn) => queueOf(world, arn) }));
    return batch.length === size || bytes() >= mostBytes;
  };
  const isFull = fill();
  if (isFull || batch.length === 0 || windowSeconds === 0) return batch;
  world.clock.advance(windowSeconds * 1000);
  fill();
  return batch;
}

function recordOf(message: QueuedMessage, arn: string): SqsRecord {
  return {
    messageId: message.id,
    receiptHandle: message.receiptHandle ?? "",
    body: message.body,
    attributes: systemAttributes(message),
    messageAttributes: Object.fromEntries(
      Object.entries(message.attributes).map(([name, { DataType: dataType, StringValue: stringValue }]) => [
        name,
        { dataType, stringValue, stringListValues: [], binaryListValues: [] },
      ]),
    ),
    md5OfBody: md5(message.body),
    eventSource: "aws:sqs",
    eventSourceARN: arn,
    awsRegion: arn.split(":")[3] ?? "",
  };
}

/** An exception fails the whole batch, and so does an answer that makes no sense; an empty one is success. */
async function outcomeOf(
  records: readonly SqsRecord[],
  handler: Handler,
  reportsFailures: boolean,
): Promise<Pick<Invoked, "failed" | "error">> {
  const ids = records.map(({ messageId }) => messageId);
  try {
    // As it travels.
    const answer: unknown = JSON.parse(JSON.stringify((await handler({ Records: records })) ?? null));
    if (!reportsFailures) return { failed: [], error: undefined };
    const failed = failuresIn(answer, ids);
    return failed === undefined
      ? { failed: ids, error: new Error(`an answer that Lambda does not understand: ${JSON.stringify(answer)}`) }
      : { failed, error: undefined };
  } catch (error) {
    return { failed: ids, error };
  }
}

/** Undefined where the answer names what is not in the batch, or nothing at all where a name should be. */
function failuresIn(answer: unknown, ids: readonly string[]): readonly string[] | undefined {
  const listed = (answer as { readonly batchItemFailures?: unknown } | null)?.batchItemFailures ?? [];
  if (!Array.isArray(listed)) return undefined;
  const named = listed.map((one: unknown) => (one as { readonly itemIdentifier?: unknown } | null)?.itemIdentifier);
  return named.every((id) => typeof id === "string" && ids.includes(id)) ? (named as string[]) : undefined;
}

/** A role that may not poll makes a mapping that does nothing, for ever. */
function checkRole(world: World, { arn, roleArn }: EventSourceMapping): void {
  if (roleArn === undefined) return;
  const [, , , region = "", account = ""] = arn.split(":");
  const identity = asRole(world.iam, "lambda.amazonaws.com", roleArn, {});
  if (identity === undefined) throw new Error(`Lambda cannot assume the role ${roleArn}`);
  const { common } = callerOf(world, identity, region);
  const policy = { document: queueOf(world, arn)?.policy, owner: account, rule: "either" } as const;
  for (const action of ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]) {
    const need: Need = { action, resource: arn, policy };
    const decision = decide(need, identity, common);
    world.options.judged(need, identity, common, decision);
    if (decision !== "allowed") throw new Error(`the role ${roleArn} may not ${action} on ${arn}`);
  }
}
