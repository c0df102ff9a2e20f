import { HoldfastError } from "../domain/errors.ts";
import { metricsOfFailure, metricsOfStandDown } from "../metrics/of-failure.ts";
import { metricsOfReport } from "../metrics/of-report.ts";
import { metric } from "../metrics/table.ts";
import { isStandalone } from "../settings.ts";
import { VERSION } from "../version.ts";
import { codeDigest } from "./code-digest.ts";
import { type BatchAnswer, EventBatch, leaving, readBatch, type ReadBatch } from "./event-batch.ts";
import { type Meter, metered } from "./metered.ts";
import { log, logger, openWorld, uniqueTo, type LambdaContext } from "./opening.ts";

const imageDigest = codeDigest(import.meta.url);

/**
 * What AWS Backup says happened, in batches from a queue: one run over the targets that they name, under the same lease, guardrails and report
 * as any other, which destroys nothing (rules 8, 22). What an event says is not believed: the run reads the world. Messages that stay in the
 * queue are answered; it rejects where no report could be published, so that all of them do.
 */
export async function handler(event: unknown, context: LambdaContext): Promise<BatchAnswer> {
  const run = uniqueTo(context);
  logger.appendKeys({ run });
  return metered(run, log, async (meter) => {
    try {
      const batch = EventBatch.parse(event);
      const read = readBatch(batch, log, new Date());
      const left = read.waiting.length === 0 ? [] : await attended(run, read, context, meter);
      meter.note([
        metric("EventsHandled", batch.Records.length - read.refused.length - left.length),
        metric("EventsRefused", read.refused.length),
        metric("EventsReturned", left.length),
      ]);
      return leaving([...read.refused, ...left]);
    } catch (error) {
      const code = error instanceof HoldfastError ? error.code : "internal";
      meter.note(metricsOfFailure(code));
      logger.error("events-failed", { code, error: error as Error });
      throw error;
    }
  });
}

/** Messages that are to be delivered again. */
async function attended(
  id: string,
  { waiting }: ReadBatch,
  context: LambdaContext,
  { traffic, note }: Meter,
): Promise<readonly string[]> {
  // Read when it is its turn: most of what a night's backups say takes no run (decision 10).
  const { attend } = await import("./attend.ts");
  const { settings, world, deadline } = await openWorld(context, { imageDigest, traffic });
  const { left, ended, published } = await attend(waiting, {
    world,
    deadline,
    runOver: (targets) => ({
      id,
      trigger: "event",
      scope: { targets },
      deadline,
      reporter: { id: "holdfast/lambda", version: VERSION },
      standalone: isStandalone(settings),
    }),
  });
  if (published) note(metricsOfReport({ said: published.said, nextDueBefore: published.report.chain.nextDueBefore }));
  if (ended === "stood-down") note(metricsOfStandDown());
  return left;
}
