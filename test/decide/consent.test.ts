import { describe, expect, it } from "vitest";
import { consentsIn } from "../../controller/decide/consent.ts";
import { groupsOf } from "../../controller/decide/groups.ts";
import { groupId } from "../../controller/domain/announcement.ts";
import type { Approval } from "../../controller/domain/desired.ts";
import { Digest } from "../../controller/domain/identity.ts";
import { approval, NOW, there } from "../support/facts.ts";
import { amendment, bar, finding, on } from "./amendments.ts";

/** Rule 7: consent is in git, to exact changes, each once, for thirty days at most. */

const one = amendment(finding());
const other = amendment(finding("snap-2"));
const EDITED = Digest.parse("b".repeat(64));
const used = (change: string, more: Partial<Approval> = {}) => ({
  approval: "agreed",
  digest: approval(more).digest,
  change,
  on: on(-1),
  expiresOn: on(10),
});
const to = (
  approvals: readonly Approval[],
  { consumed = [] as ReturnType<typeof used>[], groups = new Map<string, readonly string[]>(), now = NOW } = {},
) => consentsIn(approvals, consumed, groups, now);

describe("consent to a change", () => {
  const named = approval({ changes: [one.id] });

  it.each<[string, unknown, boolean, string]>([
    ["nobody", to([]).to(one), false, "nothing is approved"],
    ["an approval of another change", to([approval({ changes: [other.id] })]).to(one), false, "one exact change"],
    ["one that ran out", to([{ ...named, expiresOn: on(0) }]).to(one), false, "it is over at that moment"],
    [
      "one that runs for longer than thirty days yet",
      to([{ ...named, expiresOn: on(30.001) }]).to(one),
      false,
      "no approval lives longer",
    ],
    ["one that is used up", to([named], { consumed: [used(one.id)] }).to(one), false, "each change once"],
    [
      "one of a chain that was begun anew",
      to([named], { consumed: [used("*")] }).to(one),
      false,
      "what it covered before is not known",
    ],
    [
      "a group that this report does not list",
      to([approval({ groups: [{ id: "g1", report: 2 }] })]).to(one),
      false,
      "nobody knows its members",
    ],
    [
      "a group of others",
      to([approval({ groups: [{ id: "g1", report: 2 }] })], { groups: new Map([["g1", [other.id]]]) }).to(one),
      false,
      "exactly its members",
    ],
    [
      "a standing approval of another policy",
      to([approval({ standing: [{ policy: "other", cause: "expired" }] })]).to(one),
      false,
      "by policy and cause",
    ],
    [
      "a point's name alone",
      to([approval({ lastPoints: [one.finding.subject] })]).to(one),
      false,
      "that says it may be the last, not that it may go",
    ],
    ["an approval of this change", to([named]).to(one), true, "one exact change"],
    ["one with thirty days to go", to([{ ...named, expiresOn: on(30) }]).to(one), true, "the most there is"],
    [
      "one that is used up for another change",
      to([named], { consumed: [used(other.id)] }).to(one),
      true,
      "each change once",
    ],
    [
      "one that was edited since it was used up",
      to([{ ...named, digest: EDITED }], { consumed: [used(one.id)] }).to(one),
      true,
      "an edited approval is a new one",
    ],
    [
      "a group that it is of",
      to([approval({ groups: [{ id: "g1", report: 2 }] })], { groups: new Map([["g1", [one.id]]]) }).to(one),
      true,
      "its members as signed",
    ],
    [
      "a standing approval",
      to([approval({ standing: [{ policy: "clean-up", cause: "expired" }] })]).to(one),
      true,
      "policy and cause",
    ],
  ])("by %s", (_whose, consent, given, because) => {
    expect({ because, given: consent !== undefined }).toEqual({ because, given });
  });

  it("says whose it is", () => {
    expect(to([{ ...named, ticket: "OPS-7" }]).to(one)).toEqual({
      approval: "agreed",
      digest: named.digest,
      expiresOn: on(10),
      ticket: "OPS-7",
    });
  });

  it("by the first approval that is left, where several name it", () => {
    const second = { ...named, name: "second", digest: EDITED };
    expect(to([named, second], { consumed: [used(one.id)] }).to(one)?.approval).toBe("second");
  });

  it("in advance is to expired points alone: a standing approval covers no other cause, and no other change", () => {
    const standing = approval({ standing: [{ policy: "clean-up", cause: "expired" }] });
    expect(to([standing]).to(amendment(finding("snap-1", { cause: "planDeleted" })))).toBeUndefined();
    expect(to([standing]).to(amendment(finding("snap-1", { copies: 5 })))).toBeUndefined();
  });
});

describe("consent to a last point", () => {
  const naming = approval({ lastPoints: [one.finding.subject] });

  it("names its very ARN", () => {
    expect(to([naming]).toLast(one)).toBe(true);
    expect(to([naming]).toLast(other)).toBe(false);
    expect(
      to([approval({ changes: [one.id], standing: [{ policy: "clean-up", cause: "expired" }] })]).toLast(one),
    ).toBe(false);
  });

  it("ends like any other", () => {
    expect(to([{ ...naming, expiresOn: on(0) }]).toLast(one)).toBe(false);
    expect(to([{ ...naming, expiresOn: on(31) }]).toLast(one)).toBe(false);
    expect(to([naming], { consumed: [used(one.id)] }).toLast(one)).toBe(false);
  });
});

describe("groups of findings", () => {
  const waiting = (...given: readonly (readonly [ReturnType<typeof finding>, ...Parameters<typeof bar>[0][]])[]) =>
    groupsOf(given.map(([found, ...reasons]) => ({ change: amendment(found), bars: reasons.map(bar) })));

  it("are those of one policy, cause, vault and target, by the digest of their sorted ids", () => {
    const ids = [one.id, other.id].toSorted();
    expect(waiting([finding("snap-2"), "needs-approval"], [finding(), "needs-approval", "not-announced"])).toEqual([
      {
        id: groupId(ids),
        target: one.key.target,
        partition: "nightly",
        policy: "clean-up",
        cause: "expired",
        step: "delete",
        bytes: 2_000,
        members: ids,
      },
    ]);
  });

  it.each<[string, ReturnType<typeof finding>]>([
    ["policy", finding("snap-2", { rule: { ...finding().rule, name: "other" } })],
    ["cause", finding("snap-2", { cause: "planDeleted" })],
    ["vault", finding("snap-2", { partition: "weekly" })],
    ["account", finding("snap-2", { target: there })],
    ["step", finding("snap-2", { step: "shorten" })],
  ])("are apart by %s", (_what, second) => {
    expect(
      waiting([finding(), "needs-approval"], [second, "needs-approval"]).map(({ members }) => members.length),
    ).toEqual([1, 1]);
  });

  it.each<[string, Parameters<typeof bar>[0][], number]>([
    ["waits for consent alone", ["needs-approval"], 1],
    ["waits for an announcement and consent", ["needs-approval", "not-announced"], 1],
    ["carries a hazard", ["hazard"], 1],
    ["is the last of its resource", ["needs-approval", "last-point"], 0],
    ["is kept", ["needs-approval", "kept"], 0],
    ["is locked", ["needs-approval", "locked"], 0],
    ["is not known well enough", ["needs-approval", "unknown-state"], 0],
    ["waits for nothing but time", ["in-grace"], 0],
  ])("take in what %s or not: %j", (_what, reasons, groups) => {
    expect(waiting([finding(), ...reasons])).toHaveLength(groups);
  });

  it("change their id with any member", () => {
    const [two] = waiting([finding(), "needs-approval"], [finding("snap-2"), "needs-approval"]);
    const [alone] = waiting([finding(), "needs-approval"]);
    expect(two?.id).not.toBe(alone?.id);
    expect(groupId(["b", "a"])).toBe(groupId(["a", "b"]));
  });
});
