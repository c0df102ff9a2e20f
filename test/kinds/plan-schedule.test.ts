import { describe, expect, it } from "vitest";
import { largestGap, type Schedule, scheduleEffect } from "../../controller/kinds/schedule.ts";

const HOUR = 3_600_000;
const gap = (expression: string, timezone = "Etc/UTC") => {
  const widest = largestGap({ expression, timezone });
  return widest === undefined ? "cannot be told" : widest === Infinity ? "ends" : `${widest / HOUR} h`;
};

describe("the largest gap between two runs", () => {
  it.each([
    ["cron(0 5 ? * * *)", "Etc/UTC", "24 h", "AWS's default runs every day"],
    ["cron(0 5 * * ? *)", "Etc/UTC", "24 h", "the ? may stand in either day field"],
    ["cron(0 * ? * * *)", "Etc/UTC", "1 h", "hourly is the most AWS takes"],
    ["cron(0 0/12 ? * * *)", "Etc/UTC", "12 h", "twice a day from midnight"],
    ["cron(0 14/12 ? * * *)", "Etc/UTC", "24 h", "cron counts within the day: after 11:59 every 12 hours is once"],
    ["cron(0 5 ? * 1 *)", "Etc/UTC", "168 h", "one weekday a week"],
    ["cron(0 5 ? * MON-FRI *)", "Etc/UTC", "72 h", "the weekend"],
    ["cron(0 5 ? * 2-6 *)", "Etc/UTC", "72 h", "1 is Sunday, so 2-6 is the same week"],
    ["cron(0 5 ? * 1-5 *)", "Etc/UTC", "72 h", "Sunday to Thursday leaves Friday and Saturday out"],
    ["cron(0 5 ? * L *)", "Etc/UTC", "168 h", "a lone L is the week's last day"],
    ["cron(0 5 ? * 6L *)", "Etc/UTC", "840 h", "last Fridays are at most five weeks apart"],
    ["cron(0 5 ? * 6#1 *)", "Etc/UTC", "840 h", "so are first Fridays"],
    ["cron(0 5 1 * ? *)", "Etc/UTC", "744 h", "the longest month"],
    ["cron(0 5 L * ? *)", "Etc/UTC", "744 h", "last days of months are 31 days apart at most"],
    ["cron(0 5 31 * ? *)", "Etc/UTC", "1464 h", "a month without a 31st is skipped"],
    ["cron(0 5 1 1 ? *)", "Etc/UTC", "8784 h", "a year, of 366 days"],
    ["cron(0 5 29 2 ? *)", "Etc/UTC", "35064 h", "leap days are four years apart"],
    ["cron(0 5 30 2 ? *)", "Etc/UTC", "ends", "there is no 30 February"],
    ["cron(0 5 ? * * 2030)", "Etc/UTC", "ends", "a schedule bound to a year stops"],
    ["cron(0 5 ? * * *)", "Europe/Berlin", "25 h", "the day the clocks go back is an hour longer"],
    ["cron(30 2 ? * * *)", "Europe/Berlin", "25 h", "a time that does not exist in spring runs right after"],
    ["cron(0 5 ? * * *)", "Asia/Kolkata", "24 h", "no daylight saving"],
    ["cron(0 5 ? * * *)", "Mars/Olympus", "cannot be told", "no such time zone"],
    ["cron(0 5 * * * *)", "Etc/UTC", "cannot be told", "AWS wants a ? in one of the day fields"],
    ["cron(0 5 ? * *)", "Etc/UTC", "cannot be told", "AWS's cron has six fields"],
    ["cron(0 25 ? * * *)", "Etc/UTC", "cannot be told", "no such hour"],
    ["rate(1 day)", "Etc/UTC", "cannot be told", "AWS may or may not take it"],
  ])("%s in %s is %s: %s", (expression, timezone, expected) => expect(gap(expression, timezone)).toBe(expected));
});

describe("the effect of another schedule", () => {
  const daily = { expression: "cron(0 5 ? * * *)", timezone: "Etc/UTC" };
  it.each<[Schedule, Schedule, string, string]>([
    [daily, { ...daily, expression: "cron(0 7 ? * * *)" }, "neutral", "the same gap at another hour"],
    [daily, { ...daily, expression: "cron(0 0/12 ? * * *)" }, "strengthens", "half the gap"],
    [daily, { ...daily, expression: "cron(0 5 ? * 2-6 *)" }, "weakens", "no weekends"],
    [daily, { ...daily, timezone: "Europe/Berlin" }, "weakens", "one day a year is 25 hours long"],
    [{ ...daily, timezone: "Europe/Berlin" }, daily, "strengthens", "and none is any more"],
    [daily, { ...daily, timezone: "Asia/Kolkata" }, "neutral", "zones without daylight saving are alike"],
    [daily, { ...daily, expression: "rate(1 hour)" }, "weakens", "what cannot be told is judged cautiously"],
    [{ ...daily, expression: "rate(1 hour)" }, daily, "weakens", "on either side"],
    [daily, { ...daily, expression: "cron(0 5 ? * * 2030)" }, "weakens", "it ends"],
    [{ ...daily, expression: "cron(0 5 ? * * 2030)" }, daily, "strengthens", "it goes on"],
    [
      { ...daily, expression: "cron(0 5 ? * * 2031)" },
      { ...daily, expression: "cron(0 5 ? * * 2030)" },
      "weakens",
      "both end, one sooner",
    ],
    [daily, daily, "neutral", "nothing changed"],
  ])("from %j to %j %s: %s", (live, desired, expected) => expect(scheduleEffect(live, desired)).toBe(expected));
});
