import { describe, expect, it } from "vitest";
import { type Bench, bench, DAY_MS, FILES, HUB, outcomeOf, place, VOLUME } from "./bench.ts";
import { ruleOf } from "./facts.ts";

/** Rule 12: marks for people, by whoever can tag each sort of point, set once and never twice. */

const MARKING = ruleOf({ orphans: { when: ["expired"] } });
const EXPIRED = { status: "EXPIRED", lifecycle: { DeleteAfterDays: 30 } } as const;
const arnOf = (service: string, rest: string) => `arn:aws:${service}:${place.region}:${HUB}:${rest}`;

const marked = async (on: Bench, memory = {}) =>
  (await on.judge([MARKING], memory)).flatMap(({ findings }) =>
    findings.map(({ mend, bars }) => [
      mend?.fields.map(({ path, desired }) => `${path}=${String(desired)}`),
      ...bars.map(({ reason }) => reason),
    ]),
  );

describe("a mark", () => {
  it.each<[string, { readonly resourceArn: string; readonly resourceType: string }, string]>([
    ["AWS Backup's own", { resourceArn: FILES, resourceType: "EFS" }, "TagResource"],
    ["a snapshot", { resourceArn: VOLUME, resourceType: "EBS" }, "CreateTags"],
    ["an image", { resourceArn: arnOf("ec2", "instance/i-1"), resourceType: "EC2" }, "CreateTags"],
    ["a database's snapshot", { resourceArn: arnOf("rds", "db:orders"), resourceType: "RDS" }, "AddTagsToResource"],
    [
      "a cluster's snapshot",
      { resourceArn: arnOf("rds", "cluster:orders"), resourceType: "Aurora" },
      "AddTagsToResource",
    ],
    ["an FSx backup", { resourceArn: arnOf("fsx", "file-system/fs-1"), resourceType: "FSx" }, "TagResource"],
    [
      "a Redshift snapshot",
      { resourceArn: arnOf("redshift", "cluster:orders"), resourceType: "Redshift" },
      "CreateTags",
    ],
  ])("goes onto %s by its owner's call, and is found there", async (_what, resource, operation) => {
    const on = bench();
    const point = on.point(60, { ...resource, ...EXPIRED });
    const finding = await on.findingOf([MARKING], "tag", point.arn);
    expect(await on.mend(finding)).toBe("updated");
    expect(point.tags).toEqual({ "holdfast:orphan": "expired" });
    expect(on.calls("TagResource", "CreateTags", "AddTagsToResource")).toEqual([operation]);
    expect(await marked(on), "rest").toEqual([]);
  });

  it.each([true, false])(
    "is found on snapshots whichever way Tagging spells them: with the account %s",
    async (accountInImageArns) => {
      const on = bench({ accountInImageArns });
      const point = on.point(60, EXPIRED);
      await on.mend(await on.findingOf([MARKING], "tag", point.arn));
      expect(await marked(on)).toEqual([]);
    },
  );

  it("cannot go onto DynamoDB's own backups, which is said", async () => {
    const on = bench();
    on.point(60, {
      ...EXPIRED,
      arn: arnOf("dynamodb", "table/t/backup/01"),
      resourceArn: arnOf("dynamodb", "table/t"),
      resourceType: "DynamoDB",
    });
    expect(await marked(on)).toEqual([[undefined, "cannot-mend"]]);
  });

  it("is set alone where the rest is there, and anew where it says something else", async () => {
    const on = bench();
    const point = on.point(60, EXPIRED);
    const due = { dueOn: new Map([[point.arn, new Date("2026-04-05T12:00:00Z")]]) };
    expect(await marked(on, due)).toEqual([
      [["tags.holdfast:orphan=expired", "tags.holdfast:delete-after=2026-04-05"]],
    ]);
    on.simulator.operator(HUB, place.region)("ec2", "CreateTags", {
      Resources: [point.arn.split("/")[1]],
      Tags: [{ Key: "holdfast:orphan", Value: "expired" }],
    });
    expect(await marked(on, due)).toEqual([[["tags.holdfast:delete-after=2026-04-05"]]]);
    on.simulator.operator(HUB, place.region)("ec2", "CreateTags", {
      Resources: [point.arn.split("/")[1]],
      Tags: [
        { Key: "holdfast:orphan", Value: "planDeleted" },
        { Key: "holdfast:delete-after", Value: "2026-04-05" },
      ],
    });
    expect(await marked(on, due)).toEqual([[["tags.holdfast:orphan=expired"]]]);
  });

  it("is held where nobody can tell whether it is there", async () => {
    const on = bench();
    on.point(60, EXPIRED);
    on.simulator.faults.add({ operation: "GetResources", effect: { kind: "deny" } });
    expect(await marked(on)).toEqual([[["tags.holdfast:orphan=expired"], "unknown-state"]]);
  });

  it.each(["deny", "throttle"] as const)(
    "that AWS answers with %s is told, and tried again by the next run",
    async (kind) => {
      const on = bench();
      const point = on.point(60, EXPIRED);
      const undo = on.simulator.faults.add({ operation: "CreateTags", effect: { kind } });
      const finding = await on.findingOf([MARKING], "tag", point.arn);
      expect(await outcomeOf(on.mend(finding))).toEqual({ failed: kind === "deny" ? "denied" : "throttled" });
      undo();
      expect(await on.mend(await on.findingOf([MARKING], "tag", point.arn))).toBe("updated");
    },
  );

  it("that got no answer is there when the next run looks", async () => {
    const on = bench();
    const point = on.point(60, EXPIRED);
    on.simulator.faults.add({ operation: "CreateTags", effect: { kind: "lose" } });
    expect(await outcomeOf(on.mend(await on.findingOf([MARKING], "tag", point.arn)))).toEqual({ failed: "unanswered" });
    expect(await marked(on)).toEqual([]);
  });
});

describe("tags that a policy asks for", () => {
  const OWNED = ruleOf({ tags: { owner: "platform", tier: "gold" } });
  const missing = async (on: Bench) =>
    (await on.judge([OWNED])).flatMap(({ findings, failure }) => [
      ...findings.map(({ because }) => because),
      ...(failure ? [failure.kind] : []),
    ]);

  it("are added where they are missing or say something else, and only those", async () => {
    const on = bench();
    const point = on.point(2, { lifecycle: { DeleteAfterDays: 400 }, tags: { owner: "platform", tier: "silver" } });
    expect(await missing(on)).toEqual(["it lacks tier=gold, which policy asks for"]);
    expect(await on.mend(await on.findingOf([OWNED], "tag", point.arn))).toBe("updated");
    expect(point.tags).toEqual({ owner: "platform", tier: "gold" });
    expect(await missing(on)).toEqual([]);
  });

  it("are not missing where nobody could list them: the target is in doubt", async () => {
    const on = bench();
    on.point(2, { lifecycle: { DeleteAfterDays: 400 } });
    on.simulator.faults.add({ operation: "GetResources", effect: { kind: "throttle" } });
    expect(await missing(on)).toEqual(["throttled"]);
  });

  it("are never Holdfast's or AWS's own", () => {
    for (const key of ["holdfast:keep", "HOLDFAST:orphan", "aws:x", "AWS:x"])
      expect(() => ruleOf({ tags: { [key]: "x" } })).toThrow("are not yours to set");
  });
});

describe("a keep mark", () => {
  const DELETING = ruleOf({ orphans: { when: ["expired"], action: "delete" }, retention: { atMostDays: 300 } });
  const bars = async (on: Bench) =>
    (await on.judge([DELETING])).flatMap(({ findings }) =>
      findings
        .filter(({ mend }) => mend?.destruction)
        .map(({ mend, bars: all }) => [mend?.step, ...all.map(({ reason }) => reason)]),
    );
  function scene(value: string) {
    const on = bench();
    on.point(2, { lifecycle: { DeleteAfterDays: 30 } });
    on.point(60, { ...EXPIRED, tags: { "holdfast:keep": value } });
    on.point(50, { lifecycle: { DeleteAfterDays: 400 }, tags: { "holdfast:keep": value } });
    return on;
  }

  it.each(["", "no", "until 2030"])(
    "keeps a point from deletion and shortening, whatever it says: %j",
    async (value) => {
      expect(await bars(scene(value))).toEqual([
        ["delete", "kept"],
        ["shorten", "kept"],
      ]);
    },
  );

  it("that nobody could list keeps them all", async () => {
    const on = scene("");
    on.simulator.faults.add({ operation: "GetResources", page: 2, effect: { kind: "throttle" } });
    for (let n = 0; n < 3; n += 1)
      on.point(10 + n, { lifecycle: { DeleteAfterDays: 30 }, tags: { "holdfast:keep": "" } });
    expect((await bars(on)).map(([, reason]) => reason)).toEqual(["unknown-state", "unknown-state"]);
  });

  it("does not keep a point from being kept for longer", async () => {
    const on = bench();
    const point = on.point(2, { lifecycle: { DeleteAfterDays: 30 }, tags: { "holdfast:keep": "" } });
    const longer = ruleOf({ retention: { atLeastDays: 60 } });
    expect(await on.mend(await on.findingOf([longer], "lifecycle", point.arn))).toBe("updated");
  });
});

describe("a legal hold", () => {
  const SHORTER = ruleOf({ retention: { atMostDays: 30 } });
  const HOLD = { Title: "audit", Description: "audit", RecoveryPointSelection: { ResourceIdentifiers: [VOLUME] } };
  const held = async (on: Bench) => {
    const results = await on.judge([SHORTER]);
    return {
      reasons: results.flatMap(({ findings }) => findings.map(({ bars }) => bars.map(({ reason }) => reason))),
      forbids: results[0]?.forbids?.kind,
    };
  };
  function scene() {
    const on = bench();
    on.simulator.addResource(HUB, place.region, { arn: VOLUME, type: "EBS" });
    on.point(2, { lifecycle: { DeleteAfterDays: 30 } });
    on.point(60, { lifecycle: { DeleteAfterDays: 400 } });
    return on;
  }

  it("holds, also while it is being cancelled, until it is", async () => {
    const on = scene();
    expect(await held(on)).toEqual({ reasons: [[]], forbids: undefined });
    const { LegalHoldId } = on.operator("backup", "CreateLegalHold", HOLD) as { readonly LegalHoldId: string };
    expect((await held(on)).reasons, "while it is being made").toEqual([["legal-hold"]]);
    on.simulator.clock.advance(DAY_MS);
    on.operator("backup", "CancelLegalHold", { LegalHoldId, CancelDescription: "over" });
    expect((await held(on)).reasons, "while it is being cancelled").toEqual([["legal-hold"]]);
    on.simulator.clock.advance(DAY_MS);
    expect((await held(on)).reasons).toEqual([[]]);
  });

  it.each(["ListLegalHolds", "ListRecoveryPointsByLegalHold"])(
    "that nobody could read by %s forbids all destruction in its account",
    async (operation) => {
      const on = scene();
      on.operator("backup", "CreateLegalHold", HOLD);
      on.simulator.faults.add({ operation, effect: { kind: "deny" } });
      expect(await held(on)).toEqual({ reasons: [["unknown-state"]], forbids: "denied" });
    },
  );
});
