import { describe, expect, it } from "vitest";
import { canonical, digestOf } from "../../../controller/domain/digest.ts";
import type { FoldMemory } from "../../../controller/kinds/kind.ts";
import type { RecoveryPointRow } from "../../../controller/kinds/point-row.ts";
import type { CopyRule } from "../../../controller/kinds/recovery-point/spec.ts";
import { beside, besideTwo } from "./beside.ts";
import { type Bench, bench, outcomeOf } from "./bench.ts";
import { copyOf, joined, NEAR, policy, SINCE, source } from "./copy-facts.ts";
import { DAY, NO_MEMORY, reasonsOf, ruleOf } from "./facts.ts";

/** Rule 20: a point is left to its copies where exactly one is proven to be in each vault that asks, whole and for long enough. */

const AFTER = { afterCopy: { keepLocalDays: 30 } } as const;
const LEAVING = policy(AFTER);
/** Fifty days old, kept for a hundred, with a newer point beside it. */
const one = source({ deleteAfterDays: 100, deleteOn: 150 * DAY });
const newer = source({ arn: "newer", createdOn: 90 * DAY, deleteAfterDays: 100, deleteOn: 190 * DAY });
const leaving = (
  there: Parameters<typeof joined>[1],
  scene: Parameters<typeof joined>[2] = {},
  point = one,
): readonly (readonly string[] | undefined)[] =>
  joined([point, newer], there, { rule: LEAVING, ...scene })
    .leaving.filter(({ subject }) => subject === point.arn)
    .map(reasonsOf);

describe("a point beside its copy", () => {
  it.each<[string, RecoveryPointRow[] | undefined, (string[] | undefined)[]]>([
    ["goes where there is exactly one", [copyOf(one)], [[]]],
    ["stays where there is none", [], []],
    ["stays where two could be it: neither proves anything", [copyOf(one), copyOf(one, { arn: "twin" })], []],
    ["stays where nobody could look", undefined, []],
    ["stays where the copy is going", [copyOf(one, { status: "DELETING" })], []],
    [
      "is held where the copy does not say where it is from",
      [copyOf(one, { sourceVaultArn: undefined })],
      [["not-proven"]],
    ],
    ["is held where the copy is not whole", [copyOf(one, { status: "PARTIAL" })], [["not-proven"]]],
    ["is held where the copy has expired", [copyOf(one, { status: "EXPIRED" })], [["not-proven"]]],
    ["is held where a scan flagged the copy", [copyOf(one, { flagged: true })], [["not-proven"]]],
    ["is held where an event ends the copy", [copyOf(one, { deleteAfterEvent: true })], [["not-proven"]]],
    [
      "is held where the copy ends first",
      [copyOf(one, { deleteAfterDays: 99, deleteOn: 149 * DAY })],
      [["not-proven"]],
    ],
    ["goes where the copy never ends", [copyOf(one, { deleteAfterDays: undefined, deleteOn: undefined })], [[]]],
    ["is held where AWS does not say when the copy ends", [copyOf(one, { deleteOn: undefined })], [["not-proven"]]],
  ])("%s", (_what, there, expected) => expect(leaving(there)).toEqual(expected));

  it("stays until it is as old as the policy says", () => {
    const young = source({ createdOn: 70 * DAY + 1, deleteAfterDays: 100, deleteOn: 170 * DAY + 1 });
    const due = source({ createdOn: 70 * DAY, deleteAfterDays: 100, deleteOn: 170 * DAY });
    expect(leaving([copyOf(young)], {}, young)).toEqual([]);
    expect(leaving([copyOf(due)], {}, due)).toEqual([[]]);
  });

  it("that would be kept for ever goes to a copy that is kept as long as the policy asks of copies", () => {
    const forEver = source({ deleteAfterDays: undefined });
    const copy = copyOf(forEver, { deleteAfterDays: 365, deleteOn: 415 * DAY });
    expect(leaving([copy], {}, forEver)).toEqual([["not-proven"]]);
    const rule = policy({ ...AFTER, retention: { atLeastDays: 365 } });
    expect(leaving([copy], { rule }, forEver)).toEqual([[]]);
  });

  it("stays as long as any policy keeps it", () => {
    const keeping = ruleOf({ retention: { atLeastDays: 60 } }, { name: "keeping" });
    expect(leaving([copyOf(one)], { others: [keeping] })).toEqual([["cannot-mend"]]);
  });

  it("stays where a policy that matches it is suspended", () => {
    const suspended = ruleOf({}, { name: "off", management: { mode: "suspended", reason: "audit" } });
    expect(leaving([copyOf(one)], { others: [suspended] })).toEqual([]);
  });

  it("stays while it is still to be copied elsewhere", () => {
    const to = { account: NEAR.account, region: NEAR.region, vault: "second" };
    const second = ruleOf({ copies: [{ to, since: SINCE, within: "1h" }] }, { name: "second" });
    const late = ruleOf({ copies: [{ to, since: SINCE, within: "90d" }] }, { name: "second" });
    expect(leaving([copyOf(one)], { others: [second] }), "both sides have it").toEqual([[]]);
    expect(leaving([copyOf(one)], { others: [late] }), "one of them has time until day 140").toEqual([]);
  });

  it("is held where the copy stands announced to go, and its own announcement pauses where nobody can look", () => {
    const announced = (name: string): { memory: Partial<FoldMemory> } => ({
      memory: { ...NO_MEMORY, announced: new Set([name]) },
    });
    const copy = copyOf(one);
    expect(leaving([copy], announced(`planDeleted ${copy.arn}`))).toEqual([["not-proven"]]);
    expect(joined([one], undefined, { rule: LEAVING, ...announced(`copied ${one.arn}`) }).undecided).toEqual([
      `copied ${one.arn}`,
    ]);
  });

  it("is known by its copy: another copy is another announcement", () => {
    const marks = [copyOf(one), copyOf(one, { arn: "made-anew" })].map(
      (copy) => joined([one], [copy], { rule: LEAVING }).leaving[0]?.mend?.destruction?.identity["block"],
    );
    expect(new Set(marks).size).toBe(2);
  });
});

describe("a point that two vaults are asked to hold a copy of", () => {
  const asking = LEAVING.spec.copies![0]!;
  const inVault = (vault: string, more: Partial<CopyRule> = {}): CopyRule => ({
    ...asking,
    ...more,
    to: { ...asking.to, vault },
  });
  const both = ruleOf({ copies: [inVault("central"), inVault("second")] });
  const other = copyOf(one, { arn: "other" });
  type Rows = readonly RecoveryPointRow[] | undefined;
  const heldBy = (first: Rows, second: Rows) => (vault: string) => (vault === "second" ? second : first);
  const its = [copyOf(one)];

  it.each<[string, RecoveryPointRow[] | undefined, (string[] | undefined)[]]>([
    ["goes where each has one", [other], [[]]],
    ["stays where one has none", [], []],
    ["stays where one has two", [other, copyOf(one, { arn: "twin" })], []],
    ["stays where nobody could look into one", undefined, []],
    ["is held where one does not say where it is from", [{ ...other, sourceVaultArn: undefined }], [["not-proven"]]],
    ["is held where one is not whole", [{ ...other, status: "PARTIAL" }], [["not-proven"]]],
    ["is held where a scan flagged one", [{ ...other, flagged: true }], [["not-proven"]]],
    ["is held where an event ends one", [{ ...other, deleteAfterEvent: true }], [["not-proven"]]],
    ["is held where one ends first", [{ ...other, deleteAfterDays: 99, deleteOn: 149 * DAY }], [["not-proven"]]],
  ])("%s, whichever it is", (_what, odd, expected) => {
    expect(leaving(heldBy(its, odd), { rule: both })).toEqual(expected);
    expect(leaving(heldBy(odd, [other]), { rule: both })).toEqual(expected);
  });

  it("is held where what another policy asks for is not fit, though that policy lets nothing go", () => {
    const second = ruleOf({ copies: [inVault("second", { afterCopy: undefined })] }, { name: "second" });
    expect(leaving(heldBy(its, [other]), { others: [second] })).toEqual([[]]);
    expect(leaving(heldBy(its, [{ ...other, status: "EXPIRED" }]), { others: [second] })).toEqual([["not-proven"]]);
  });

  it("is held where one vault is asked twice, and its copy is kept for as long as only one policy asks", () => {
    const longer = ruleOf({ copies: [inVault("central", { retention: { atLeastDays: 365 } })] }, { name: "longer" });
    expect(leaving([copyOf(one)], { others: [longer] })).toEqual([["not-proven"]]);
  });

  it("stands announced, paused, where nobody can look into one of them", () => {
    const memory = { ...NO_MEMORY, announced: new Set([`copied ${one.arn}`]) };
    expect(joined([one], heldBy(its, undefined), { rule: both, memory }).undecided).toEqual([`copied ${one.arn}`]);
  });

  it("is known by each of its copies; a point with one copy is known as it always was", () => {
    const blockOf = (there: Parameters<typeof joined>[1], rule = both): unknown =>
      joined([one], there, { rule }).leaving[0]?.mend?.destruction?.identity["block"];
    const blocks = [other, { ...other, arn: "made-anew" }].map((second) => blockOf(heldBy(its, [second])));
    expect(new Set(blocks).size).toBe(2);
    expect(blockOf([copyOf(one)], LEAVING)).toBe(
      digestOf(canonical({ retention: LEAVING.spec.retention, copies: asking, copy: `${one.arn}-copy` })),
    );
    const twice = ruleOf({ copies: [asking] }, { name: "twice" });
    const [finding] = joined([one], [copyOf(one)], { rule: LEAVING, others: [twice] }).leaving;
    expect(finding?.mend?.destruction?.identity["block"], "one vault, asked by two").toBe(
      blockOf([copyOf(one)], LEAVING),
    );
  });
});

describe("directly before it goes", () => {
  const scene = (): Bench & ReturnType<typeof beside> => {
    const on = bench();
    return { ...on, ...beside(on) };
  };
  type Scene = ReturnType<typeof scene>;
  const inTwo = (): Bench & ReturnType<typeof besideTwo> => {
    const on = bench();
    return { ...on, ...besideTwo(on) };
  };
  const objecting = (why: string): unknown => ({ held: expect.stringContaining(why) });
  const hidingTheOtherKey = ({ simulator, otherKey: { arn } }: ReturnType<typeof inTwo>): unknown =>
    simulator.faults.add({
      operation: "DescribeKey",
      when: ({ input }) => input["KeyId"] === arn,
      effect: { kind: "deny" },
    });
  const finding = (on: Scene) => on.findingOf([on.rule], "delete", on.old.arn);

  it("nothing objects where all is as it was judged", async () => {
    const on = scene();
    const judged = await finding(on);
    expect(judged.bars).toEqual([]);
    expect(await on.mend(judged)).toBe("accepted");
    expect(on.old.status).toBe("DELETING");
  });

  it("the newest stays, copied or not", async () => {
    const on = scene();
    on.simulator.clock.advance(40 * DAY);
    expect(reasonsOf(await on.findingOf([on.rule], "delete", on.newer.arn))).toEqual(["last-point"]);
  });

  it.each<[string, (on: Scene) => unknown, unknown]>([
    [
      "the copy is gone",
      ({ central, copy }) => central.points.delete(copy.arn),
      { held: expect.stringContaining("is not there any more") },
    ],
    ["the copy is going", ({ copy }) => (copy.status = "DELETING"), { held: expect.stringContaining("is DELETING") }],
    [
      "the copy is kept for a shorter time",
      ({ copy }) => (copy.lifecycle = { DeleteAfterDays: 70 }),
      { held: expect.stringContaining("kept for another time") },
    ],
    ["its key is disabled", ({ key }) => (key.state = "Disabled"), { held: expect.stringContaining("is not enabled") }],
    [
      "nobody may look at the copy",
      ({ simulator }) =>
        simulator.faults.add({ operation: "DescribeRecoveryPoint", region: "eu-central-1", effect: { kind: "deny" } }),
      { failed: "denied" },
    ],
    [
      "nobody may look at its key",
      ({ simulator }) =>
        simulator.faults.add({ operation: "DescribeKey", region: "eu-central-1", effect: { kind: "throttle" } }),
      { failed: "throttled" },
    ],
  ])("does not go where %s", async (_what, disturb, expected) => {
    const on = scene();
    const judged = await finding(on);
    disturb(on);
    expect(await outcomeOf(on.mend(judged))).toEqual(expected);
    expect(on.calls("DeleteRecoveryPoint")).toEqual([]);
  });

  it("nothing objects where both vaults hold a fit copy, and the sentence names them", async () => {
    const on = inTwo();
    const judged = await finding(on);
    expect(judged.bars).toEqual([]);
    for (const { arn } of [on.copy, on.otherCopy]) expect(judged.because).toContain(arn);
    expect(await on.mend(judged)).toBe("accepted");
  });

  it.each<[string, (on: ReturnType<typeof inTwo>) => unknown, unknown]>([
    ["is gone", ({ second, otherCopy }) => second.points.delete(otherCopy.arn), objecting("is not there any more")],
    ["is going", ({ otherCopy }) => (otherCopy.status = "DELETING"), objecting("is DELETING")],
    [
      "is kept for a shorter time",
      ({ otherCopy }) => (otherCopy.lifecycle = { DeleteAfterDays: 70 }),
      objecting("kept for another time"),
    ],
    ["has a disabled key", ({ otherKey }) => (otherKey.state = "Disabled"), objecting("is not enabled")],
    [
      "may not be looked at",
      ({ simulator, otherCopy: { arn } }) =>
        simulator.faults.add({
          operation: "DescribeRecoveryPoint",
          when: ({ input }) => input["RecoveryPointArn"] === arn,
          effect: { kind: "deny" },
        }),
      { failed: "denied" },
    ],
    ["has a key that may not be looked at", hidingTheOtherKey, { failed: "denied" }],
  ])("does not go where the copy in a second vault %s", async (_what, disturb, expected) => {
    const on = inTwo();
    const judged = await finding(on);
    disturb(on);
    expect(await outcomeOf(on.mend(judged))).toEqual(expected);
    expect(on.calls("DeleteRecoveryPoint")).toEqual([]);
  });

  it("is not proposed where the key in a second vault is disabled, and is in doubt where nobody may look at it", async () => {
    const on = inTwo();
    on.otherKey.state = "Disabled";
    expect(reasonsOf(await finding(on))).toEqual(["not-proven"]);
    hidingTheOtherKey(on);
    expect(reasonsOf(await finding(on))).toEqual(["unknown-state"]);
  });

  it("is not proposed where the key of its copy is disabled, and is in doubt where nobody may look at it", async () => {
    const on = scene();
    on.key.state = "Disabled";
    expect(reasonsOf(await finding(on))).toEqual(["not-proven"]);
    on.simulator.faults.add({ operation: "DescribeKey", region: "eu-central-1", effect: { kind: "deny" } });
    expect(reasonsOf(await finding(on))).toEqual(["unknown-state"]);
  });
});
