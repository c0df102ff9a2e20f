import { describe, expect, it } from "vitest";
import { sidesOf } from "../../../controller/kinds/recovery-point/judge/asked.ts";
import { matchCopies } from "../../../controller/kinds/recovery-point/judge/copies.ts";
import { foldRow, settleFold } from "../../../controller/kinds/recovery-point/judge/fold.ts";
import type { RecoveryPointRow } from "../../../controller/kinds/point-row.ts";
import { begun, DAY, vaultArn } from "./facts.ts";

import { NOW, type Copy, policy, source, copyOf, destination, joined } from "./copy-facts.ts";

/** Rule 20: which points must have a copy elsewhere, and what counts as one. */

describe("a point's copy", () => {
  const one = source();
  const copy = copyOf(one);

  it.each<[string, RecoveryPointRow[] | undefined, string[], string]>([
    ["is missing where nothing is there", [], ["copyMissing"], "asked for and not there"],
    ["is there with its source vault", [copy], ["copied"], "same resource, same moment, same vault"],
    [
      "is there without a source vault",
      [copyOf(one, { sourceVaultArn: undefined })],
      ["copied"],
      "AWS leaves it out at times",
    ],
    [
      "is not a point of another vault",
      [copyOf(one, { sourceVaultArn: vaultArn("other") })],
      ["copyMissing"],
      "that is another's copy",
    ],
    [
      "is not one of another moment",
      [copyOf(one, { createdOn: one.createdOn + 1 })],
      ["copyMissing"],
      "copies keep the creation date",
    ],
    [
      "is not one of another resource",
      [copyOf(one, { resourceArn: "arn:other" })],
      ["copyMissing"],
      "another resource",
    ],
    ["is not one of another part", [copyOf(one, { member: "part-2" })], ["copyMissing"], "another part of a composite"],
    ["is not one on its way out", [copyOf(one, { status: "DELETING" })], ["copyMissing"], "it will not be there"],
    [
      "is ambiguous where two could be it",
      [copy, copyOf(one, { arn: "another" })],
      ["copy-ambiguous"],
      "neither proves anything",
    ],
    ["is unknown where nobody could look", undefined, ["copy-unknown"], "unknown is never absent"],
    ["is not the point itself", [{ ...one, sourceVaultArn: undefined }], ["copyMissing"], "one ARN, one point"],
  ])("%s", (_what, there, told, because) => {
    expect({ because, told: joined([one], there).told }).toEqual({ because, told });
  });

  it("is told of by default, with what starting it would take, and started by nobody", () => {
    const [finding] = joined([one], [], { rule: policy({ remedy: undefined }) }).findings;
    expect([finding?.cause, finding?.bars]).toMatchObject(["copyMissing", [{ reason: "observe-only" }]]);
    expect(finding?.bars[0]?.release).toContain("remedy: copyAgain");
    expect(finding?.mend).toEqual(joined([one], []).findings[0]?.mend);
  });

  it("of two that could be it is no reason to start a third", () => {
    expect(joined([one], [copy, copyOf(one, { arn: "another" })]).findings).toEqual([]);
    expect(joined([one], undefined).findings).toEqual([]);
  });
});

describe("points that want one", () => {
  it.each<[string, Partial<RecoveryPointRow>, boolean, string]>([
    ["a completed snapshot", {}, true, "that is what copies are of"],
    ["a copy", { sourceVaultArn: "arn:v" }, false, "copies are asked for no copies"],
    ["a continuous point", { form: "continuous", status: "AVAILABLE" }, false, "never judged"],
    ["a composite", { form: "parent" }, false, "never judged"],
    ["one on its way out after an event", { deleteAfterEvent: true }, false, "AWS Backup's own, while it copies"],
    ["one being made", { status: "CREATING" }, false, "nothing to copy yet"],
    ["a partial one", { status: "PARTIAL" }, false, "AWS copies what is completed"],
    ["an expired one", { status: "EXPIRED" }, false, "it is on its way out"],
    ["one within the time that copies may take", { createdOn: 100 * DAY - 3_600_000 }, false, "not late yet"],
    ["one of a moment after that time", { createdOn: 99 * DAY - 1 }, true, "late"],
    ["one exactly as old as that", { createdOn: 99 * DAY }, false, "not late yet"],
  ])("%s: %s", (_what, more, wanted, because) => {
    expect({ because, wanted: joined([source(more)], []).findings.length === 1 }).toEqual({ because, wanted });
  });

  it.each<[string, Partial<Copy>, number | undefined, number[], string]>([
    [
      "since a date in the policy",
      { since: "1970-02-20T00:00:00Z" },
      undefined,
      [50, 60],
      "older ones are not asked for",
    ],
    ["since a date between", { since: "1970-02-25T00:00:00Z" }, 1, [60], "the policy's word goes before"],
    ["since the first report that knew the policy", { since: undefined }, 60, [60], "signed memory"],
    ["from now on, in the first run", { since: undefined }, undefined, [], "nothing older than the policy"],
    ["and every older one", { since: "1970-02-25T00:00:00Z", backfill: "all" }, undefined, [40, 50, 60], "asked for"],
    [
      "and each resource's latest",
      { since: "1970-03-10T00:00:00Z", backfill: "latest" },
      undefined,
      [60],
      "the latest alone",
    ],
  ])("%s", (_what, copy, known, days, because) => {
    const points = [40, 50, 60].map((day) => source({ arn: `p-${day}`, createdOn: day * DAY }));
    const memory = { knownSince: () => (known === undefined ? undefined : new Date(known * DAY)) };
    const { findings } = joined(points, [], { rule: policy(copy), memory });
    expect({ because, found: findings.map(({ subject }) => subject).toSorted() }).toEqual({
      because,
      found: days.map((day) => `p-${day}`),
    });
  });

  it("of before the policy cost, and say how many bytes", () => {
    const rule = policy({ since: "1970-02-25T00:00:00Z", backfill: "all" });
    const { findings } = joined([source({ bytes: 7 }), source({ arn: "newer", createdOn: 60 * DAY })], [], { rule });
    expect(findings.map(({ subject, mend }) => [subject, mend?.hazards, mend?.copies])).toEqual([
      ["newer", [], { bytes: 10 }],
      [source().arn, ["costs"], { bytes: 7 }],
    ]);
  });

  it("are none in a vault that is not judged, nor of a suspended policy", () => {
    expect(joined([source()], [], { vaultType: "LOGICALLY_AIR_GAPPED_BACKUP_VAULT" }).findings).toEqual([]);
    const paused = { ...policy(), management: { mode: "suspended", reason: "audit" } } as const;
    expect(joined([source()], [], { rule: paused }).findings).toEqual([]);
  });
});

it("tells the newest data without a copy first, and counts what there is no room for", () => {
  const points = [40, 60, 50].map((day) => source({ arn: `p-${day}`, createdOn: day * DAY }));
  let fold = begun([policy()], { now: NOW, view: destination(), room: 2 });
  for (const one of points) fold = foldRow(fold, one);
  for (const side of sidesOf(fold)) fold = matchCopies(fold, side, points, []);
  const { findings, deferred, counts } = settleFold(fold, "complete");
  expect([findings.map(({ subject }) => subject), deferred]).toEqual([["p-60", "p-50"], 1]);
  expect(counts["copyMissing"]).toEqual({ points: 3, bytes: 30 });
});
