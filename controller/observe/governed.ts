import type { Call } from "../aws/operation.ts";
import type { Rule } from "../domain/desired.ts";
import { type AwsFailure, failureOf } from "../domain/errors.ts";
import type { Target } from "../domain/identity.ts";
import type { GovernedResult, Settled } from "../domain/inventory.ts";
import type { FleetView } from "../domain/judging.ts";
import type { GovernedKind } from "../kinds/define-governed-kind.ts";
import type { FoldMemory, Partition } from "../kinds/kind.ts";
import { matchSides } from "./counterparts.ts";
import { readRows } from "./rows.ts";

/** Where each row goes besides its fold: the inventory attachment. Resolves when there is room for more. */
export type RowSink = (rows: readonly Readonly<Record<string, unknown>>[]) => Promise<void>;

export interface Governing {
  readonly call: Call;
  /** A reader of another target of the fleet. Undefined outside it. */
  readonly elsewhere: (target: Target) => Call | undefined;
  readonly target: Target;
  /** Of the whole fleet. */
  readonly targets: readonly Target[];
  readonly rules: readonly Rule[];
  readonly now: Date;
  /** Most findings kept in a partition. */
  readonly room: number;
  readonly sink: RowSink | undefined;
  readonly view: FleetView;
  readonly survey: (target: Target) => unknown;
  readonly memory: FoldMemory;
}

/**
 * Every partition that some rule reaches, streamed and folded, then examined. Nothing is collected: memory grows with findings, not
 * with rows.
 */
export async function foldGoverned(kind: GovernedKind, governing: Governing): Promise<readonly GovernedResult[]> {
  const { call, target, rules } = governing;
  if (rules.length === 0) return [];
  try {
    const partitions = await kind.partitions(call, target, rules);
    const results: GovernedResult[] = [];
    for (const partition of partitions) results.push(await foldPartition(kind, partition, governing));
    return await examined(kind, results, governing);
  } catch (error) {
    return [unreadable(kind, target, failureOf(error))];
  }
}

const NOTHING: Omit<Settled, "status"> = {
  findings: [],
  deferred: 0,
  counts: {},
  tallies: [],
  population: 0,
  watched: [],
  undecided: [],
  sightings: [],
  absent: [],
};

/** A kind in a target where nothing could be read. */
export const unreadable = (kind: Pick<GovernedKind, "name">, target: Target, failure: AwsFailure): GovernedResult => ({
  ...NOTHING,
  target,
  kind: kind.name,
  partition: "*",
  status: "incomplete",
  failure,
});

/** The same results with what takes calls of their own to know. */
async function examined(
  kind: GovernedKind,
  results: readonly GovernedResult[],
  { call, target, rules, memory, now, elsewhere }: Governing,
): Promise<readonly GovernedResult[]> {
  if (!kind.examine || results.every(({ findings, absent }) => findings.length === 0 && absent.length === 0))
    return results;
  const settled = await kind.examine(call, target, results, { rules, memory, now, elsewhere });
  return results.map((result, at) => {
    const failure = result.failure ?? settled[at]?.doubt;
    return { ...result, ...settled[at], ...(failure ? { failure } : {}) };
  });
}

async function foldPartition(kind: GovernedKind, partition: Partition, governing: Governing): Promise<GovernedResult> {
  const { target, targets, rules, now, room, view, survey, memory, call, elsewhere, sink } = governing;
  const fold = kind.begin({ target, targets, partition, rules, now, room, view, survey, memory });
  const failure = await readRows(kind, partition, {
    call,
    target,
    now,
    take: async (rows) => {
      for (const row of rows) fold.add(row);
      if (sink && kind.inventory) await sink(rows.map(kind.inventory));
    },
  });
  const elsewhereUnread = failure
    ? undefined
    : await matchSides(kind, fold, partition, { call, target, reader: elsewhere });
  const settled = fold.settle(failure ? "incomplete" : "complete");
  // What a partition holds is known once it was read; what is missing elsewhere, or beside its rows, may still be in doubt.
  const doubt = failure ?? elsewhereUnread ?? settled.doubt;
  return { ...settled, target, kind: kind.name, partition: partition.name, ...(doubt ? { failure: doubt } : {}) };
}
