import { HoldfastError } from "../domain/errors.ts";
import type { Verdict } from "../domain/verdict.ts";
import { metricsOfFailure, metricsOfStandDown } from "../metrics/of-failure.ts";
import { metricsOfReport, toldBy } from "../metrics/of-report.ts";
import type { World } from "../ports.ts";
import { type Finished, reconcile } from "../reconcile.ts";
import { isStandalone } from "../settings.ts";
import { VERSION } from "../version.ts";
import { codeDigest } from "./code-digest.ts";
import type { Asked, DoctorAnswer } from "./doctor.ts";
import { foresee } from "./foresee.ts";
import { type Meter, metered } from "./metered.ts";
import { log, logger, openWorld, timeLeft, uniqueTo, type LambdaContext } from "./opening.ts";

export type Answer =
  | { readonly run: string; readonly result: Verdict; readonly sequence?: number; readonly report: string | null }
  /** A durable execution carries the run from here on: the coordinator with this ARN. */
  | { readonly run: string; readonly handedTo: string };

/** Read once for all that an instance of the function runs. */
const imageDigest = codeDigest(import.meta.url);

/**
 * The scheduled run: the whole sentence over the whole fleet, configured by HOLDFAST_* in its environment. What the event says of the
 * world is not looked at: it is read afresh every time. Only `{"doctor": …}` asks for something else, which changes nothing. An invocation
 * that Lambda delivers twice is two runs. A run that one function would not be through with in time is handed over to the coordinator, where
 * there is one. Rejects when no report could be published, so that Lambda counts an error (law 10).
 */
export async function handler(event: unknown, context: LambdaContext): Promise<Answer | DoctorAnswer> {
  const asked = doctorAsked(event);
  if (asked !== undefined) {
    const { doctorInside } = await import("./doctor.ts");
    return doctorInside(asked, process.env, { log, deadlineIn: timeLeft(context) });
  }
  const run = uniqueTo(context);
  logger.appendKeys({ run });
  return metered(run, log, async (meter) => {
    try {
      return concluded(await scheduled(run, context, meter));
    } catch (error) {
      const code = error instanceof HoldfastError ? error.code : "internal";
      meter.note(metricsOfFailure(code));
      logger.error("run-failed", { code, error: error as Error });
      throw error;
    }
  });
}

const doctorAsked = (event: unknown): Asked | undefined => {
  const asked = typeof event === "object" && event !== null && "doctor" in event ? event.doctor : undefined;
  return asked === true || typeof asked === "string" ? asked : undefined;
};

async function scheduled(id: string, context: LambdaContext, meter: Meter): Promise<Answer> {
  const { settings, world, deadline } = await openWorld(context, { imageDigest, traffic: meter.traffic });
  const coordinator = process.env["HOLDFAST_COORDINATOR"];
  const tooLarge = await tooLargeFor(world);
  if (tooLarge !== undefined && coordinator) {
    await world.coordinators.start(coordinator, id);
    return { run: id, handedTo: coordinator };
  }
  const run = {
    id,
    trigger: "schedule",
    deadline,
    reporter: { id: "holdfast/lambda", version: VERSION },
    standalone: isStandalone(settings),
    ...(tooLarge === undefined ? {} : { limitations: [`${tooLarge} ${NO_COORDINATOR}`] }),
  } as const;
  return answerOf(id, await reconcile(run, world), meter);
}

/** Why one process may not be enough for the next run; undefined where it is. */
async function tooLargeFor(world: World): Promise<string | undefined> {
  const foreseen = await foresee(world);
  if (foreseen?.engine !== "durable") return undefined;
  log("durable-engine-due", { because: foreseen.because });
  return `One function may not be through with the fleet in time: ${foreseen.because}.`;
}

const NO_COORDINATOR =
  "What it does not come to is left to the next run: set engine to durable in the hub stack's settings and deploy it.";

function answerOf(run: string, finished: Finished, { note }: Meter): Answer {
  if (finished.ended === "stood-down") {
    note(metricsOfStandDown());
    return { run, result: "STOOD_DOWN", report: finished.url };
  }
  const { sequence, url, report } = finished.published;
  note(metricsOfReport(toldBy(finished.published)));
  return { run, result: report.result, sequence, report: url };
}

function concluded(answer: Answer): Answer {
  logger.info("handedTo" in answer ? "run-handed-over" : "run-concluded", { ...answer });
  return answer;
}
