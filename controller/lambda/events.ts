import type { Target } from "../domain/identity.ts";
import { HoldfastError } from "../domain/errors.ts";
import { metricsOfFailure } from "../metrics/of-failure.ts";
import type { Run } from "../ports.ts";
import { isStandalone } from "../settings.ts";
import { VERSION } from "../version.ts";
import type { Attending } from "./attend.ts";
import { codeDigest } from "./code-digest.ts";
import { type BatchAnswer, takeBatch } from "./event-batch.ts";
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
      const { answer, metrics } = await takeBatch(event, { log, open: () => open(run, context, meter) });
      meter.note(metrics);
      return answer;
    } catch (error) {
      const code = error instanceof HoldfastError ? error.code : "internal";
      meter.note(metricsOfFailure(code));
      logger.error("events-failed", { code, error: error as Error });
      throw error;
    }
  });
}

async function open(id: string, context: LambdaContext, { traffic }: Meter): Promise<Attending> {
  const { settings, world, deadline } = await openWorld(context, { imageDigest, traffic });
  const runOver = (targets: readonly Target[]): Run => ({
    id,
    trigger: "event",
    scope: { targets },
    deadline,
    reporter: { id: "holdfast/lambda", version: VERSION },
    standalone: isStandalone(settings),
  });
  return { world, runOver, deadline };
}
