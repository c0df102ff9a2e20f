import type { Call } from "../aws/operation.ts";
import type { Rule } from "../domain/desired.ts";
import { type AwsFailure, failureOf } from "../domain/errors.ts";
import type { Target } from "../domain/identity.ts";
import type { GovernedKind, OpenFold } from "../kinds/define-governed-kind.ts";
import type { Partition, TimeWindow } from "../kinds/kind.ts";
import type { GovernedResult } from "../domain/inventory.ts";
import { Seams, windowsOver } from "./windows.ts";

/** Where each row goes besides its fold: the inventory attachment. Resolves when there is room for more. */
export type RowSink = (rows: readonly Readonly<Record<string, unknown>>[]) => Promise<void>;

export interface Governing {
  readonly call: Call;
  readonly target: Target;
  readonly rules: readonly Rule[];
  readonly now: Date;
  /** Most findings kept in a partition. */
  readonly room: number;
  readonly sink: RowSink;
}

/** Every partition that some rule reaches, streamed and folded. Nothing is collected: memory grows with findings, not with rows. */
export async function foldGoverned(kind: GovernedKind, governing: Governing): Promise<readonly GovernedResult[]> {
  const { call, target, rules } = governing;
  if (rules.length === 0) return [];
  try {
    const partitions = await kind.partitions(call, target, rules);
    const results: GovernedResult[] = [];
    for (const partition of partitions) results.push(await foldPartition(kind, partition, governing));
    return results;
  } catch (error) {
    const failure = failureOf(error);
    return [
      { target, kind: kind.name, partition: "*", status: "incomplete", findings: [], deferred: 0, counts: {}, failure },
    ];
  }
}

async function foldPartition(kind: GovernedKind, partition: Partition, governing: Governing): Promise<GovernedResult> {
  const { target, rules, now, room } = governing;
  const fold = kind.begin({ target, partition, rules, now, room });
  const windows = windowsOver(partition.createdOn, partition.size, now);
  const seams = new Seams(windows);
  const failures = await Promise.all(
    windows.map((window) => foldWindow(kind, partition, window, fold, seams, governing)),
  );
  const failure = failures.find((one) => one !== undefined);
  const settled = fold.settle(failure ? "incomplete" : "complete");
  return { ...settled, target, kind: kind.name, partition: partition.name, ...(failure ? { failure } : {}) };
}

async function foldWindow(
  kind: GovernedKind,
  partition: Partition,
  window: TimeWindow,
  fold: OpenFold,
  seams: Seams,
  { call, target, sink }: Governing,
): Promise<AwsFailure | undefined> {
  for await (const page of kind.stream(call, target, partition, window)) {
    if ("unread" in page) return page.unread;
    const fresh = page.rows.filter((row) => seams.isNew(kind.identify(row)));
    for (const row of fresh) fold.add(row);
    await sink(fresh.map((row) => kind.inventory(row)));
  }
  return undefined;
}
