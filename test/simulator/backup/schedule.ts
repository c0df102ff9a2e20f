/**
 * Schedules of plan rules: AWS cron (`cron(minutes hours day-of-month month day-of-week year)`, `?` in exactly one of the day fields,
 * days of the week 1-7 = SUN-SAT) in an IANA time zone. The calendar is croner's; what differs in AWS's spelling is translated.
 */
import { Cron } from "croner";

export const defaultSchedule = "cron(0 5 ? * * *)";
export const defaultTimezone = "Etc/UTC";

/** Inclusive upper ends of the fields: `5/10` means "from 5 to the end, every 10". */
const ends = [59, 23, 31, 12, 7, 2199] as const;
const hour = 3_600_000;

const compiled = new Map<string, Cron>();

/** What is wrong with a schedule; nothing where it is good. */
export function scheduleProblem(expression: string, timezone: string): string | undefined {
  let cron: Cron;
  try {
    cron = compile(expression, timezone);
  } catch (error) {
    return `Invalid schedule expression ${expression}: ${error instanceof Error ? error.message : String(error)}`;
  }
  const runs = cron.nextRuns(3, new Date("2026-01-01T00:00:00Z"));
  const often = runs.some((run, index) => index > 0 && run.getTime() - (runs[index - 1]?.getTime() ?? 0) < hour);
  return often ? `Schedule expression ${expression} runs more often than hourly` : undefined;
}

/** The first run after an instant, or nothing where the schedule's years are over. */
export function nextRun(expression: string, timezone: string, after: Date): Date | undefined {
  return compile(expression, timezone).nextRun(after) ?? undefined;
}

/** Whether some run falls strictly between two instants. */
export function runsBetween(expression: string, timezone: string, from: Date, to: Date): boolean {
  const run = nextRun(expression, timezone, from);
  return run !== undefined && run < to;
}

function compile(expression: string, timezone: string): Cron {
  const key = `${expression} ${timezone}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const cron = new Cron(translate(expression), { timezone, alternativeWeekdays: true, paused: true, mode: "7-part" });
  cron.nextRun();
  compiled.set(key, cron);
  return cron;
}

function translate(expression: string): string {
  const fields = /^cron\((.*)\)$/.exec(expression)?.[1]?.trim().split(/\s+/) ?? [];
  if (fields.length !== 6) throw new SyntaxError("six fields in cron(…) are needed");
  if ((fields[2] === "?") === (fields[4] === "?")) throw new SyntaxError("exactly one of the day fields must be ?");
  const translated = fields.map((field, index) => translateField(field, ends[index] ?? 0));
  if (translated[4] === "L") translated[4] = "7";
  return `0 ${translated.join(" ")}`;
}

function translateField(field: string, end: number): string {
  const items = field
    .split(",")
    .map((item) => item.replace(/^(\d+)\/(\d+)$/, (_, start, step) => `${start}-${end}/${step}`));
  return items.join(",");
}
