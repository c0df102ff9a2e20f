import { largestGap } from "../controller/kinds/schedule.ts";
import { HoldfastError } from "../controller/domain/errors.ts";
import { LONGEST_RUN } from "./longest-run.ts";
import type { Settings } from "./settings.ts";

const HOUR_MS = 3_600_000;
const UNIT_MS: Readonly<Record<string, number>> = { minute: HOUR_MS / 60, hour: HOUR_MS, day: 24 * HOUR_MS };

/** A start that could not be delivered is tried for an hour. */
const STARTING_MS = HOUR_MS;

/**
 * Whole hours within which a report follows on another: the widest gap that the schedule has in a year, and how late a run may be. Each
 * report says so of the next one, and a reader knows when one is missing.
 */
export function nextReportHours({ schedule, engine }: Pick<Settings, "schedule" | "engine">): number {
  const { expression, timeZone, flexibleMinutes } = schedule;
  const gap = rateOf(expression) ?? largestGap({ expression, timezone: timeZone });
  if (gap === undefined || !Number.isFinite(gap))
    throw new HoldfastError(
      "setting-refused",
      `schedule.expression ${expression} in ${timeZone} does not say how often it comes round: give cron(…) for every year, or rate(…)`,
    );
  const late = flexibleMinutes * UNIT_MS["minute"]! + STARTING_MS + LONGEST_RUN[engine] * 1000;
  return Math.ceil((gap + late) / HOUR_MS);
}

function rateOf(expression: string): number | undefined {
  const [, count, unit = ""] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  return count === undefined ? undefined : Number(count) * UNIT_MS[unit]!;
}
