import { describe, expect, it } from "vitest";
import { canariesAfter, deletionBar, followUp, remainingDeletions } from "../../controller/decide/deletions.ts";
import type { Deletion } from "../../controller/domain/announcement.ts";
import type { GovernedResult } from "../../controller/domain/inventory.ts";
import { here, NOW, there } from "../support/facts.ts";
import { amendment, finding, on, vault } from "./amendments.ts";

/** Rule 9: AWS answers 200 and may leave the point EXPIRED. What became of a deletion is for a later listing to say. */

const due = finding();
const deletion = (more: Partial<Deletion> = {}): Deletion => ({
  change: amendment(due).id,
  key: due.key,
  subject: due.subject,
  partition: "nightly",
  type: "EBS",
  acceptedOn: on(-0.1),
  refusals: 0,
  state: "s",
  ...more,
});
const seen = (status: string, more: Partial<GovernedResult> = {}): GovernedResult =>
  vault(10, { watched: [{ subject: due.subject, status }], ...more });
const resultOf = (parts: readonly GovernedResult[], one = deletion()) => followUp([one], parts, NOW)[0]?.result;

describe("a deletion that AWS accepted", () => {
  it.each<[string, readonly GovernedResult[], Partial<Deletion>, string]>([
    ["is confirmed where a whole listing lacks the point", [vault(9)], {}, "confirmed"],
    ["is unknown where the listing broke off", [vault(9, { status: "incomplete" })], {}, "unknown"],
    ["is unknown where nobody looked into its vault", [], {}, "unknown"],
    ["is unknown where another account's vault of the name was read", [vault(9, { target: there })], {}, "unknown"],
    ["is pending while the point is DELETING", [seen("DELETING")], {}, "pending"],
    [
      "is pending for a while, whatever a listing shows",
      [seen("EXPIRED")],
      { acceptedOn: on(-14.9 / 1_440) },
      "pending",
    ],
    [
      "is refused where the point is EXPIRED after that",
      [seen("EXPIRED")],
      { acceptedOn: on(-15.1 / 1_440) },
      "refused",
    ],
    ["is refused where the point is as it was", [seen("COMPLETED")], {}, "refused"],
    [
      "is refused in a listing that broke off, if it shows the point",
      [seen("EXPIRED", { status: "incomplete" })],
      {},
      "refused",
    ],
  ])("%s: %s", (_what, parts, more, result) => expect(resultOf(parts, deletion(more))).toBe(result));

  it("that was refused and is not tried again is not followed up", () => {
    expect(followUp([deletion({ acceptedOn: null, refusals: 1 })], [vault(9)], NOW)).toEqual([]);
  });
});

describe("what is remembered of it", () => {
  const left = (parts: readonly GovernedResult[], one = deletion()) =>
    remainingDeletions([one], followUp([one], parts, NOW), parts);

  it("ends with its confirmation", () => expect(left([vault(9)])).toEqual([]));

  it("goes on while it is pending or unknown", () => {
    expect(left([seen("DELETING")])).toEqual([deletion()]);
    expect(left([])).toEqual([deletion()]);
  });

  it("counts a refusal, in the state in which the point was left", () => {
    const part = seen("EXPIRED", { findings: [finding("snap-1", { destroys: { state: "left so" } })] });
    expect(left([part])).toEqual([deletion({ acceptedOn: null, refusals: 1, state: "left so" })]);
    expect(left([part], deletion({ refusals: 2 }))).toEqual([
      deletion({ acceptedOn: null, refusals: 3, state: "left so" }),
    ]);
  });

  it("of a refused one ends once a whole listing lacks the point", () => {
    const refused = deletion({ acceptedOn: null, refusals: 2 });
    expect(left([vault(9)], refused)).toEqual([]);
    expect(left([vault(9, { status: "incomplete" })], refused)).toEqual([refused]);
    expect(left([seen("EXPIRED")], refused)).toEqual([refused]);
  });
});

describe("another try", () => {
  const reasonFor = (before: readonly Deletion[], one = due) => deletionBar(amendment(one), before)?.reason;

  it.each<[string, readonly Deletion[], string | undefined, string]>([
    ["is free where none was made", [], undefined, "the first"],
    ["waits while AWS is at it", [deletion()], "in-grace", "one at a time"],
    [
      "is free after one refusal",
      [deletion({ acceptedOn: null, refusals: 1 })],
      undefined,
      "it may have been a passing fault",
    ],
    ["is free after two", [deletion({ acceptedOn: null, refusals: 2 })], undefined, "three are enough"],
    ["is not made after three", [deletion({ acceptedOn: null, refusals: 3 })], "cannot-mend", "nothing has changed"],
    [
      "is made after three in another state",
      [deletion({ acceptedOn: null, refusals: 3, state: "as it was" })],
      undefined,
      "it may go now",
    ],
    [
      "is free of another point's refusals",
      [deletion({ subject: "other", acceptedOn: null, refusals: 3 })],
      undefined,
      "each its own",
    ],
  ])("%s", (_what, before, expected, because) => {
    expect({ because, found: reasonFor(before) }).toEqual({ because, found: expected });
  });

  it("at shortening is another matter", () => {
    expect(reasonFor([deletion()], finding("snap-1", { step: "shorten" }))).toBeUndefined();
  });
});

describe("types known to work", () => {
  const canary = { target: here, type: "EBS", confirmedOn: on(-5) };
  const told = (result: "confirmed" | "refused" | "pending" | "unknown", more: Partial<Deletion> = {}) => ({
    deletion: deletion(more),
    result,
  });

  it("are those whose deletion was confirmed, as of the last time", () => {
    expect(canariesAfter([], [told("confirmed")], NOW)).toEqual([{ target: here, type: "EBS", confirmedOn: on(0) }]);
    expect(canariesAfter([canary], [told("confirmed")], NOW)).toEqual([{ ...canary, confirmedOn: on(0) }]);
  });

  it("are none after a refusal, whatever was confirmed beside it", () => {
    expect(canariesAfter([canary], [told("refused"), told("confirmed", { subject: "other" })], NOW)).toEqual([]);
    expect(canariesAfter([canary], [told("refused", { type: "RDS" })], NOW), "of another type").toEqual([canary]);
  });

  it("stay while nothing is known", () => {
    expect(canariesAfter([canary], [told("pending"), told("unknown")], NOW)).toEqual([canary]);
    expect(canariesAfter([], [told("pending"), told("unknown")], NOW)).toEqual([]);
  });
});
