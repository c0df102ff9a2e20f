import { describe, expect, it } from "vitest";
import { maintenanceBar } from "../../controller/decide/maintenance.ts";
import type { Maintenance } from "../../controller/domain/desired.ts";
import type { Change } from "../../controller/domain/change.ts";
import { amendment, finding } from "./amendments.ts";

/** Windows and freezes in the wall-clock time of a named zone, over the days on which clocks change. */

const weakening = amendment(finding());
const asked: Change = { ...amendment(finding("snap-1", { copies: 1 })), hazards: ["costs"] };
const unasked = amendment(finding("snap-1", { copies: 1 }));
const calendar = (more: Partial<Maintenance> = {}): Maintenance => ({
  timeZone: "Europe/Berlin",
  holds: "weakening",
  windows: [],
  freezes: [],
  ...more,
});
const nightly = (days: Maintenance["windows"][number]["days"], from: string, to: string) =>
  calendar({ windows: [{ days, from, to }] });
const WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const open = (maintenance: Maintenance, at: string, change: Change = weakening) =>
  maintenanceBar(change, maintenance, new Date(at)) === undefined;

describe("a window", () => {
  it.each<[string, Maintenance, string, boolean, string]>([
    ["before it begins", nightly(["mon"], "22:00", "23:00"), "2026-01-05T20:59:59Z", false, "21:59 in Berlin"],
    ["as it begins", nightly(["mon"], "22:00", "23:00"), "2026-01-05T21:00:00Z", true, "22:00"],
    ["to its last minute", nightly(["mon"], "22:00", "23:00"), "2026-01-05T21:59:59Z", true, "22:59"],
    ["as it ends", nightly(["mon"], "22:00", "23:00"), "2026-01-05T22:00:00Z", false, "23:00"],
    ["on another day", nightly(["tue"], "22:00", "23:00"), "2026-01-05T21:30:00Z", false, "a Monday"],
    [
      "on the day that it is there, and not in London",
      nightly(["tue"], "00:00", "01:00"),
      "2026-01-05T23:30:00Z",
      true,
      "half past midnight of Tuesday",
    ],
    ["over midnight, before it", nightly(["mon"], "22:00", "02:00"), "2026-01-05T22:30:00Z", true, "Monday 23:30"],
    [
      "over midnight, after it",
      nightly(["mon"], "22:00", "02:00"),
      "2026-01-06T00:30:00Z",
      true,
      "Tuesday 01:30, of Monday's window",
    ],
    [
      "over midnight, the evening before",
      nightly(["mon"], "22:00", "02:00"),
      "2026-01-05T00:30:00Z",
      false,
      "Monday 01:30 is of Sunday's",
    ],
    [
      "over the week's end",
      nightly(["sun"], "22:00", "02:00"),
      "2026-01-05T00:30:00Z",
      true,
      "Monday 01:30, of Sunday's window",
    ],
    [
      "that ends when it begins is a whole day",
      nightly(["mon"], "06:00", "06:00"),
      "2026-01-06T04:59:00Z",
      true,
      "Tuesday 05:59",
    ],
    [
      "that ends when it begins is no more than a day",
      nightly(["mon"], "06:00", "06:00"),
      "2026-01-06T05:00:00Z",
      false,
      "Tuesday 06:00",
    ],
    [
      "on Monday in Auckland",
      calendar({ timeZone: "Pacific/Auckland", windows: [{ days: ["mon"], from: "08:00", to: "09:00" }] }),
      "2026-01-04T19:30:00Z",
      true,
      "Sunday in Greenwich",
    ],
    [
      "in a zone of half hours",
      calendar({ timeZone: "Asia/Kolkata", windows: [{ days: ["mon"], from: "02:30", to: "03:00" }] }),
      "2026-01-04T21:00:00Z",
      true,
      "02:30 there",
    ],
    [
      "at midnight, which is no 24:00",
      nightly(WEEK, "00:00", "00:30"),
      "2026-01-04T23:00:00Z",
      true,
      "00:00 in Berlin",
    ],
  ])("is open %s: %s", (_when, maintenance, at, expected, because) => {
    expect({ because, open: open(maintenance, at) }).toEqual({ because, open: expected });
  });

  it.each<[string, string, boolean, string]>([
    ["2026-03-29T00:59:00Z", "01:59, before clocks go on", false, "the hour that is not there begins at 02:00"],
    ["2026-03-29T01:00:00Z", "03:00, after they went on", true, "02:00 to 04:00 is there from 03:00"],
    ["2026-03-29T01:59:00Z", "03:59", true, "half the window is left"],
    ["2026-03-29T02:00:00Z", "04:00", false, "over"],
    ["2026-10-25T00:30:00Z", "02:30 the first time", true, "summer time"],
    ["2026-10-25T01:30:00Z", "02:30 the second time", true, "winter time: the window is an hour longer"],
    ["2026-10-25T02:30:00Z", "03:30", true, "within"],
    ["2026-10-25T03:00:00Z", "04:00", false, "over"],
  ])("of 02:00 to 04:00 at %s, which is %s: %s", (at, _local, expected, because) => {
    expect({ because, open: open(nightly(WEEK, "02:00", "04:00"), at) }).toEqual({ because, open: expected });
  });

  it("is any of several, and always where there is none", () => {
    const two = calendar({
      windows: [
        { days: ["mon"], from: "01:00", to: "02:00" },
        { days: ["mon"], from: "05:00", to: "06:00" },
      ],
    });
    expect([
      open(two, "2026-01-05T00:30:00Z"),
      open(two, "2026-01-05T03:00:00Z"),
      open(two, "2026-01-05T04:30:00Z"),
    ]).toEqual([true, false, true]);
    expect(open(calendar(), "2026-01-05T03:00:00Z")).toBe(true);
    expect(maintenanceBar(weakening, undefined, new Date())).toBeUndefined();
  });

  it("that is shut says when the next is", () => {
    expect(
      maintenanceBar(weakening, nightly(["mon", "fri"], "22:00", "02:00"), new Date("2026-01-07T12:00:00Z")),
    ).toEqual({
      reason: "frozen",
      because: "it is wed 13:00 in Europe/Berlin, outside every maintenance window",
      release: "the next window: mon fri 22:00–02:00",
    });
  });
});

describe("a freeze", () => {
  const frozen = (from: string, to: string) => calendar({ freezes: [{ from, to, reason: "year's end" }] });
  const december = frozen("2026-12-20T00:00", "2027-01-04T06:00");

  it.each<[string, Maintenance, string, boolean]>([
    ["a minute before", december, "2026-12-19T22:59:00Z", true],
    ["as it begins, in its own zone", december, "2026-12-19T23:00:00Z", false],
    ["over the turn of the year", december, "2026-12-31T23:30:00Z", false],
    ["to its last minute", december, "2027-01-04T04:59:00Z", false],
    ["as it ends", december, "2027-01-04T05:00:00Z", true],
    ["for an hour that clocks skip", frozen("2026-03-29T02:15", "2026-03-29T02:45"), "2026-03-29T01:30:00Z", true],
    [
      "through the hour that comes twice, both times",
      frozen("2026-10-25T02:00", "2026-10-25T03:00"),
      "2026-10-25T01:30:00Z",
      false,
    ],
  ])("%s is open: %s", (_when, maintenance, at, expected) => expect(open(maintenance, at)).toBe(expected));

  it("goes before any window", () => {
    expect(open({ ...december, windows: [{ days: WEEK, from: "00:00", to: "00:00" }] }, "2026-12-25T12:00:00Z")).toBe(
      false,
    );
  });

  it("says why and until when", () => {
    expect(maintenanceBar(weakening, december, new Date("2026-12-25T12:00:00Z"))).toEqual({
      reason: "frozen",
      because: "changes are frozen until 2027-01-04T06:00 Europe/Berlin: year's end",
      release: "wait until 2027-01-04T06:00 Europe/Berlin, or shorten the freeze in the Fleet manifest",
    });
  });
});

describe("what is held", () => {
  const shut = nightly(["mon"], "01:00", "02:00");
  const noon = "2026-01-07T12:00:00Z";

  it.each<[string, Maintenance["holds"], Change, boolean]>([
    ["what would have to be asked for", "weakening", weakening, false],
    ["what carries a hazard", "weakening", asked, false],
    ["not what the ratchet lets through unasked", "weakening", unasked, true],
    ["everything, where that is said", "everything", unasked, false],
  ])("%s (%s): goes %s", (_what, holds, change, goes) => expect(open({ ...shut, holds }, noon, change)).toBe(goes));
});
