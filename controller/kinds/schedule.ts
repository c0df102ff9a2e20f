import { Cron } from "croner";
import type { Effect } from "../domain/effect.ts";

/** What AWS fills in where a rule has no schedule of its own (semantics §2.2). */
export const DEFAULT_SCHEDULE = { expression: "cron(0 5 ? * * *)", timezone: "Etc/UTC" } as const;

export interface Schedule {
  readonly expression: string;
  readonly timezone: string;
}

/**
 * Runs are looked at over one fixed year, so that the same two schedules compare alike on every day: 366 days from the
 * start of a leap year (rule 13), so that a schedule which needs 29 February is seen to run at all.
 */
const START = Date.UTC(2028, 0, 1);
const END = START + 366 * 86_400_000;

/**
 * What moving from one schedule to another does to protection: the largest gap between two runs is the most work that can be
 * lost. Where a gap cannot be told, on either side, the change counts as weakening.
 */
export function scheduleEffect(live: Schedule, desired: Schedule): Effect {
  if (live.expression === desired.expression && live.timezone === desired.timezone) return "neutral";
  const [from, to] = [largestGap(live), largestGap(desired)];
  if (from === undefined || to === undefined) return "weakens";
  // Two schedules that both end, or never run, differ in ways a gap does not show.
  if (from === Infinity && to === Infinity) return "weakens";
  return to < from ? "strengthens" : to > from ? "weakens" : "neutral";
}

/**
 * The largest gap between runs, in milliseconds, over 366 days; a run that the year ends on counts to the next one, so a yearly
 * schedule has a gap of a year. Infinity: it stops running some day. Undefined: not a schedule we can read (`rate(…)`, for one).
 */
export function largestGap({ expression, timezone }: Schedule): number | undefined {
  const known = `${timezone} ${expression}`;
  if (!gaps.has(known)) gaps.set(known, measure(expression, timezone));
  return gaps.get(known);
}

/** When a schedule runs next. Undefined: not a schedule we can read, or one that has ended or is bound to years. */
export function nextRun({ expression, timezone }: Schedule, now: Date): Date | undefined {
  const fields = cronFields(expression);
  if (!fields || (fields.year !== "*" && fields.year !== "?")) return undefined;
  try {
    return cronOf(fields, timezone).nextRun(now) ?? undefined;
  } catch {
    return undefined;
  }
}

/** The period that a schedule is in: milliseconds between the two runs that follow a moment. Undefined: as for the next run. */
export function periodAt(schedule: Schedule, now: Date): number | undefined {
  const next = nextRun(schedule, now);
  const after = next && nextRun(schedule, next);
  return after && after.getTime() - next.getTime();
}

/** An hourly schedule takes half a second to walk through, and a fleet has few schedules: each is measured once a process. */
const gaps = new Map<string, number | undefined>();

function measure(expression: string, timezone: string): number | undefined {
  const fields = cronFields(expression);
  if (!fields) return undefined;
  try {
    const { year } = fields;
    const gap = widest(cronOf(fields, timezone));
    return year === "*" || year === "?" ? gap : Infinity;
  } catch {
    // Not a cron or not a time zone croner knows: "cannot be told" is this function's answer to that, and is judged cautiously.
    return undefined;
  }
}

const cronOf = (
  { minute, hour, day, month, weekday }: NonNullable<ReturnType<typeof cronFields>>,
  timezone: string,
): Cron =>
  new Cron([minute, hour, day, month, weekday].join(" "), {
    mode: "5-part",
    timezone,
    alternativeWeekdays: true, // AWS counts weekdays as Quartz does: 1 is Sunday (semantics §2.3)
    sloppyRanges: true, // `0/12` is AWS's way to say "every 12 from 0"
    paused: true,
  });

function widest(cron: Cron): number {
  let gap = 0;
  let at = cron.nextRun(new Date(START - 1));
  if (at === null) return Infinity;
  while (at.getTime() < END) {
    const next = cron.nextRun(at);
    if (next === null) return Infinity;
    gap = Math.max(gap, next.getTime() - at.getTime());
    at = next;
  }
  return gap === 0 ? Infinity : gap;
}

const SHAPE =
  /^cron\(\s*(?<minute>\S+)\s+(?<hour>\S+)\s+(?<day>\S+)\s+(?<month>\S+)\s+(?<weekday>\S+)\s+(?<year>\S+)\s*\)$/;

/** The six fields of an AWS cron. One of the two day fields must be `?` (semantics §2.3); a lone L is the week's last day. */
function cronFields(expression: string) {
  const groups = SHAPE.exec(expression)?.groups;
  if (!groups) return undefined;
  const { minute = "", hour = "", day = "", month = "", weekday = "", year = "" } = groups;
  if (day !== "?" && weekday !== "?") return undefined;
  return { minute, hour, day, month, weekday: weekday === "L" ? "7" : weekday, year };
}
