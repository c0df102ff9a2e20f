import * as z from "zod";
import { readEvent } from "../events/read-event.ts";
import type { Waiting } from "../events/triage.ts";
import { metricsOfStandDown } from "../metrics/of-failure.ts";
import { metricsOfReport, toldBy } from "../metrics/of-report.ts";
import { metric, type Metric } from "../metrics/table.ts";
import type { Log } from "../ports.ts";
import type { Attended, Attending } from "./attend.ts";

/** As much of what SQS hands to a function as we need (Lambda Developer Guide, "Using Lambda with Amazon SQS"). */
const EventBatch = z.object({
  Records: z.array(
    z.object({
      messageId: z.string(),
      body: z.string(),
      /** Milliseconds of the epoch, as text. */
      attributes: z.object({ SentTimestamp: z.coerce.number().int() }),
    }),
  ),
});
type EventBatch = z.infer<typeof EventBatch>;

/** What Lambda is answered: these messages stay in the queue, all others are deleted. */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export interface Taking {
  readonly log: Log;
  /** Opened only for a batch that has something to look at. */
  readonly open: () => Promise<Attending>;
}

export interface Taken {
  readonly answer: BatchAnswer;
  readonly metrics: readonly Metric[];
  /** Absent: no message said where to look. */
  readonly attended?: Attended;
}

/** Takes a batch as SQS hands it over. Rejects where it is none, or where what it points to could not be reported: all of it comes again. */
export async function takeBatch(event: unknown, { log, open }: Taking): Promise<Taken> {
  const batch = EventBatch.parse(event);
  const { waiting, refused } = readBatch(batch, log);
  const attended = waiting.length === 0 ? undefined : await attendTo(waiting, open);
  const left = [...refused, ...(attended?.left ?? [])];
  return {
    answer: { batchItemFailures: left.map((itemIdentifier) => ({ itemIdentifier })) },
    metrics: [
      metric("EventsHandled", batch.Records.length - left.length),
      metric("EventsRefused", refused.length),
      metric("EventsReturned", left.length - refused.length),
      ...(attended ? metricsOf(attended) : []),
    ],
    ...(attended ? { attended } : {}),
  };
}

/** Read when it is its turn: most of what a night's backups say takes no run (decision 10). */
async function attendTo(waiting: readonly Waiting[], open: Taking["open"]): Promise<Attended> {
  const { attend } = await import("./attend.ts");
  return attend(waiting, await open());
}

function metricsOf({ ended, published }: Attended): readonly Metric[] {
  if (published) return metricsOfReport(toldBy(published));
  return ended === "stood-down" ? metricsOfStandDown() : [];
}

interface ReadBatch {
  /** Messages that say where to look. */
  readonly waiting: readonly Waiting[];
  /** Messages that nobody can make anything of: delivered a few times more, and then among the dead letters. */
  readonly refused: readonly string[];
}

/** Tells a batch's messages apart, each by itself: one that cannot be read keeps no other from being heard. */
function readBatch({ Records }: EventBatch, log: Log): ReadBatch {
  const waiting: Waiting[] = [];
  const refused: string[] = [];
  for (const { messageId: message, body, attributes } of Records) {
    const reading = readEvent(body);
    if (reading.says === "refused") {
      log("event-refused", { message, reason: reading.reason, because: reading.because });
      refused.push(message);
    } else if (reading.says === "look") {
      // Never when it says that it happened: one that is played again from the archive was queued long after, and a clock may be wrong.
      waiting.push({ message, event: reading.event, since: new Date(attributes.SentTimestamp) });
    }
  }
  log("events-read", { messages: Records.length, look: waiting.length, refused: refused.length });
  return { waiting, refused };
}
