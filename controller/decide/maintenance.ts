import type { Bar, Change } from "../domain/change.ts";
import { type Maintenance, WEEKDAYS, type Weekday } from "../domain/desired.ts";
import { passesRatchet } from "../domain/effect.ts";

/** What the fleet's calendar says against a change now. */
export function maintenanceBar(change: Change, maintenance: Maintenance | undefined, now: Date): Bar | undefined {
  if (!maintenance) return undefined;
  const unasked = passesRatchet(change.effect) && change.hazards.length === 0;
  if (maintenance.holds === "weakening" && unasked) return undefined;
  const local = wallClock(now, maintenance.timeZone);
  const freeze = maintenance.freezes.find(({ from, to }) => local.minute >= from && local.minute < to);
  if (freeze)
    return {
      reason: "frozen",
      because: `changes are frozen until ${freeze.to} ${maintenance.timeZone}: ${freeze.reason}`,
      release: `wait until ${freeze.to} ${maintenance.timeZone}, or shorten the freeze in the Fleet manifest`,
    };
  const { windows, timeZone } = maintenance;
  return windows.length === 0 || windows.some((window) => isOpen(window, local))
    ? undefined
    : {
        reason: "frozen",
        because: `it is ${local.day} ${local.time} in ${timeZone}, outside every maintenance window`,
        release: `the next window: ${windows.map(({ days, from, to }) => `${days.join(" ")} ${from}–${to}`).join(", ")}`,
      };
}

/** A moment as the clocks of a zone show it: texts that compare in order of time. */
interface WallClock {
  readonly day: Weekday;
  /** HH:MM. */
  readonly time: string;
  /** YYYY-MM-DDTHH:MM. */
  readonly minute: string;
}

function wallClock(now: Date, timeZone: string): WallClock {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const part = new Map(format.formatToParts(now).map(({ type, value }) => [type, value]));
  const time = `${part.get("hour")}:${part.get("minute")}`;
  const day = WEEKDAYS.find((one) => one === part.get("weekday")?.toLowerCase()) ?? "mon";
  return { day, time, minute: `${part.get("year")}-${part.get("month")}-${part.get("day")}T${time}` };
}

/** One that ends no later than it begins goes on into the next day. */
function isOpen({ days, from, to }: Maintenance["windows"][number], { day, time }: WallClock): boolean {
  const yesterday = WEEKDAYS[(WEEKDAYS.indexOf(day) + 6) % 7]!;
  if (from < to) return days.includes(day) && time >= from && time < to;
  return (days.includes(day) && time >= from) || (days.includes(yesterday) && time < to);
}
