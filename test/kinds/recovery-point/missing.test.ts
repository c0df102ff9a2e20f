import { describe, expect, it } from "vitest";
import type { Sighting } from "../../../controller/domain/announcement.ts";
import { type Bench, bench, DAY_MS, GONE_PLAN, madeBy, place, VOLUME } from "./bench.ts";
import { ruleOf } from "./facts.ts";

/** Rule 4: a resource counts as deleted only once it has been seen to be missing for long enough, by run after run. */

const policy = (minMissing: string, name = "policy", vaults = ["nightly"]) =>
  ruleOf({ match: { vaults }, orphans: { when: ["resourceDeleted"], minMissing } }, { name });
const HOUR_MS = DAY_MS / 24;
type Missing = ReadonlyMap<string, Sighting>;

/** A volume that somebody deleted, and its two snapshots, which have no delete date. */
function deleted(): Bench {
  const on = bench();
  for (const age of [5, 60]) on.point(age, { createdBy: MADE_BY });
  return on;
}
const MADE_BY = madeBy(GONE_PLAN);

/** One run: what it says of the points, and what it hands on. */
async function run(on: Bench, before: Missing = new Map(), rules = [policy("48h")]) {
  const results = await on.judge(rules, { missing: before });
  const found = results.flatMap(({ findings }) => findings).filter(({ cause }) => cause === "resourceDeleted");
  const missing = new Map(results.flatMap(({ sightings }) => sightings.map((one) => [one.resource, one] as const)));
  return { reasons: found.map(({ bars }) => bars.map(({ reason }) => reason)), missing, found, results };
}
const since = (on: Bench, hours: number): Missing => {
  const sighted = new Date(on.simulator.clock.now().getTime() - hours * HOUR_MS).toISOString() as Sighting["firstOn"];
  return new Map([[VOLUME, { resource: VOLUME, firstOn: sighted, lastOn: sighted }]]);
};

describe("points of a resource that is gone", () => {
  it("wait at first, and say since when and until when", async () => {
    const on = deleted();
    const { found, missing } = await run(on);
    expect(found.map(({ bars }) => bars)).toEqual(
      [1, 2].map(() => [
        {
          reason: "not-proven",
          because: `${VOLUME} has been seen to be missing since 2026-03-01 only`,
          release: "2 days of being missing, seen by every run until 2026-03-03",
        },
      ]),
    );
    const now = "2026-03-01T05:00:00.000Z";
    expect([...missing.values()]).toEqual([{ resource: VOLUME, firstOn: now, lastOn: now }]);
  });

  it.each<[string, number, string, string[], string]>([
    ["an hour ago, of the 48 asked for", 1, "48h", ["not-proven"], "one sighting and an hour"],
    ["a moment short of 48 hours", 47.999, "48h", ["not-proven"], "not yet"],
    ["48 hours ago", 48, "48h", [], "long enough"],
    ["30 days short of 90", 60 * 24, "90d", ["not-proven"], "the policy asks for 90"],
    ["23 hours ago, whatever is asked for", 23, "24h", ["not-proven"], "two sightings are a day apart at least"],
    ["a day ago", 24, "24h", [], "a day apart"],
  ])("first seen %s: %j", async (_when, hours, minMissing, reasons, because) => {
    const on = deleted();
    const { reasons: found } = await run(on, since(on, hours), [policy(minMissing)]);
    expect({ because, found }).toEqual({ because, found: [reasons, reasons] });
  });

  it("keep their first sighting, and move the last, with the report that began it", async () => {
    const on = deleted();
    const [[resource, first]] = [...since(on, 10)] as [[string, Sighting]];
    const { missing } = await run(on, new Map([[resource, { ...first, since: 7 }]]));
    expect(missing.get(VOLUME)).toEqual({
      resource: VOLUME,
      firstOn: first.firstOn,
      lastOn: "2026-03-01T05:00:00.000Z",
      since: 7,
    });
  });

  it("begin anew after a run that could not tell, and after one that saw the resource", async () => {
    const on = deleted();
    const before = since(on, 100);
    const undo = on.simulator.faults.add({ operation: "DescribeVolumes", effect: { kind: "throttle" } });
    const unknown = await run(on, before);
    expect([unknown.reasons, [...unknown.missing]]).toEqual([[], []]);
    undo();
    const again = await run(on, unknown.missing);
    expect(again.reasons, "the clock has begun anew").toEqual([["not-proven"], ["not-proven"]]);
    on.simulator.addResource(place.account, place.region, { arn: VOLUME, type: "EBS" });
    expect(await run(on, before)).toMatchObject({ reasons: [], missing: new Map() });
  });

  it("are none where the second look finds it: the listing was behind", async () => {
    const on = deleted();
    on.simulator.addResource(place.account, place.region, { arn: VOLUME, type: "EBS" });
    on.simulator.removeResource(place.account, place.region, VOLUME);
    on.simulator.faults.add({ operation: "DescribeVolumes", after: 1, effect: { kind: "deny" } });
    const { reasons, results } = await run(on, since(on, 1000));
    expect(reasons).toEqual([]);
    expect(results[0], "what is not proven is not counted either").toMatchObject({ tallies: [], absent: [] });
    expect(results[0]?.counts["resourceDeleted"]?.points ?? 0).toBe(0);
  });

  it("wait as long as their own vault's policy says, though another's would let them go", async () => {
    const on = deleted();
    on.operator("backup", "CreateBackupVault", { BackupVaultName: "another" });
    on.point(60, { vault: "another", createdBy: MADE_BY });
    const rules = [policy("24h"), policy("90d", "slower", ["another"])];
    const { found } = await run(on, since(on, 48), rules);
    const byVault = Map.groupBy(found, ({ partition }) => partition);
    expect(
      [...byVault].map(([name, all]) => [name, all.flatMap(({ bars }) => bars.map(({ reason }) => reason))]),
    ).toEqual(
      expect.arrayContaining([
        ["nightly", []],
        ["another", ["not-proven"]],
      ]),
    );
  });
});
