import { describe, expect, it } from "vitest";
import type { RecoveryPoint } from "../../simulator/backup/state.ts";
import { type Bench, bench, HUB, outcomeOf, over, place, VOLUME } from "./bench.ts";
import { reasonsOf, ruleOf } from "./facts.ts";

/** Tags that say whose a resource is: they go to its points, and a point that nobody owns is told of (rules 2, 12, 30). */

const OWNERSHIP = { tags: ["owner", "team"], costTags: ["cost-center"] };
const INHERITING = ruleOf({ tagsFromResource: "ownership", ownership: OWNERSHIP });
const UNOWNED = ruleOf({ orphans: { when: ["unowned"], action: "delete" }, ownership: OWNERSHIP });
const FOR_EVER = {};
const FOR_A_YEAR = { lifecycle: { DeleteAfterDays: 365 } };

/** A volume with some tags, and two of its points: only the older may ever go. */
function scene(tags: Readonly<Record<string, string>>, more: object = FOR_EVER): Bench & { old: RecoveryPoint } {
  const on = bench();
  on.simulator.addResource(HUB, place.region, { arn: VOLUME, type: "EBS", tags });
  on.point(5, { ...more, tags: { owner: "somebody" } });
  return { ...on, old: on.point(60, more) };
}
const findingsOf = async (on: Bench & { old: RecoveryPoint }, rule = INHERITING) =>
  (await on.judge([rule])).flatMap(({ findings }) => findings.filter(({ subject }) => subject === on.old.arn));
const tagsOf = async (on: Bench & { old: RecoveryPoint }, rule = INHERITING) =>
  (await findingsOf(on, rule)).flatMap(({ mend }) =>
    mend?.fields.map(({ path, desired }) => `${path}=${String(desired)}`),
  );
const causes = async (on: Bench & { old: RecoveryPoint }, rule = UNOWNED) =>
  (await findingsOf(on, rule)).map(({ cause, mend }) => `${cause} ${mend?.step}`);

describe("a point takes over from its resource", () => {
  it("the tags that name an owner and who pays, once, and no others", async () => {
    const on = scene({ team: "shop", "cost-center": "4711", colour: "red" }, FOR_A_YEAR);
    expect(await tagsOf(on)).toEqual(["tags.team=shop", "tags.cost-center=4711"]);
    expect(await on.mend(await on.findingOf([INHERITING], "tag", on.old.arn))).toBe("updated");
    expect(on.old.tags).toEqual({ team: "shop", "cost-center": "4711" });
    expect(await findingsOf(on), "rest").toEqual([]);
  });

  it("nothing that it bears already, whatever it says: that may be of its time", async () => {
    const on = scene({ owner: "new", team: "shop" }, FOR_A_YEAR);
    on.old.tags["owner"] = "old";
    expect(await tagsOf(on)).toEqual(["tags.team=shop"]);
  });

  it("the keys that a policy lists, of which its own tags come first", async () => {
    const on = scene({ owner: "shop", env: "prod" }, FOR_A_YEAR);
    const rule = ruleOf({ tagsFromResource: ["owner", "env"], tags: { owner: "platform" } });
    expect(await tagsOf(on, rule)).toEqual(["tags.env=prod", "tags.owner=platform"]);
  });

  it("nothing from what bears none, or lies elsewhere", async () => {
    expect(await tagsOf(scene({ colour: "red" }, FOR_A_YEAR))).toEqual([]);
    const on = bench();
    const there = VOLUME.replace(place.region, over.region);
    on.simulator.addResource(HUB, over.region, { arn: there, type: "EBS", tags: { owner: "shop" } });
    const old = on.point(60, { ...FOR_A_YEAR, resourceArn: there });
    expect(await tagsOf({ ...on, old })).toEqual([]);
  });

  it("nothing where tags cannot be read: that is in doubt, and told so", async () => {
    const on = scene({ owner: "shop" }, FOR_A_YEAR);
    on.simulator.faults.add({ operation: "GetResources", page: 1, effect: { kind: "throttle" } });
    const [part] = await on.judge([INHERITING]);
    expect([part?.findings, part?.doubt?.kind]).toEqual([[], "throttled"]);
  });

  it("what DynamoDB's own backups cannot bear: that is said", async () => {
    const on = bench();
    const table = `arn:aws:dynamodb:${place.region}:${HUB}:table/t`;
    on.simulator.addResource(HUB, place.region, { arn: table, type: "DynamoDB", tags: { owner: "shop" } });
    const old = on.point(60, {
      arn: `${table}/backup/01`,
      resourceArn: table,
      resourceType: "DynamoDB",
      ...FOR_A_YEAR,
    });
    expect((await findingsOf({ ...on, old })).map(reasonsOf)).toEqual([["cannot-mend"]]);
  });
});

describe("a point that nobody owns", () => {
  it("is marked, and announced where the policy deletes", async () => {
    const on = scene({ colour: "red" });
    expect((await causes(on)).toSorted()).toEqual(["unowned delete", "unowned tag"]);
    expect((await on.findingOf([UNOWNED], "delete", on.old.arn)).bars).toEqual([]);
  });

  it.each<[string, (on: Bench & { old: RecoveryPoint }) => unknown]>([
    ["it bears such a tag itself", ({ old }) => (old.tags["team"] = "shop")],
    ["it goes by itself one day", ({ old }) => (old.lifecycle = { DeleteAfterDays: 365 })],
    [
      "its resource is gone, which takes another proof",
      ({ simulator }) => simulator.removeResource(HUB, place.region, VOLUME),
    ],
    [
      "its resources cannot be listed",
      ({ simulator }) => simulator.faults.add({ operation: "DescribeVolumes", effect: { kind: "deny" } }),
    ],
    [
      "tags are listed by half",
      ({ simulator }) => simulator.faults.add({ operation: "GetResources", effect: { kind: "deny" }, after: 1 }),
    ],
  ])("is none where %s", async (_why, change) => {
    const on = scene({ colour: "red" });
    change(on);
    expect(await causes(on)).toEqual([]);
  });

  it("is none where it is a copy, whose resource is elsewhere", async () => {
    const sourceBackupVaultArn = `arn:aws:backup:${over.region}:${HUB}:backup-vault:other`;
    expect(await causes(scene({}, { sourceBackupVaultArn }))).toEqual([]);
  });

  it("is none where its resource bears one of the tags, empty or not", async () => {
    expect(await causes(scene({ team: "" }))).toEqual([]);
  });

  it("pauses its announcement where tags cannot be read", async () => {
    const on = scene({});
    on.simulator.faults.add({ operation: "GetResources", effect: { kind: "deny" } });
    const announced = new Set([`unowned ${on.old.arn}`]);
    const [part] = await on.judge([UNOWNED], { announced });
    expect(part?.undecided).toEqual([...announced]);
  });

  it.each<[string, (on: Bench & { old: RecoveryPoint }) => unknown, string]>([
    ["somebody has tagged it", ({ old }) => (old.tags["owner"] = "shop"), "bears the tag owner"],
    [
      "nobody may list tags",
      ({ simulator }) => simulator.faults.add({ operation: "GetResources", effect: { kind: "deny" } }),
      "could not be listed",
    ],
  ])("stays where, directly before it would go, %s", async (_what, change, held) => {
    const on = scene({});
    const finding = await on.findingOf([UNOWNED], "delete", on.old.arn);
    change(on);
    expect(await outcomeOf(on.mend(finding))).toEqual({ held: expect.stringContaining(held) });
    expect(on.calls("DeleteRecoveryPoint")).toEqual([]);
  });

  it("goes where it is still nobody's", async () => {
    const on = scene({});
    expect(await on.mend(await on.findingOf([UNOWNED], "delete", on.old.arn))).toBe("accepted");
  });
});

describe("a mark that holds no more", () => {
  const MARKED = { "holdfast:orphan": "planDeleted", "holdfast:delete-after": "2026-03-20" };
  const marking = ruleOf({ orphans: { when: ["planDeleted", "expired"] } });

  it("says so instead, once: to take tags off would take the right to take off people's", async () => {
    const on = scene({}, { ...FOR_A_YEAR, tags: { ...MARKED } });
    const finding = await on.findingOf([marking], "tag", on.old.arn);
    expect([finding.cause, finding.because]).toEqual([
      "markLapsed",
      "it is marked holdfast:orphan=planDeleted, holdfast:delete-after=2026-03-20, and is no orphan any more",
    ]);
    expect(await on.mend(finding)).toBe("updated");
    expect(on.old.tags).toEqual({ "holdfast:orphan": "none", "holdfast:delete-after": "none" });
    expect(await findingsOf(on, marking), "rest").toEqual([]);
  });

  it("stays where nobody can tell whether it does, or no policy asks", async () => {
    const gone = scene(
      {},
      { tags: { ...MARKED }, createdBy: { BackupPlanArn: "arn:aws:backup:eu-north-1:1:backup-plan:p" } },
    );
    expect(await causes(gone, marking)).toEqual([]);
    const unread = scene({}, { ...FOR_A_YEAR, tags: { ...MARKED } });
    unread.simulator.faults.add({ operation: "GetResources", effect: { kind: "deny" } });
    expect(await causes(unread, marking)).toEqual([]);
    unread.simulator.faults.clear();
    expect(await causes(unread, ruleOf({ retention: { atLeastDays: 1 } }))).toEqual([]);
  });

  it("loses the date alone where it is an orphan still, and stands announced no more", async () => {
    const on = scene({}, { status: "EXPIRED", ...FOR_A_YEAR, tags: { ...MARKED, "holdfast:orphan": "expired" } });
    expect(await tagsOf(on, marking)).toEqual(["tags.holdfast:delete-after=none"]);
  });
});
