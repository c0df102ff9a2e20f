import { WEEKDAYS, type Weekday } from "./weekdays.ts";

/** A moment as the clocks of a zone show it: texts that compare in order of time. */
export interface WallClock {
  readonly day: Weekday;
  /** HH:MM. */
  readonly time: string;
  /** YYYY-MM-DDTHH:MM. */
  readonly minute: string;
}

export function wallClock(now: Date, timeZone: string): WallClock {
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

/** From one time of day (HH:MM) to another, on these days. One that ends no later than it begins goes on into the next day. */
export interface Hours {
  readonly days: readonly Weekday[];
  readonly from: string;
  readonly to: string;
}

export function isWithin({ days, from, to }: Hours, { day, time }: WallClock): boolean {
  const yesterday = WEEKDAYS[(WEEKDAYS.indexOf(day) + 6) % 7]!;
  if (from < to) return days.includes(day) && time >= from && time < to;
  return (days.includes(day) && time >= from) || (days.includes(yesterday) && time < to);
}
