import { countTraffic, type TrafficCount } from "../aws/traffic.ts";
import { metric, type Metric } from "../metrics/table.ts";
import type { Log } from "../ports.ts";

/** What an invocation has to count with. */
export interface Meter {
  /** For the way to AWS, which counts every call. */
  readonly traffic: TrafficCount;
  /** Of what the invocation came to; told at its end. */
  readonly note: (metrics: readonly Metric[]) => void;
}

/** Whether this instance of the function has served nobody yet. */
let cold = true;

/** Does an invocation's work and tells CloudWatch of it, also where the work throws. That it could not be told changes nothing of what was done. */
export async function metered<Answer>(run: string, log: Log, work: (meter: Meter) => Promise<Answer>): Promise<Answer> {
  const traffic = countTraffic();
  const noted: Metric[] = [metric("ColdStarts", cold ? 1 : 0)];
  cold = false;
  try {
    return await work({ traffic, note: (metrics) => void noted.push(...metrics) });
  } finally {
    const { calls, throttles } = traffic.total();
    noted.push(metric("ApiCalls", calls), metric("ApiThrottles", throttles));
    await tellRun(run, log, noted);
  }
}

/**
 * Tells CloudWatch what a run of many processes came to. None of them is the run's own for the whole of it, so that there is no time to
 * measure beside the report's, and the calls are those made in the fleet. It never rejects: what was done is done.
 */
export async function tellRun(run: string, log: Log, metrics: readonly Metric[]): Promise<void> {
  await tell(metrics, run).catch((error: unknown) =>
    log("metrics-not-told", { error: error instanceof Error ? error.message : String(error) }),
  );
}

/** Read when it is its turn: no run waits for it before it has mended what there was to mend (decision 10). */
async function tell(metrics: readonly Metric[], run: string): Promise<void> {
  const { emit } = await import("./embedded-metrics.ts");
  emit(metrics, run);
}
