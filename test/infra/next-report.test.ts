import { describe, expect, it } from "vitest";
import { nextReportHours } from "../../infra/next-report.ts";

const within = (expression: string, engine: "inline" | "durable" = "inline") =>
  nextReportHours({
    schedule: { expression, timeZone: "Europe/Dublin", flexibleMinutes: 15, retryAttempts: 2 },
    engine,
  });

describe("the hours within which the next report is due", () => {
  it.each([
    ["rate(6 hours)", 8],
    ["rate(1 day)", 26],
    ["rate(30 minutes)", 2],
    // A night in autumn has an hour more.
    ["cron(0 5 * * ? *)", 27],
    ["cron(0 5 ? * MON-FRI *)", 75],
  ])("of %s are %i", (expression, hours) => {
    expect(within(expression)).toBe(hours);
  });

  it("are more where a run may take longer than one invocation", () => {
    expect(within("rate(6 hours)", "durable")).toBe(14);
  });

  it.each(["rate(sometimes)", "cron(0 5 * * ? 2027)", "at(2027-01-01T00:00:00)"])(
    "are not guessed for %s",
    (expression) => {
      expect(() => within(expression)).toThrow(/does not say how often it comes round/);
    },
  );
});
