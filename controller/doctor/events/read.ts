import { getQueueAttributes, getQueueUrl, listEventSourceMappings } from "../../aws/installation-operations.ts";
import type { Call } from "../../aws/operation.ts";
import { pages } from "../../aws/pages.ts";
import type { Named } from "../engine/read.ts";
import { look, lookFor, type Fact } from "../fact.ts";
import { type FunctionCall, type LiveFunction, readFunction } from "../function/read.ts";

/** What looks where AWS Backup's events say: a function, what brings it events, and where they wait. */
export interface EventWay extends Named {
  /** What calls the function by that alias. */
  readonly mappings: Fact<readonly Mapping[]>;
  /** By ARN, as the mappings name them, and whatever these move aside to; `undefined`: there is no such queue. */
  readonly queues: ReadonlyMap<string, Fact<LiveQueue | undefined>>;
}

/** An event source mapping of Lambda's. */
export interface Mapping {
  readonly id: string;
  /** ARN of the queue. */
  readonly source: string;
  /** `Enabled`, `Disabled`, or on its way to either. */
  readonly state: string;
  readonly gatheredForSeconds: number;
  /** Batches at once; `undefined`: as many as Lambda likes. */
  readonly concurrency: number | undefined;
  readonly partialFailures: boolean;
}

export interface LiveQueue {
  readonly waiting: number;
  readonly hiddenForSeconds: number;
  /** Where a message goes that was taken so often in vain. */
  readonly deadLetters: { readonly arn: string; readonly receives: number } | undefined;
}

type EventCall = FunctionCall & Call<typeof listEventSourceMappings | typeof getQueueUrl | typeof getQueueAttributes>;

/** `undefined`: the installation uses no events, as HOLDFAST_EVENTS of the controller says. */
export async function readEvents(call: EventCall, { settings }: LiveFunction): Promise<EventWay | undefined> {
  const { HOLDFAST_EVENTS: arn } = settings;
  if (arn === undefined) return undefined;
  const [live, mappings] = await Promise.all([readFunction(call, arn), readMappings(call, arn)]);
  const sources = mappings.seen ? mappings.value.map(({ source }) => source) : [];
  const queues = new Map(await readQueues(call, sources));
  const aside = [...queues.values()].flatMap((one) => (one.seen ? (one.value?.deadLetters?.arn ?? []) : []));
  return { arn, live, mappings, queues: new Map([...queues, ...(await readQueues(call, aside))]) };
}

const readMappings = (call: EventCall, FunctionName: string): Promise<Fact<readonly Mapping[]>> =>
  look(async () => {
    const found: Mapping[] = [];
    const read = async (Marker: string | undefined) => {
      const page = await call(listEventSourceMappings, { FunctionName, Marker });
      return { ...page, NextToken: page.NextMarker };
    };
    for await (const { EventSourceMappings = [] } of pages(listEventSourceMappings.name, read))
      for (const one of EventSourceMappings)
        found.push({
          id: one.UUID ?? "",
          source: one.EventSourceArn ?? "",
          state: one.State ?? "",
          gatheredForSeconds: one.MaximumBatchingWindowInSeconds ?? 0,
          concurrency: one.ScalingConfig?.MaximumConcurrency,
          partialFailures: one.FunctionResponseTypes?.includes("ReportBatchItemFailures") ?? false,
        });
    return found;
  });

const readQueues = (call: EventCall, arns: readonly string[]) =>
  Promise.all([...new Set(arns)].map(async (arn) => [arn, await readQueue(call, arn)] as const));

const readQueue = (call: EventCall, arn: string): Promise<Fact<LiveQueue | undefined>> =>
  lookFor(async () => {
    const [QueueName = "", QueueOwnerAWSAccountId] = arn.split(":").toReversed();
    const { QueueUrl } = await call(getQueueUrl, { QueueName, QueueOwnerAWSAccountId });
    const { Attributes = {} } = await call(getQueueAttributes, {
      QueueUrl,
      AttributeNames: ["ApproximateNumberOfMessages", "VisibilityTimeout", "RedrivePolicy"],
    });
    const redrive = JSON.parse(Attributes["RedrivePolicy"] ?? "{}") as RedrivePolicy;
    return {
      waiting: Number(Attributes["ApproximateNumberOfMessages"] ?? 0),
      hiddenForSeconds: Number(Attributes["VisibilityTimeout"] ?? 0),
      deadLetters:
        redrive.deadLetterTargetArn === undefined
          ? undefined
          : { arn: redrive.deadLetterTargetArn, receives: Number(redrive.maxReceiveCount) },
    };
  });

/** As SQS gives it: the number is text where it was set so. */
interface RedrivePolicy {
  readonly deadLetterTargetArn?: string;
  readonly maxReceiveCount?: number | string;
}
