import type { Call } from "../aws/operation.ts";
import type { AwsFailure } from "../domain/errors.ts";
import { showTarget, type Target } from "../domain/identity.ts";
import type { GovernedKind, OpenFold } from "../kinds/define-governed-kind.ts";
import type { Partition, Side, TimeWindow } from "../kinds/kind.ts";
import { OVERLAP_MS } from "./windows.ts";

/** Rows of one side held at a time: what is joined is dropped before the next window is read (rule 20). */
const ROWS_A_WINDOW = 20_000;

/**
 * Reads a partition and what must be its counterpart elsewhere in equal windows of creation time, side by side, so that the rows of
 * one window are all that is ever held. A window that breaks off on this side says nothing; on the other, that nobody can tell.
 */
export async function matchSides(
  kind: GovernedKind,
  fold: OpenFold,
  partition: Partition,
  { call, target, reader }: Sides,
): Promise<AwsFailure | undefined> {
  let failure: AwsFailure | undefined;
  for (const side of fold.sides())
    for (const window of windowsBetween(side, partition)) {
      const here = await rowsIn(kind, call, target, partition.name, window);
      if ("unread" in here) return here.unread;
      const wanting = here.rows.filter((row) => inWindow(kind, row, window) && side.wants(row));
      if (wanting.length === 0) continue;
      const there = await rowsIn(kind, reader(side.target), side.target, side.partition, window);
      fold.match(side, wanting, "rows" in there ? there.rows : undefined);
      if ("unread" in there) failure ??= there.unread;
    }
  return failure;
}

interface Sides {
  readonly call: Call;
  readonly target: Target;
  /** Undefined for a target that this run does not look into. */
  readonly reader: (target: Target) => Call | undefined;
}

/** Half-open by creation time: what lies in the overlap of two windows is asked for in one of them only. */
const inWindow = (kind: GovernedKind, row: unknown, { from, to }: TimeWindow): boolean => {
  const at = kind.identify(row).createdOn.getTime();
  return at >= from.getTime() && at < to.getTime();
};

async function rowsIn(
  kind: GovernedKind,
  call: Call | undefined,
  target: Target,
  name: string,
  { from, to }: TimeWindow,
): Promise<{ readonly rows: readonly unknown[] } | { readonly unread: AwsFailure }> {
  if (!call) return { unread: outOfReach(target) };
  const rows: unknown[] = [];
  // AWS does not say whether createdBefore and createdAfter include their bound.
  const wider = { from: new Date(from.getTime() - OVERLAP_MS), to: new Date(to.getTime() + OVERLAP_MS) };
  for await (const page of kind.stream(call, target, { name }, wider)) {
    if ("unread" in page) return page;
    rows.push(...page.rows);
  }
  return { rows };
}

const outOfReach = (target: Target): AwsFailure => ({
  kind: "unreachable",
  operation: "observe",
  message: `${showTarget(target)} is not among the targets that this run looks at, so nobody can tell what is there`,
});

function windowsBetween({ from, until }: Side<unknown>, { createdOn, size }: Partition): readonly TimeWindow[] {
  const [first, last] = [Math.max(0, from.getTime()), until.getTime()];
  if (last <= first) return [];
  const lifetime = Math.max(1, last - Math.min(createdOn.getTime(), last - 1));
  const expected = size * Math.min(1, (last - first) / lifetime);
  const count = Math.max(1, Math.ceil(expected / ROWS_A_WINDOW));
  const start = Math.max(first, Math.min(createdOn.getTime(), last - 1));
  const cuts = Array.from({ length: count - 1 }, (_, at) => start + ((last - start) * (at + 1)) / count);
  const bounds = [first, ...cuts, last];
  return bounds.slice(1).map((to, at) => ({ from: new Date(bounds[at]!), to: new Date(to) }));
}
