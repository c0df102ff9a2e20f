import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Management } from "../../controller/domain/desired.ts";
import { beginFold, foldRow, settleFold } from "../../controller/kinds/recovery-point/fold.ts";
import { reaches } from "../../controller/kinds/recovery-point/matching.ts";
import type { PointRule } from "../../controller/kinds/recovery-point/retention.ts";
import type { RecoveryPointRow } from "../../controller/kinds/recovery-point/row.ts";
import type { RecoveryPointRuleSpec } from "../../controller/kinds/recovery-point/spec.ts";
import { source, target } from "./answers.ts";

const DAY = 86_400_000;
const row = (more: Partial<RecoveryPointRow> = {}): RecoveryPointRow => ({
  arn: "arn:aws:ec2:eu-west-1::snapshot/snap-1",
  resourceArn: "arn:aws:ec2:eu-west-1:444455556666:volume/vol-1",
  resourceType: "EBS",
  status: "COMPLETED",
  createdOn: 0,
  deleteAfterDays: 7,
  deleteAfterEvent: false,
  bytes: 10,
  form: "snapshot",
  flagged: false,
  ...more,
});
const rule = (
  retention: RecoveryPointRuleSpec["retention"],
  match: RecoveryPointRuleSpec["match"] = {},
  management: Management = { mode: "enforce" },
  name = "policy",
): PointRule => ({ kind: "recovery-point", name, target, spec: { match, retention }, management, source });

interface Vault {
  readonly name?: string;
  readonly vaultType?: string;
  readonly locked?: boolean;
  readonly room?: number;
}
function settled(
  rows: readonly RecoveryPointRow[],
  rules: readonly PointRule[],
  { name = "nightly", vaultType = "BACKUP_VAULT", locked = false, room = 10 }: Vault = {},
  status: "complete" | "incomplete" = "complete",
) {
  const partition = { name, id: `arn:${name}`, createdOn: new Date(0), size: 0, facts: { vaultType, locked } };
  const fold = beginFold({ target, partition, rules, now: new Date(0), room });
  return settleFold(
    rows.reduce((sofar, one) => foldRow(sofar, one), fold),
    status,
  );
}
const atLeast35 = rule({ atLeastDays: 35 });

describe("a point kept too short", () => {
  it("is mended by a longer retention, with everything the call needs", () => {
    const { findings } = settled([row()], [atLeast35]);
    expect(findings).toEqual([
      {
        key: { target, kind: "recovery-point", name: row().arn },
        subject: row().arn,
        partition: "nightly",
        rule: { name: "policy", source },
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
            deleteAfterDays: 35,
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

  it.each<[string, Partial<RecoveryPointRow>, Vault, string[], object, string]>([
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
    expect({ because, bars: finding?.bars }).toEqual({ because, bars });
    expect(finding?.mend?.input).toMatchObject(input);
  });
});

describe("a point kept too long", () => {
  const atMost30 = rule({ atMostDays: 30 });
  const old = row({ deleteAfterDays: 365 });
  const newer = row({ arn: "newer", createdOn: DAY, deleteAfterDays: 30 });

  it("would be destroyed by mending it, and waits for an announcement", () => {
    const [finding] = settled([old, newer], [atMost30]).findings;
    expect(finding).toMatchObject({
      bars: ["cannot-mend"],
      mend: { fields: [{ live: 365, desired: 30, effect: "destroys" }] },
    });
  });

  it.each<[string, RecoveryPointRow[], "complete" | "incomplete", string[], string]>([
    ["the only one", [old], "complete", ["last-point", "cannot-mend"], "law 4"],
    [
      "one whose successors are not known",
      [old, newer],
      "incomplete",
      ["unknown-state", "cannot-mend"],
      "the last follows from the whole vault",
    ],
    [
      "one whose successor a scan flagged",
      [old, { ...newer, flagged: true }],
      "complete",
      ["last-point", "cannot-mend"],
      "it is no survivor (rule 1)",
    ],
    [
      "one whose successor is being made",
      [old, { ...newer, status: "CREATING" }],
      "complete",
      ["last-point", "cannot-mend"],
      "it may never be",
    ],
    [
      "one whose successor is of another resource",
      [old, { ...newer, resourceArn: "other" }],
      "complete",
      ["last-point", "cannot-mend"],
      "per resource",
    ],
    [
      "one whose successor is continuous",
      [old, { ...newer, form: "continuous" }],
      "complete",
      ["cannot-mend"],
      "restorable, if not judged",
    ],
  ])("%s", (_what, rows, status, bars, because) => {
    const finding = settled(rows, [atMost30], {}, status).findings.find(({ subject }) => subject === old.arn);
    expect({ because, bars: finding?.bars }).toEqual({ because, bars });
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
      { because: expect.stringContaining("kept for ever") },
    ]);
  });
});

it.each<[string, Partial<RecoveryPointRow>, Vault, string]>([
  ["a continuous point", { form: "continuous" }, {}, "continuous"],
  ["a composite", { form: "parent" }, {}, "nested"],
  ["a part of one", { form: "child" }, {}, "nested"],
  ["one on its way out after a copy", { deleteAfterEvent: true }, {}, "deleted-after-event"],
  ["one being made", { status: "CREATING" }, {}, "in-transition"],
  ["one being deleted", { status: "DELETING" }, {}, "in-transition"],
  ["an expired one", { status: "EXPIRED" }, {}, "expired"],
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

it("comes to the same whatever order the rows come in, keeps the gravest, and counts the rest", () => {
  fc.assert(
    fc.property(
      manyRows.chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length }))),
      fc.integer({ min: 0, max: 8 }),
      ([rows, shuffled], room) => {
        const one = settled(rows, [bounded], { room });
        expect(settled(shuffled, [bounded], { room })).toEqual(one);
        const all = settled(rows, [bounded], { room: 1000 });
        expect(one.findings).toEqual(all.findings.slice(0, room));
        expect(one.findings.length + one.deferred).toBe(all.findings.length);
        expect(Object.values(one.counts).reduce((sum, { points }) => sum + points, 0)).toBe(rows.length);
      },
    ),
    { numRuns: 200 },
  );
});

it("bars the newest restorable point of every resource from being shortened, and no other", () => {
  fc.assert(
    fc.property(manyRows, (rows) => {
      const { findings } = settled(rows, [bounded], { room: 1000 });
      const barred = findings.filter(({ bars }) => bars.includes("last-point")).map(({ subject }) => subject);
      const expected = [...Map.groupBy(rows, ({ resourceArn }) => resourceArn).values()].flatMap((group) => {
        const survivors = group.filter(({ status, flagged }) => status !== "CREATING" && !flagged);
        const last = survivors.toSorted((a, b) => b.createdOn - a.createdOn || (a.arn < b.arn ? 1 : -1))[0];
        return last?.status === "COMPLETED" && (last.deleteAfterDays ?? Infinity) > 40 ? [last.arn] : [];
      });
      expect(barred.toSorted()).toEqual(expected.toSorted());
    }),
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
