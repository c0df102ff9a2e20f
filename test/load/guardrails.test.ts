import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesOf } from "../../controller/load/manifests/fleet.ts";
import { frozenFrom, frozenUntil } from "../../controller/load/manifests/maintenance.ts";
import { FLEET, loaded, manifest, refusal, shown } from "./support.ts";

/** The Fleet's guardrails begin at line 8, column 15. */
const fleet = (guardrails: string) =>
  `${FLEET}  guardrails: ${guardrails}\n${manifest("BackupVault", "nightly", "targets: { groups: [all] }")}`;
const maintenance = (fields: string) => fleet(`{ maintenance: { timeZone: Europe/Berlin, ${fields} } }`);
const guardrails = async (text: string) => (await loaded(text)).fleet.guardrails;

describe("guardrails", () => {
  it("are on without a word", async () =>
    expect(await guardrails(fleet("{}"))).toEqual({
      concurrency: 8,
      budget: { perTarget: 10, perRun: 50, percent: 1 },
      shrinkPercent: 20,
      contestedAfter: 2,
      destruction: { perVaultDay: 10, percentOfVault: 1, perFleetDay: 50 },
      copies: { perTargetDay: 20, bytesPerTargetDay: 500_000_000_000 },
      backups: { perTargetDay: 20 },
    }));

  it("may be tighter, down to nothing at all", async () =>
    expect(
      await guardrails(
        fleet(
          "{ destruction: { perVaultDay: 0, perFleetDay: 5 }, copies: { perTargetDay: 0, bytesPerTargetDay: 0GB } }",
        ),
      ),
    ).toMatchObject({
      destruction: { perVaultDay: 0, percentOfVault: 1, perFleetDay: 5 },
      copies: { perTargetDay: 0, bytesPerTargetDay: 0 },
    }));

  it.each<[string, number]>([
    ["1MB", 1_000_000],
    ["500GB", 500_000_000_000],
    ["12TB", 12_000_000_000_000],
  ])("know that %s is %i bytes", (size, bytes) => expect(bytesOf(size)).toBe(bytes));
});

describe("maintenance", () => {
  it("is any time unless the Fleet says so", async () =>
    expect(await guardrails(fleet("{}"))).not.toHaveProperty("maintenance"));

  it("holds what weakens, on every day, unless the Fleet says otherwise", async () => {
    const { maintenance: open } = await guardrails(maintenance('windows: [{ from: "22:00", to: "04:00" }]'));
    expect(open).toEqual({
      timeZone: "Europe/Berlin",
      holds: "weakening",
      windows: [{ days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], from: "22:00", to: "04:00" }],
      freezes: [],
    });
  });

  it("freezes whole days to their end, and minutes to the minute", async () => {
    const { maintenance: frozen } = await guardrails(
      maintenance(
        "holds: everything, freezes: [{ from: 2026-12-18, to: 2026-12-31, reason: year end }, { from: 2027-02-01T18:00, to: 2027-02-01T18:30, reason: switch }]",
      ),
    );
    expect(frozen).toMatchObject({
      holds: "everything",
      freezes: [
        { from: "2026-12-18T00:00", to: "2027-01-01T00:00", reason: "year end" },
        { from: "2027-02-01T18:00", to: "2027-02-01T18:30", reason: "switch" },
      ],
    });
  });

  it("freezes a day of its own, whichever it is", () =>
    fc.assert(
      fc.property(
        fc.date({ min: new Date("1970-01-01"), max: new Date("2199-12-31"), noInvalidDate: true }),
        (date) => {
          const day = date.toISOString().slice(0, 10);
          expect(Date.parse(`${frozenUntil(day)}Z`) - Date.parse(`${frozenFrom(day)}Z`)).toBe(86_400_000);
          expect(frozenUntil(day) > frozenFrom(`${day}T23:59`)).toBe(true);
        },
      ),
    ));

  it.each([
    [
      "a day of a freeze is one day long",
      maintenance("freezes: [{ from: 2026-12-24, to: 2026-12-24, reason: x }]"),
      "",
    ],
    [
      "a size has a unit",
      fleet("{ copies: { bytesPerTargetDay: 500 } }"),
      "1.yaml:8:46: error: guardrails.copies.bytesPerTargetDay must be text; found 500\n  put it in quotes",
    ],
    [
      "a size has a unit that is one",
      fleet("{ copies: { bytesPerTargetDay: 500Gib } }"),
      '1.yaml:8:46: error: guardrails.copies.bytesPerTargetDay must be up to four digits with MB, GB or TB, such as 500GB; found "500Gib"',
    ],
    [
      "a zone is one",
      fleet('{ maintenance: { timeZone: Mars/Olympus, windows: [{ from: "22:00", to: "04:00" }] } }'),
      "1.yaml:8:42: error: guardrails.maintenance.timeZone must be an IANA time zone; found Mars/Olympus\n  Europe/Berlin and Etc/UTC are some",
    ],
    [
      "a zone is said",
      fleet('{ maintenance: { windows: [{ from: "22:00", to: "04:00" }] } }'),
      "1.yaml:8:17: error: guardrails.maintenance.timeZone is missing",
    ],
    [
      "maintenance is of something",
      fleet("{ maintenance: { timeZone: Etc/UTC } }"),
      "1.yaml:8:30: warning: guardrails.maintenance has neither windows nor freezes: it holds nothing\n  add one, or leave it out",
    ],
    [
      "a window is open for a while",
      maintenance('windows: [{ from: "22:00", to: "22:00" }]'),
      '1.yaml:8:88: error: guardrails.maintenance.windows[0].to is its from, 22:00: a window of no length never opens\n  for a whole day write from: "00:00", to: "23:59"',
    ],
    [
      "a time of day is one",
      maintenance('windows: [{ days: [sat, sundays], from: "24:00", to: 4 }]'),
      '1.yaml:8:81: error: guardrails.maintenance.windows[0].days[1] must be mon, tue, wed, thu, fri, sat or sun; found "sundays"\n' +
        '1.yaml:8:97: error: guardrails.maintenance.windows[0].from must be a time of day such as 22:00; found "24:00"\n' +
        "1.yaml:8:110: error: guardrails.maintenance.windows[0].to must be text; found 4\n  put it in quotes",
    ],
    [
      "a freeze ends after it begins",
      maintenance("freezes: [{ from: 2026-12-24, to: 2026-12-23, reason: x }]"),
      "1.yaml:8:91: error: guardrails.maintenance.freezes[0].to is not after from, 2026-12-24; found 2026-12-23",
    ],
    [
      "a freeze lasts at least a minute",
      maintenance("freezes: [{ from: 2026-12-24T18:00, to: 2026-12-24T18:00, reason: x }]"),
      "1.yaml:8:97: error: guardrails.maintenance.freezes[0].to is not after from, 2026-12-24T18:00; found 2026-12-24T18:00",
    ],
    [
      "a day is in the calendar, and a freeze says why",
      maintenance("freezes: [{ from: 2026-02-30, to: 2026-03-01T25:00 }]"),
      "1.yaml:8:67: error: guardrails.maintenance.freezes[0].reason is missing\n" +
        '1.yaml:8:75: error: guardrails.maintenance.freezes[0].from must be a day such as 2026-12-24, or a minute such as 2026-12-24T18:00; found "2026-02-30"\n' +
        '1.yaml:8:91: error: guardrails.maintenance.freezes[0].to must be a day such as 2026-12-24, or a minute such as 2026-12-24T18:00; found "2026-03-01T25:00"',
    ],
  ])("%s", (_, text, expected) => expect(shown(text)).toBe(expected));

  it("says of a freeze that is long over that it can go", async () => {
    const until = (to: string) => maintenance(`freezes: [{ from: 2025-12-18, to: ${to}, reason: year end }]`);
    const warnings = async (to: string) => (await loaded(until(to))).warnings;
    expect(await warnings("2026-10-22")).toMatchObject([
      {
        line: 8,
        column: 67,
        message: "guardrails.maintenance.freezes[0] ended more than 30 days ago: it holds nothing any more",
        hint: "remove it",
      },
    ]);
    expect(await warnings("2026-10-24")).toEqual([]);
    expect(shown(until("2026-10-22"))).toBe("");
  });

  it("keeps what is wrong with it from being acted on", async () =>
    expect(await refusal(maintenance('windows: [{ from: "22:00", to: "22:00" }]'))).toContain("never opens"));
});
