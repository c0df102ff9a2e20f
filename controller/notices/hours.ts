import type { Concern } from "../domain/concern.ts";
import type { Route } from "../domain/notifications.ts";
import { isWithin, wallClock } from "../domain/wall-clock.ts";

/** Whether a route is to be left in peace with something now. */
export function isQuiet({ quietHours }: Route, now: Date, about?: Pick<Concern, "severity">): boolean {
  if (!quietHours || !isWithin(quietHours, wallClock(now, quietHours.timeZone))) return false;
  return quietHours.holds === "everything" || about?.severity !== "critical";
}

/**
 * The local minute that the newest digest was due at, today's or yesterday's; undefined where there is none. Wall clocks name each day once,
 * whatever a change of the clocks does to its hours.
 */
export function digestDue({ digest }: Route, now: Date): string | undefined {
  if (!digest) return undefined;
  const { minute, time } = wallClock(now, digest.timeZone);
  const today = minute.slice(0, 10);
  return `${time >= digest.at ? today : dayBefore(today)}T${digest.at}`;
}

const dayBefore = (day: string): string => new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
