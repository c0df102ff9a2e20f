import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Management } from "../../../controller/domain/desired.ts";
import { type PointRule, reaches } from "../../../controller/kinds/recovery-point/judge/matching.ts";
import type { RecoveryPointRow } from "../../../controller/kinds/point-row.ts";
import type { RecoveryPointRuleSpec } from "../../../controller/kinds/recovery-point/spec.ts";
import { source, target } from "../answers.ts";
import { DAY, reasonsOf, row, ruleOf, type Scene, settled, VOLUME } from "./facts.ts";

const rule = (
  retention: RecoveryPointRuleSpec["retention"],
  match: RecoveryPointRuleSpec["match"] = {},
  management: Management = { mode: "enforce" },
  name = "policy",
): PointRule => ruleOf({ match, retention }, { management, name });
const atLeast35 = rule({ atLeastDays: 35 });

describe("a point kept too short", () => {
  it("is mended by a longer retention, with everything the call needs", () => {
    const { findings } = settled([row()], [atLeast35]);
    expect(findings).toEqual([
      {
        key: { target, kind: "recovery-point", name: row().arn },
        subject: row().arn,
        partition: "nightly",
        judgedIn: target,
        within: { target, kind: "vault", name: "nightly" },
        of: { resource: VOLUME, type: "EBS" },
        rule: { name: "policy", source },
        cause: "tooShort",
        because: "kept 7 days, and policy asks for at least 35",
        bars: [],
        bytes: 10,
        management: "enforce",
        mend: {
          step: "lifecycle",
          fields: [
            {
              path: "lifecycle.deleteAfterDays",
              live: 7,
              desired: 35,
              effect: "strengthens",
              on: "in-place",
              hazards: [],
            },
          ],
          input: {
            vault: "nightly",
            arn: row().arn,
            judged: { deleteAfterDays: 7, moveToColdStorageAfterDays: null },
            moveToColdStorageAfterDays: null,
            optInToArchive: false,
          },
        },
      },
    ]);
  });

  it.each<[string, PointRule[], string | undefined, string]>([
    [
      "the longest of several",
      [rule({ atLeastDays: 35 }), rule({ atLeastDays: 90 }, {}, { mode: "enforce" }, "longer")],
      "longer 90 enforce",
      "rule 5",
    ],
    [
      "the enforced one",
      [rule({ atLeastDays: 35 }), rule({ atLeastDays: 90 }, {}, { mode: "observe" }, "watched")],
      "policy 35 enforce",
      "observing must not hold up enforcing",
    ],
    [
      "the observed one where the enforced is content",
      [rule({ atLeastDays: 7 }), rule({ atLeastDays: 90 }, {}, { mode: "observe" }, "watched")],
      "watched 90 observe",
      "reported and held",
    ],
    [
      "none where one is suspended",
      [rule({ atLeastDays: 35 }), rule({ atLeastDays: 90 }, {}, { mode: "suspended", reason: "audit" }, "paused")],
      undefined,
      "suspended is observed, not judged",
    ],
    ["none of another type", [rule({ atLeastDays: 35 }, { resourceTypes: ["RDS"] })], undefined, "the point is of EBS"],
    ["none of another vault", [rule({ atLeastDays: 35 }, { vaults: ["app-*"] })], undefined, "the vault is nightly"],
    ["none without a number", [rule({})], undefined, "the rule that made the point is content with it"],
  ])("is judged by %s", (_who, rules, expected, because) => {
    const [finding] = settled([row()], rules).findings;
    const told = finding && `${finding.rule.name} ${String(finding.mend?.fields[0]?.desired)} ${finding.management}`;
    expect({ because, told }).toEqual({ because, told: expected });
  });

  it.each<[string, Partial<RecoveryPointRow>, Scene, string[], object, string]>([
    ["in a locked vault", {}, { locked: true }, ["locked"], {}, "AWS refuses even to lengthen"],
    [
      "bound for cold",
      { moveToColdStorageAfterDays: 5, deleteAfterDays: 20 },
      {},
      ["cannot-mend"],
      { moveToColdStorageAfterDays: 5 },
      "35 is less than 5 + 90",
    ],
    [
      "of a type without cold",
      { moveToColdStorageAfterDays: 5, resourceType: "RDS" },
      {},
      [],
      { moveToColdStorageAfterDays: null },
      "AWS ignores the setting there",
    ],
    ["archived", { optInToArchive: true }, {}, [], { optInToArchive: true }, "it stays opted in"],
  ])("%s", (_what, more, vault, bars, input, because) => {
    const [finding] = settled([row(more)], [atLeast35], vault).findings;
    expect({ because, bars: reasonsOf(finding) }).toEqual({ because, bars });
    expect(finding?.mend?.input).toMatchObject(input);
  });
});

describe("a point kept too long", () => {
  const atMost30 = rule({ atMostDays: 30 });
  const old = row({ deleteAfterDays: 365 });
  const newer = row({ arn: "newer", createdOn: DAY, deleteAfterDays: 30 });

  it("would be destroyed by mending it, and comes with what it must be announced by", () => {
    const [finding] = settled([old, newer], [atMost30]).findings;
    expect(finding).toMatchObject({
      cause: "tooLong",
      bars: [],
      mend: {
        step: "shorten",
        fields: [{ live: 365, desired: 30, effect: "destroys" }],
        destruction: { shorten: { createdOn: 0, wantedDays: 30 }, beside: { rank: 1 }, last: false },
      },
    });
  });

  it("is held where its vault was not read whole: which point is the last follows from all of it", () => {
    const finding = settled([old, newer], [atMost30], { status: "incomplete" }).findings[0];
    expect(reasonsOf(finding)).toEqual(["unknown-state"]);
  });

  it.each<[string, PointRule[], number | undefined, string]>([
    [
      "all say how long at most",
      [atMost30, rule({ atMostDays: 60 }, {}, { mode: "enforce" }, "longer")],
      60,
      "the longest wins",
    ],
    [
      "one says nothing",
      [atMost30, rule({ atLeastDays: 7 }, {}, { mode: "enforce" }, "quiet")],
      undefined,
      "without atMostDays nothing is shortened",
    ],
    [
      "one asks for more at least",
      [atMost30, rule({ atLeastDays: 90, atMostDays: 100 }, {}, { mode: "observe" }, "longer")],
      100,
      "what one shortens another may need",
    ],
  ])("where %s", (_what, rules, wanted, because) => {
    expect({ because, wanted: settled([old], rules).findings[0]?.mend?.fields[0]?.desired }).toEqual({
      because,
      wanted,
    });
  });

  it("is one that is kept for ever, too", () => {
    const { deleteAfterDays: _for, ...forEver } = old;
    expect(settled([forEver], [atMost30]).findings).toMatchObject([
      { cause: "neverExpires", because: expect.stringContaining("kept for ever") },
    ]);
  });
});

it.each<[string, Partial<RecoveryPointRow>, Scene, string]>([
  ["a continuous point", { form: "continuous" }, {}, "continuous"],
  ["a composite", { form: "parent" }, {}, "nested"],
  ["a part of one", { form: "child" }, {}, "nested"],
  ["one on its way out after a copy", { deleteAfterEvent: true }, {}, "deleted-after-event"],
  ["one being made", { status: "CREATING" }, {}, "in-transition"],
  ["one being deleted", { status: "DELETING" }, {}, "in-transition"],
  ["an expired one that no rule speaks of", { status: "EXPIRED" }, {}, "expired"],
  ["one behind an air gap", {}, { vaultType: "LOGICALLY_AIR_GAPPED_BACKUP_VAULT" }, "air-gapped"],
  ["one in AWS's own vault", {}, { name: "aws/efs/automatic-backup-vault" }, "reserved"],
])("counts %s and leaves it alone", (_what, more, vault, name) => {
  const { findings, counts } = settled([row(more)], [atLeast35], vault);
  expect({ findings, counts }).toEqual({ findings: [], counts: { [name]: { points: 1, bytes: 10 } } });
});

const anyRow = fc
  .record({
    arn: fc.integer({ min: 0, max: 999 }).map((at) => `arn:${String(at).padStart(3, "0")}`),
    resourceArn: fc.constantFrom("r1", "r2", "r3"),
    status: fc.constantFrom("COMPLETED", "EXPIRED", "CREATING"),
    createdOn: fc.integer({ min: 0, max: 5 }).map((day) => day * DAY),
    deleteAfterDays: fc.constantFrom(3, 20, 35, 60, undefined),
    flagged: fc.boolean(),
  })
  .map((more) => row(more));
const manyRows = fc.uniqueArray(anyRow, { selector: ({ arn }) => arn, maxLength: 40 });
const bounded = rule({ atLeastDays: 10, atMostDays: 40 });

it("comes to the same whatever order the rows come in, keeps the gravest of each cause, and counts the rest", () => {
  fc.assert(
    fc.property(
      manyRows.chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length }))),
      fc.integer({ min: 0, max: 8 }),
      ([rows, shuffled], room) => {
        const one = settled(rows, [bounded], { room });
        expect(settled(shuffled, [bounded], { room })).toEqual(one);
        const all = settled(rows, [bounded], { room: 1000 });
        for (const [cause, findings] of Map.groupBy(all.findings, (finding) => finding.cause))
          expect(one.findings.filter((finding) => finding.cause === cause)).toEqual(findings.slice(0, room));
        expect(one.findings.length + one.deferred).toBe(all.findings.length);
        expect(Object.values(one.counts).reduce((sum, { points }) => sum + points, 0)).toBe(rows.length);
        expect(one.tallies).toEqual(all.tallies);
        expect(one.population).toBe(rows.length);
      },
    ),
    { numRuns: 200 },
  );
});

it("reads * and ? in vault names as wildcards and everything else as itself", () => {
  const hit = (glob: string, vault: string) => reaches({ match: { vaults: [glob] }, retention: {} }, vault);
  expect([hit("app-*", "app-"), hit("app-*", "app-x-y"), hit("app-?", "app-x"), hit("*", "any")]).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect([hit("app-?", "app-"), hit("app", "app-x"), hit("a.p", "axp"), hit("app-*", "my-app-x")]).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(reaches({ match: {}, retention: {} }, "any")).toBe(true);
});
