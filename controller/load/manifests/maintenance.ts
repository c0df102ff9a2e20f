import * as z from "zod";
import { WEEKDAYS } from "../../domain/weekdays.ts";

const DAY = z.regexes.date.source.slice(1, -1);
const MINUTE = "([01]\\d|2[0-3]):[0-5]\\d";

export const TimeOfDay = z.string().regex(new RegExp(`^${MINUTE}$`), "a time of day such as 22:00");
const Moment = z
  .string()
  .regex(new RegExp(`^${DAY}(T${MINUTE})?$`), "a day such as 2026-12-24, or a minute such as 2026-12-24T18:00");

const Window = z.strictObject({
  days: z
    .array(z.enum(WEEKDAYS))
    .min(1)
    .default([...WEEKDAYS])
    .describe("Days on which it opens. Absent: every day."),
  from: TimeOfDay.describe("When it opens, 24 h."),
  to: TimeOfDay.describe("When it closes; not after from: on the next day."),
});

const Freeze = z.strictObject({
  from: Moment.describe("A day counts from its start."),
  to: Moment.describe("A day counts to its end."),
  reason: z.string().min(1).describe("Told with every change that it holds."),
});

/** When changes may be made, in the wall-clock time of one zone. */
export const Maintenance = z.strictObject({
  timeZone: z.string().describe("IANA time zone of everything here, such as Europe/Berlin."),
  holds: z
    .enum(["weakening", "everything"])
    .default("weakening")
    .describe(
      "weakening: what strengthens protection without a hazard goes at any time. everything: nothing is written outside.",
    ),
  windows: z.array(Window).default([]).describe("When changes may be made. None: at any time."),
  freezes: z.array(Freeze).default([]).describe("When none may be made, whatever the windows say."),
});
export type Maintenance = z.infer<typeof Maintenance>;

const isDay = (moment: string): boolean => !moment.includes("T");

/** The minute from which a freeze holds, YYYY-MM-DDTHH:MM on the wall clock. */
export const frozenFrom = (moment: string): string => (isDay(moment) ? `${moment}T00:00` : moment);

/** The minute at which a freeze no longer holds: a day is frozen to its end. */
export const frozenUntil = (moment: string): string =>
  isDay(moment) ? `${new Date(Date.parse(moment) + DAY_MS).toISOString().slice(0, 10)}T00:00` : moment;

const DAY_MS = 86_400_000;
