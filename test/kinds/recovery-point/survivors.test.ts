import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RecoveryPointRow } from "../../../controller/kinds/point-row.ts";
import { refuse } from "../answers.ts";
import { DAY, examined, QUIET, reasonsOf, row, ruleOf, type Scene, settled } from "./facts.ts";

/** Rule 1: never the last. What may stand in for a point that goes, and what may not. */

const KEY = "arn:aws:kms:eu-west-1:444455556666:key/k1";
const OTHER_KEY = "arn:aws:kms:eu-west-1:444455556666:key/k2";
const expired = (keepLast = 1) => ruleOf({ orphans: { when: ["expired"], action: "delete", keepLast } });
const point = (day: number, more: Partial<RecoveryPointRow> = {}): RecoveryPointRow =>
  row({ arn: `arn:aws:ec2:eu-west-1::snapshot/snap-${day}`, createdOn: day * DAY, deleteAfterDays: 365, ...more });
const gone = point(1, { status: "EXPIRED" });
const NOW = new Date(100 * DAY);

async function barsOf(
  rows: readonly RecoveryPointRow[],
  {
    keepLast = 1,
    answers = QUIET,
    ...scene
  }: Scene & {
    keepLast?: number;
    answers?: Record<string, (input: never) => unknown>;
  } = {},
) {
  const rules = [expired(keepLast)];
  const part = settled(rows, rules, { now: NOW, ...scene });
  const { findings } = await examined(part, rules, answers, { now: NOW });
  return findings.find(({ subject, mend }) => subject === gone.arn && mend?.step === "delete");
}

/** The state of the one key; undefined: nobody may read it. */
const keyed = (state: string | undefined) => ({
  ...QUIET,
  "kms:DescribeKey": ({ KeyId }: { KeyId: string }) =>
    KeyId === KEY
      ? state === undefined
        ? refuse("denied")
        : { KeyMetadata: { KeyState: state } }
      : { KeyMetadata: { KeyState: "Enabled" } },
});

describe("a point that is to go", () => {
  it.each<[string, RecoveryPointRow[], object, string[], string]>([
    ["there is nothing else", [], {}, ["last-point"], "it is the newest"],
    ["all else is older", [point(0)], {}, ["last-point"], "the newest is never deleted by rule"],
    ["the newer one was flagged by a scan", [point(2, { flagged: true })], {}, ["last-point"], "it is no survivor"],
    ["the newer one is being made", [point(2, { status: "CREATING" })], {}, ["last-point"], "it may never be"],
    ["the newer one is being deleted", [point(2, { status: "DELETING" })], {}, ["last-point"], "it will not be"],
    [
      "the newer one is of another resource",
      [point(2, { resourceArn: "arn:other" })],
      {},
      ["last-point"],
      "per resource",
    ],
    [
      "the newer one's key is disabled",
      [point(2, { keyArn: KEY })],
      keyed("Disabled"),
      ["last-point"],
      "nobody can restore it",
    ],
    [
      "the newer one's key is to be deleted",
      [point(2, { keyArn: KEY })],
      keyed("PendingDeletion"),
      ["last-point"],
      "nobody can restore it",
    ],
    [
      "the newer one's key cannot be read",
      [point(2, { keyArn: KEY })],
      keyed(undefined),
      ["last-point"],
      "it must be known",
    ],
    [
      "the newer one goes within a day",
      [point(2, { deleteOn: NOW.getTime() + DAY })],
      {},
      ["last-point"],
      "with it nothing would be left",
    ],
    [
      "the newer one goes a moment later than that",
      [point(2, { deleteOn: NOW.getTime() + DAY + 1 })],
      {},
      [],
      "it stays",
    ],
    ["the newer one is EXPIRED too", [point(2, { status: "EXPIRED", deleteOn: 0 })], {}, [], "it still restores"],
    ["the newer one is PARTIAL", [point(2, { status: "PARTIAL" })], {}, [], "restorable"],
    [
      "the newer one is continuous",
      [point(2, { form: "continuous", status: "AVAILABLE" })],
      {},
      [],
      "restorable, if not judged",
    ],
    ["the newer one's key is enabled", [point(2, { keyArn: KEY })], keyed("Enabled"), [], "a survivor"],
    [
      "of two newer ones one has a working key",
      [point(2, { keyArn: KEY }), point(3, { keyArn: OTHER_KEY })],
      keyed("Disabled"),
      [],
      "one is enough",
    ],
    [
      "the newest was flagged, and one between was not",
      [point(2), point(3, { flagged: true })],
      {},
      [],
      "the one between survives",
    ],
  ])("where %s", async (_what, others, answers, bars, because) => {
    const finding = await barsOf([gone, ...others], { answers: { ...QUIET, ...answers } });
    expect({ because, bars: reasonsOf(finding) }).toEqual({ because, bars });
    expect(finding?.mend?.destruction?.last, "what only consent to this very ARN lets go").toBe(bars.length > 0);
  });

  it.each<[number, number, boolean]>([
    [2, 1, true],
    [2, 2, false],
    [5, 4, true],
    [5, 5, false],
    [5, 9, false],
  ])(
    "must leave as many as the policy keeps: %i, and with %i newer ones it is held: %s",
    async (keepLast, newer, held) => {
      const others = Array.from({ length: newer }, (_, at) => point(2 + at));
      expect(reasonsOf(await barsOf([gone, ...others], { keepLast }))).toEqual(held ? ["last-point"] : []);
    },
  );

  it("says what it would take", async () => {
    expect((await barsOf([gone]))?.bars[0]).toEqual({
      reason: "last-point",
      because: "it is the newest restorable point of its resource",
      release: `a newer restorable recovery point of the same resource, or an Approval that names ${gone.arn} under lastPoints`,
    });
    expect((await barsOf([gone, point(2)], { keepLast: 2 }))?.bars[0]?.because).toBe(
      "of the newer points of its resource 1 are known to be restorable and to stay, and 2 must be left",
    );
  });

  it("is held where its vault was not read whole", async () => {
    expect(reasonsOf(await barsOf([gone, point(2)], { status: "incomplete" }))).toEqual(["unknown-state"]);
  });

  it("keeps as many as the policy that keeps most, of all that reach its vault", async () => {
    const more = ruleOf({ orphans: { when: ["planDeleted"], keepLast: 3 } }, { name: "keeps-three" });
    const rules = [expired(1), more];
    const part = settled([gone, point(2), point(3)], rules, { now: NOW });
    const { findings } = await examined(part, rules, QUIET, { now: NOW });
    expect(reasonsOf(findings.find(({ mend }) => mend?.step === "delete"))).toEqual(["last-point"]);
  });
});

const anyPoint = fc
  .record({
    arn: fc.integer({ min: 100, max: 999 }).map((at) => `arn:aws:ec2:eu-west-1::snapshot/snap-${at}`),
    resourceArn: fc.constantFrom("r1", "r2", "r3"),
    status: fc.constantFrom("COMPLETED", "EXPIRED", "CREATING", "DELETING", "PARTIAL"),
    createdOn: fc.integer({ min: 0, max: 5 }).map((day) => day * DAY),
    deleteAfterDays: fc.constantFrom(20, 60, 400, undefined),
    flagged: fc.boolean(),
    keyArn: fc.constantFrom(KEY, OTHER_KEY, undefined),
  })
  .map((more) => row(more));

/** Points of a vault that nothing keeps from going, where the first key is disabled. */
async function goingFrom(rows: readonly RecoveryPointRow[], keepLast: number): Promise<ReadonlySet<string>> {
  const orphans = { when: ["expired" as const], action: "delete" as const, keepLast };
  const rules = [ruleOf({ retention: { atMostDays: 40 }, orphans })];
  const now = new Date(6 * DAY);
  const part = settled(rows, rules, { room: 1000, now });
  const { findings } = await examined(part, rules, keyed("Disabled"), { now });
  return new Set(
    findings.filter(({ bars, mend }) => mend?.destruction && bars.length === 0).map(({ subject }) => subject),
  );
}

/** Of one resource: its newest restorable point, what went, and what of the rest can be restored. */
function leftOf(group: readonly RecoveryPointRow[], going: ReadonlySet<string>) {
  const restorable = group.filter(({ status }) => status !== "CREATING" && status !== "DELETING");
  const [newest] = restorable.toSorted((a, b) => b.createdOn - a.createdOn || (a.arn < b.arn ? 1 : -1));
  return {
    newestGoes: newest !== undefined && going.has(newest.arn),
    went: restorable.filter(({ arn }) => going.has(arn)).length,
    left: restorable.filter(({ arn, flagged, keyArn }) => !going.has(arn) && !flagged && keyArn !== KEY).length,
  };
}

it("never lets the newest restorable point of a resource go, nor leaves fewer than the policy keeps, in any vault", async () => {
  const vaults = fc.uniqueArray(anyPoint, { selector: ({ arn }) => arn, maxLength: 30 });
  const wrong: unknown[] = [];
  await fc.assert(
    fc.asyncProperty(vaults, fc.integer({ min: 1, max: 3 }), async (rows, keepLast) => {
      const going = await goingFrom(rows, keepLast);
      for (const group of Map.groupBy(rows, ({ resourceArn }) => resourceArn).values()) {
        const { newestGoes, went, left } = leftOf(group, going);
        if (newestGoes || (went > 0 && left < keepLast)) wrong.push(group);
      }
      return wrong.length === 0;
    }),
    { numRuns: 300 },
  );
  expect(wrong).toEqual([]);
});
