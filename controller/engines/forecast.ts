import { RATES } from "../aws/pacing.ts";
import type { Report } from "../domain/report.ts";

/** What the next run will have to do, as far as the last one shows. */
export interface Workload {
  /** Calls over the whole fleet, by rate class. */
  readonly calls: Readonly<Record<string, number>>;
  /** Recovery points streamed, and those of the biggest vault. */
  readonly points: number;
  readonly biggestVault: number;
}

export interface Forecast {
  readonly engine: "inline" | "durable";
  /** For people: what was expected, and why that engine. */
  readonly because: string;
}

/** A function lives for fifteen minutes. Half is left for what nobody can foresee: throttles, a day of many changes. */
const MOST_SECONDS = 8 * 60;
/** Pages of one window follow each other: a vault of so many points may take a function's life by itself. */
const MOST_POINTS = 250_000;
/** Targets worked on side by side, unless the Fleet says otherwise. More would only make a run shorter than foreseen. */
const SIDE_BY_SIDE = 8;
/** A page of a thousand points, from asking to having it (infra §4.2). Seconds. */
const PAGE_SECONDS = 0.5;
const POINTS_A_PAGE = 1_000;

/** Whether one function will be through with it in time (infra §4.1). */
export function forecast({ calls, points, biggestVault }: Workload): Forecast {
  const paced = (["list", "get", "slow", "delete-point"] as const).map((pace) => (calls[pace] ?? 0) / RATES[pace]);
  const total = Object.values(calls).reduce((sum, count) => sum + count, 0) / RATES.all;
  const seconds = (Math.max(...paced, total) + (points / POINTS_A_PAGE) * PAGE_SECONDS) / SIDE_BY_SIDE;
  if (biggestVault >= MOST_POINTS)
    return { engine: "durable", because: `one vault holds ${biggestVault} recovery points` };
  return judged(seconds, "as the last report's calls show");
}

/** A first run's targets: some 55 reads, ten writes at five a second, and another look (infra §4.3). Seconds each. */
const FIRST_SECONDS = 8;

/** What to expect where no report tells: by the number of targets alone, each taking as long as one that has everything made in it. */
export const firstForecast = (targets: number): Forecast =>
  judged((targets * FIRST_SECONDS) / SIDE_BY_SIDE, `for a first run over ${targets} targets`);

const judged = (seconds: number, how: string): Forecast => ({
  engine: seconds < MOST_SECONDS ? "inline" : "durable",
  because: `some ${Math.ceil(seconds)} s of work are expected, ${how}`,
});

/** What a report remembers of the last run over the whole fleet. Undefined where there was none that came as far as to count its calls. */
export function workloadOf({ carried: { calls } }: Pick<Report, "carried">): Workload | undefined {
  if (calls === null) return undefined;
  const { perClass, points } = calls;
  return { calls: perClass, points: points?.all ?? 0, biggestVault: points?.biggestVault ?? 0 };
}
