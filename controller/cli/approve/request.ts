import { HoldfastError } from "../../domain/errors.ts";
import type { Invocation } from "../invocation.ts";

/** What a person asks `holdfast approve` for. */
export interface Request {
  /** Ids of changes and of groups. */
  readonly ids: readonly string[];
  /** ARNs of recovery points that may go although they are the last of their resource. */
  readonly lastPoints: readonly string[];
  /** Policies whose expired points may go whenever they are announced. */
  readonly standing: readonly string[];
  readonly reason: string;
  readonly ticket?: string;
  /** The last day (UTC) on which it holds. */
  readonly expires: string;
  readonly name?: string;
}

const DAY_MS = 86_400_000;
/** A day is valid to its end, and no approval lives for more than 30 days (rule 7). */
const MOST_DAYS = 29;
const USUAL_DAYS = 14;

export function requestOf({ flags, operands }: Invocation, now: Date): Request {
  const { lastPoint = [], standing, reason = "", ticket, name } = flags;
  if (operands.length + lastPoint.length === 0 && standing === undefined)
    throw refused(
      "nothing says what to approve: give ids of changes or groups as a plan or a report prints them, --last-point or --standing",
    );
  if (reason.trim() === "") throw refused("--reason is empty: it goes into the report of every use");
  return {
    ids: [...new Set(operands)],
    lastPoints: [...new Set(lastPoint)],
    standing: standing === undefined ? [] : [standing],
    reason,
    ...(ticket === undefined ? {} : { ticket }),
    expires: lastDay(flags, now),
    ...(name === undefined ? {} : { name }),
  };
}

function lastDay({ expires, for: duration }: Invocation["flags"], now: Date): string {
  if (expires !== undefined && duration !== undefined)
    throw refused("--expires and --for say the same thing in two ways: give one of them");
  if (expires === undefined) return dayAfter(now, daysIn(duration ?? `${USUAL_DAYS}d`));
  if (!/^\d{4}-\d\d-\d\d$/.test(expires) || Number.isNaN(Date.parse(expires)))
    throw refused(`--expires ${expires} is not a day: write it as ${dayAfter(now, USUAL_DAYS)}`);
  if (expires < dayAfter(now, 0)) throw refused(`--expires ${expires} has passed: today is ${dayAfter(now, 0)} (UTC)`);
  if (expires > dayAfter(now, MOST_DAYS))
    throw refused(
      `--expires ${expires} is too far ahead: the last day it may name today is ${dayAfter(now, MOST_DAYS)}`,
    );
  return expires;
}

function daysIn(duration: string): number {
  const days = Number(/^([1-9]\d?)d$/.exec(duration)?.[1] ?? 0);
  if (days < 1 || days > MOST_DAYS) throw refused(`--for ${duration} is not a number of days from 1d to ${MOST_DAYS}d`);
  return days;
}

const dayAfter = (now: Date, days: number): string =>
  new Date(now.getTime() + days * DAY_MS).toISOString().slice(0, 10);

export const refused = (message: string): HoldfastError => new HoldfastError("setting-refused", message);
