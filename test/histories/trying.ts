import fc from "fast-check";
import { history, playOut, show } from "./histories.ts";
import type { History } from "./play.ts";

/** `HOLDFAST_SEED=7` tries other histories; a failure tells the seed and the path that play that one again. */
const SEED = Number(process.env["HOLDFAST_SEED"] ?? 1);
const REPLAY = process.env["HOLDFAST_PATH"];

/** How long a hundred may take on a machine that others use too; what shrinks a failure plays hundreds more. */
export const PATIENCE_MS = 900_000;

/** A suite in which nothing is ever destroyed would prove nothing: each of these happens, often. */
export const SORTS = [
  "deleted: expired",
  "deleted: planDeleted",
  "deleted: resourceDeleted",
  "shortened: tooLong",
  "shortened: neverExpires",
  "by change",
  "by group",
  "the last, by its name",
  "by standing consent",
];

/** What histories came to in all. */
export interface Tally {
  histories: number;
  calls: number;
  /** Of the longest one. */
  most: number;
  readonly counts: Map<string, number>;
}

/** Plays random histories. One that breaks a law is shrunk, and told: what was committed, what happened, what came of it, and what was wrong. */
export async function tryHistories(
  numRuns: number,
  shard: number,
  shrink = true,
  histories: fc.Arbitrary<History> = history,
): Promise<Tally> {
  const tally: Tally = { histories: 0, calls: 0, most: 0, counts: new Map() };
  const property = fc.asyncProperty(histories, async (one) => {
    const { counts, calls, violations, story } = await playOut(one);
    if (violations.length > 0) throw new Error([...violations, "", show(one), "", ...story].join("\n"));
    tally.histories += 1;
    tally.calls += calls;
    tally.most = Math.max(tally.most, calls);
    for (const [what, times] of counts) tally.counts.set(what, (tally.counts.get(what) ?? 0) + times);
  });
  const replay = REPLAY === undefined ? {} : { path: REPLAY, endOnFailure: true };
  await fc.assert(property, { numRuns, seed: SEED * 1_000_000 + shard, endOnFailure: !shrink, ...replay });
  return tally;
}

/** As a table that a reader of the log can take in. */
export const told = ({ histories, calls, most, counts }: Tally): string =>
  [
    `${histories} histories, ${calls} calls, ${most} at most`,
    ...[...counts]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([what, times]) => `${String(times).padStart(6)} ${what}`),
  ].join("\n");
