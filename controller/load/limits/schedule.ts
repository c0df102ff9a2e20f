import type { Path } from "../located.ts";
import { refuse, type Limit } from "./limit.ts";

interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
  /** What else a field may hold, beside numbers, names, ranges, lists and steps. */
  readonly also?: RegExp;
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** AWS's six fields (semantics §2.3); weekdays count from 1, Sunday. */
const FIELDS: readonly Field[] = [
  { name: "minutes", from: 0, to: 59 },
  { name: "hours", from: 0, to: 23 },
  { name: "day-of-month", from: 1, to: 31, also: /^(\?|L|LW|\d{1,2}W)$/ },
  { name: "month", from: 1, to: 12, names: MONTHS },
  { name: "day-of-week", from: 1, to: 7, names: DAYS, also: /^(\?|L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5]))$/ },
  { name: "year", from: 1970, to: 2199 },
];

const EXAMPLE = "cron(0 5 ? * * *) runs every day at 05:00";

/** Whether AWS would take a schedule: its form, each field, one `?`, and not more often than hourly. */
export function* scheduleLimits(path: Path, expression: string): Generator<Limit> {
  const inner = /^cron\((.*)\)$/.exec(expression)?.[1];
  if (inner === undefined) {
    yield refuse(path, `must be cron(minutes hours day-of-month month day-of-week year); found ${expression}`, EXAMPLE);
    return;
  }
  const texts = inner.trim().split(/\s+/);
  if (texts.length !== FIELDS.length) {
    yield refuse(path, `has ${texts.length} fields, and AWS's cron has six: the last is the year`, EXAMPLE);
    return;
  }
  for (const [index, field] of FIELDS.entries()) {
    const wrong = faultIn(texts[index] ?? "", field);
    if (wrong !== undefined) yield refuse(path, `has ${field.name} ${texts[index]}: ${wrong}`, EXAMPLE);
  }
  if ((texts[2] === "?") === (texts[4] === "?"))
    yield refuse(path, "needs ? in one of day-of-month and day-of-week, and a value in the other", EXAMPLE);
  if (isOftenerThanHourly(texts[0] ?? ""))
    yield refuse(path, "runs more often than hourly, which AWS Backup does not", "give one minute: cron(0 * ? * * *)");
}

function faultIn(text: string, field: Field): string | undefined {
  if (field.also?.test(text.toUpperCase())) return undefined;
  for (const part of text.toUpperCase().split(",")) {
    const [range = "", step, ...more] = part.split("/");
    if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step)))
      return `${part} is not a step such as 0/12`;
    const ends = range.split("-");
    if (range !== "*" && (ends.length > 2 || ends.some((end) => !isIn(end, field))))
      return `${range} is not within ${field.from}-${field.to}`;
  }
  return undefined;
}

const isIn = (text: string, { from, to, names }: Field): boolean =>
  names?.includes(text) === true || (/^\d+$/.test(text) && Number(text) >= from && Number(text) <= to);

const isOftenerThanHourly = (minutes: string): boolean => {
  const step = /^(?:\*|\d+)\/(\d+)$/.exec(minutes)?.[1];
  return step === undefined ? /[*,-]/.test(minutes) : Number(step) < 60;
};

/** Whether it runs on every day there is: then no two runs are more than a day or so apart. */
export function runsDaily(expression: string): boolean {
  const [, , day, month, weekday, year] = expression
    .replace(/^cron\(\s*/, "")
    .replace(/\s*\)$/, "")
    .split(/\s+/);
  return [day, month, weekday, year].every((field) => field === "*" || field === "?");
}

/** IANA names only: AWS takes no offsets. */
export function* timezoneLimits(path: Path, timezone: string): Generator<Limit> {
  if (!isTimezone(timezone))
    yield refuse(path, `must be an IANA time zone; found ${timezone}`, "Europe/Berlin and Etc/UTC are some");
}

function isTimezone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch (error) {
    if (error instanceof RangeError) return false; // the runtime's own word for a zone it does not know
    throw error;
  }
}
