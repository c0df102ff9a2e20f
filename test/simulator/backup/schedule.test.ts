import { describe, expect, it } from "vitest";
import { nextRun, scheduleProblem } from "./schedule.ts";

/** 2026-03-01 was a Sunday. */
const start = new Date("2026-03-01T00:00:00Z");

const schedules: Readonly<
  Record<string, { readonly cron: string; readonly zone?: string; readonly runs: readonly string[] }>
> = {
  "daily at five": { cron: "cron(0 5 ? * * *)", runs: ["2026-03-01T05:00", "2026-03-02T05:00"] },
  "on day 1 of the week, a Sunday": { cron: "cron(0 5 ? * 1 *)", runs: ["2026-03-01T05:00", "2026-03-08T05:00"] },
  "from Monday to Friday, days 2 to 6": { cron: "cron(0 5 ? * 2-6 *)", runs: ["2026-03-02T05:00", "2026-03-03T05:00"] },
  "on the last day of the month": { cron: "cron(0 5 L * ? *)", runs: ["2026-03-31T05:00", "2026-04-30T05:00"] },
  "on the working day nearest to the 15th": {
    cron: "cron(0 5 15W * ? *)",
    runs: ["2026-03-16T05:00", "2026-04-15T05:00"],
  },
  "on the third Friday": { cron: "cron(0 5 ? * 6#3 *)", runs: ["2026-03-20T05:00", "2026-04-17T05:00"] },
  "on the last Friday": { cron: "cron(0 5 ? * 6L *)", runs: ["2026-03-27T05:00", "2026-04-24T05:00"] },
  "every twelve hours from 14:00, once a day": {
    cron: "cron(0 14/12 ? * * *)",
    runs: ["2026-03-01T14:00", "2026-03-02T14:00"],
  },
  "in its own time zone, summer time included": {
    cron: "cron(0 5 ? * SUN *)",
    zone: "Europe/Berlin",
    runs: ["2026-03-01T04:00", "2026-03-08T04:00", "2026-03-15T04:00", "2026-03-22T04:00", "2026-03-29T03:00"],
  },
};

describe("a rule runs", () => {
  it.each(Object.entries(schedules))("%s (2.3)", (_sentence, { cron, zone = "Etc/UTC", runs }) => {
    const found: string[] = [];
    let at: Date | undefined = start;
    while (at !== undefined && found.length < runs.length) {
      at = nextRun(cron, zone, at);
      if (at !== undefined) found.push(at.toISOString().slice(0, 16));
    }
    expect(found).toEqual(runs);
    expect(scheduleProblem(cron, zone)).toBeUndefined();
  });

  it("never again when its years are over", () => {
    expect(nextRun("cron(0 5 1 1 ? 2020)", "Etc/UTC", start)).toBeUndefined();
  });
});

describe("a schedule is refused", () => {
  it.each([
    "rate(1 hour)",
    "cron(0 5 * * * *)",
    "cron(0 5 ? * ? *)",
    "cron(0 5 * * ?)",
    "cron(61 5 * * ? *)",
    "cron(*/10 * * * ? *)",
  ])("%s", (cron) => {
    expect(scheduleProblem(cron, "Etc/UTC")).toContain(cron);
  });
});
