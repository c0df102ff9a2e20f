import * as z from "zod";
import { readEvent } from "../events/read-event.ts";
import type { Waiting } from "../events/triage.ts";
import type { Log } from "../ports.ts";

/** As much of what SQS hands to a function as we need (Lambda Developer Guide, "Using Lambda with Amazon SQS"). */
export const EventBatch = z.object({
  Records: z.array(
    z.object({
      messageId: z.string(),
      body: z.string(),
      /** Milliseconds of the epoch. */
      attributes: z.object({ SentTimestamp: z.coerce.number().int() }).partial().catch({}),
    }),
  ),
});
export type EventBatch = z.infer<typeof EventBatch>;

/** What Lambda is answered: these messages stay in the queue, all others are deleted. */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export const leaving = (messages: readonly string[]): BatchAnswer => ({
  batchItemFailures: messages.map((itemIdentifier) => ({ itemIdentifier })),
});

export interface ReadBatch {
  /** Messages that say where to look. */
  readonly waiting: readonly Waiting[];
  /** Messages that nobody can make anything of: delivered a few times more, and then among the dead letters. */
  readonly refused: readonly string[];
}

/** Tells a batch's messages apart, each by itself: one that cannot be read keeps no other from being heard. */
export function readBatch({ Records }: EventBatch, log: Log, now: Date): ReadBatch {
  const waiting: Waiting[] = [];
  const refused: string[] = [];
  let nothing = 0;
  for (const { messageId: message, body, attributes } of Records) {
    const reading = readEvent(body);
    if (reading.says === "refused") {
      log("event-refused", { message, reason: reading.reason, because: reading.because });
      refused.push(message);
    } else if (reading.says === "look") {
      const { event } = reading;
      waiting.push({ message, event, since: later(event.on, attributes.SentTimestamp, now) });
    } else nothing += 1;
  }
  log("events-read", { messages: Records.length, look: waiting.length, nothing, refused: refused.length });
  return { waiting, refused };
}

/** One that was held up on its way, or is played again from the archive, was queued long after it was said. */
function later(on: Date | undefined, sent: number | undefined, now: Date): Date {
  const queued = sent === undefined ? now.getTime() : sent;
  return new Date(Math.max(on?.getTime() ?? queued, queued));
}
