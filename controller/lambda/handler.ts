import { randomBytes } from "node:crypto";
import { Logger } from "@aws-lambda-powertools/logger";
import { HoldfastError } from "../domain/errors.ts";
import type { Verdict } from "../domain/verdict.ts";
import { metricsOfFailure, metricsOfStandDown } from "../metrics/of-failure.ts";
import { metricsOfReport } from "../metrics/of-report.ts";
import type { Log } from "../ports.ts";
import { type Finished, reconcile } from "../reconcile.ts";
import { isStandalone, readSettings } from "../settings.ts";
import { VERSION } from "../version.ts";
import { createWorld } from "../world.ts";
import { codeDigest } from "./code-digest.ts";
import { type Meter, metered } from "./metered.ts";

/** As much of Lambda's context as a run needs. */
interface Context {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

export interface Answer {
  readonly run: string;
  readonly result: Verdict;
  readonly sequence?: number;
  readonly report: string;
}

/** No new work is started in the last minute: what was begun still has to be concluded, reported and published (design §9). */
const RESERVE_MS = 60_000;

/** Read once for all that an instance of the function runs. */
const imageDigest = codeDigest(import.meta.url);

const logger = new Logger({ serviceName: "holdfast" });

/**
 * The scheduled run: the whole sentence over the whole fleet, configured by HOLDFAST_* in its environment. What the event says is not
 * looked at: the world is read afresh every time. An invocation that Lambda delivers twice is two runs. Rejects when no report could be published, so that Lambda counts an error (law 10).
 */
export async function handler(_event: unknown, context: Context): Promise<Answer> {
  const run = `${context.awsRequestId}-${randomBytes(4).toString("hex")}`;
  logger.appendKeys({ run });
  return metered(run, log, async (meter) => {
    try {
      return concluded(answerOf(run, await scheduled(run, context, meter), meter));
    } catch (error) {
      const code = error instanceof HoldfastError ? error.code : "internal";
      meter.note(metricsOfFailure(code));
      logger.error("run-failed", { code, error: error as Error });
      throw error;
    }
  });
}

const log: Log = (event, fields = {}) => logger.info(event, { ...fields });

async function scheduled(id: string, context: Context, { traffic }: Meter): Promise<Finished> {
  const deadlineIn = context.getRemainingTimeInMillis() - RESERVE_MS;
  const settings = readSettings({}, process.env);
  const world = await createWorld(settings, { progress: () => {}, log, deadlineIn, imageDigest, traffic });
  return reconcile(
    {
      id,
      trigger: "schedule",
      deadline: world.clock.monotonic() + deadlineIn,
      reporter: { id: "holdfast/lambda", version: VERSION },
      standalone: isStandalone(settings),
    },
    world,
  );
}

function answerOf(run: string, finished: Finished, { note }: Meter): Answer {
  if (finished.ended === "stood-down") {
    note(metricsOfStandDown());
    return { run, result: "STOOD_DOWN", report: finished.url };
  }
  const { sequence, url, report, said } = finished.published;
  note(metricsOfReport({ said, nextDueBefore: report.chain.nextDueBefore }));
  return { run, result: report.result, sequence, report: url };
}

function concluded(answer: Answer): Answer {
  logger.info("run-concluded", { ...answer });
  return answer;
}
