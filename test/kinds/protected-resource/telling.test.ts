import { describe, expect, it } from "vitest";
import { causes, DATABASE, hoursAgo, judged, only, type Plan, point, type Scene, vault } from "./facts.ts";

/** What is told of a database without a point, or with too many makers of them. */

const NIGHTLY: Plan = { name: "nightly" };
const WEEKLY: Plan = { name: "weekly", rules: { weekly: "cron(0 1 ? * 1 *)" } };
const figures = (scene: Scene, spec = {}) => judged(spec, scene).coverage?.[0];

describe("a resource that several plans back up", () => {
  const fresh = [vault([point(1)])];
  const ELSEWHERE: Plan = { name: "other", takes: { resources: [`${DATABASE}-2`] } };

  it.each<[string, readonly Plan[], "report" | undefined, string[], number]>([
    ["is told where that is asked", [NIGHTLY, WEEKLY], "report", ["overlap"], 1],
    ["is counted where it is not", [NIGHTLY, WEEKLY], undefined, [], 1],
    ["is told of plans that bear one name", [NIGHTLY, { ...NIGHTLY, id: "another" }], "report", ["overlap"], 1],
    ["is none where one plan does", [NIGHTLY], "report", [], 0],
    ["is none where the other plan takes something else", [NIGHTLY, ELSEWHERE], "report", [], 0],
  ])("%s", (_what, plans, overlaps, expected, overlapping) => {
    const settled = judged({ overlaps }, { vaults: fresh, plans });
    expect(causes(settled)).toEqual(expected);
    expect(settled.coverage?.[0]).toMatchObject({ required: 1, met: 1, breaching: 0, overlapping });
  });

  it("names them in order, mends nothing and costs nobody's protection", () => {
    const settled = judged({ overlaps: "report" }, { vaults: fresh, plans: [WEEKLY, NIGHTLY] });
    const { because, mend, bars } = only(settled);
    expect(because).toBe("plans nightly and weekly both back it up, and each of their recovery points is paid for");
    expect([mend, bars.map(({ reason }) => reason), settled.rpoBreaches]).toEqual([undefined, ["cannot-mend"], []]);
  });
});

describe("a resource whose plan makes points in a vault that is not there", () => {
  it("is told with that, and nothing is started that could only fail", () => {
    const { because, mend, bars } = only(judged({ remedy: "backUpNow" }, { vaults: [], plans: [NIGHTLY] }));
    expect(because).toContain(
      "rule daily of plan nightly should make them, by selection all, and there is no vault nightly here",
    );
    expect([mend, bars[0]?.release]).toEqual([undefined, "the vault nightly, or another one in the plan's rule"]);
  });
});

describe("a resource of a type that the Region has not opted in to", () => {
  const tagged: Plan = { name: "nightly", takes: { tag: ["backup", "nightly"] } };
  const scene = (optIns: Scene["optIns"], plan = tagged): Scene => ({
    row: { tags: { backup: "nightly" } },
    plans: [plan],
    ...(optIns ? { optIns } : {}),
  });
  const failure = { kind: "denied", operation: "backup:DescribeRegionSettings", message: "denied" } as const;

  it.each<[string, Scene, RegExp, RegExp]>([
    ["says so", scene({ RDS: false }), /nightly\/all names it, and .* not opted in to RDS$/, /^opt in to RDS/],
    ["opted in, blames its plan", scene({ RDS: true }), /rule daily of plan nightly should make them/, /^the next run/],
    [
      "unread, blames nobody",
      scene({ failure }),
      /whether selection nightly\/all takes it in cannot be told/,
      /^leave to/,
    ],
    ["named itself, is taken in all the same", scene({ RDS: false }, NIGHTLY), /should make them/, /^the next run/],
  ])("%s", (_what, one, because, release) => {
    const finding = only(judged({}, one));
    expect(finding.because).toMatch(because);
    expect(finding.bars[0]?.release).toMatch(release);
  });

  it("is not the maker of a second plan's points", () => {
    const both = [tagged, WEEKLY];
    const { optIns, ...rest } = scene({ RDS: false });
    expect(figures({ ...rest, optIns: optIns!, plans: both })?.overlapping).toBe(0);
    expect(figures({ ...rest, optIns: { RDS: true }, plans: both })?.overlapping).toBe(1);
  });
});

describe("a resource that does nothing at present", () => {
  it.each(["stopped", "unattached", "paused"] as const)(
    "%s, must be protected like any other, and is counted",
    (idle) => {
      const bare = judged({}, { row: { idle } });
      expect(only(bare).because).toContain(`; it is ${idle}; `);
      expect(bare.coverage?.[0]).toMatchObject({ breaching: 1, idle: 1 });
      expect(figures({ row: { idle }, vaults: [vault([point(1)])] })).toMatchObject({ met: 1, breaching: 0, idle: 1 });
    },
  );

  it("is not said of one that is at work", () => {
    const busy = judged({}, {});
    expect([only(busy).because.includes("it is "), busy.coverage?.[0]?.idle]).toEqual([false, 0]);
  });
});

describe("a resource that is too young to have a point", () => {
  const aged = (hours: number) => ({ createdOn: hoursAgo(hours).getTime() });

  it.each<[string, Scene, object]>([
    ["is not due yet", { row: aged(23), plans: [NIGHTLY] }, { notYetDue: 1, breaching: 0 }],
    ["is due at the policy's age", { row: aged(24), plans: [NIGHTLY] }, { notYetDue: 0, breaching: 1 }],
    ["is told at once where no plan takes it in", { row: aged(1) }, { notYetDue: 0, breaching: 1 }],
    [
      "is told where nobody knows its age",
      { row: { createdOn: undefined }, plans: [NIGHTLY] },
      { notYetDue: 0, breaching: 1 },
    ],
    [
      "is met where it has one",
      { row: aged(1), plans: [NIGHTLY], vaults: [vault([point(1)])] },
      { notYetDue: 0, met: 1 },
    ],
  ])("%s", (_what, scene, expected) => {
    const settled = judged({}, scene);
    expect(settled.coverage?.[0]).toMatchObject({ required: 1, unknown: 0, ...expected });
    expect(settled.findings).toHaveLength(settled.coverage?.[0]?.breaching ?? -1);
  });
});

describe("the owner of a resource", () => {
  const ownerTags = ["owner", "team"];
  it.each<[string, Record<string, string>, string[] | undefined, string | undefined]>([
    ["is what the first tag says", { team: "shop", owner: "ann" }, ownerTags, "ann"],
    ["is what the next says where the first is not there", { team: "shop" }, ownerTags, "shop"],
    ["is what the next says where the first is empty", { owner: "", team: "shop" }, ownerTags, "shop"],
    ["is a tag's value, whatever its key is called", {}, ["constructor"], undefined],
    ["is spelled as it is asked for", { Owner: "ann" }, ownerTags, undefined],
    ["is nobody where no tag names one", { env: "production" }, ownerTags, undefined],
    ["is nobody where no tag is asked for", { owner: "ann" }, undefined, undefined],
  ])("%s", (_what, tags, asked, expected) => {
    const { of } = only(judged({ ownerTags: asked }, { row: { tags } }));
    expect(of.owner).toBe(expected);
  });

  it("is nobody where tags could not be read", () => {
    expect(only(judged({ ownerTags }, { row: { tags: undefined } })).of).not.toHaveProperty("owner");
  });
});
