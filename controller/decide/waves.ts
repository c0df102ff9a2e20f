import type { Change } from "../domain/change.ts";
import type { Wave } from "../domain/plan.ts";
import { showKey } from "../domain/identity.ts";
import type { KindTable } from "./kind-table.ts";

/**
 * Changes in the order they may go: what others rest on first, removals afterwards in reverse, so that nothing is taken from under
 * anything, and what destroys last of all. Across the whole fleet, because a plan in one account copies into a vault in another. Total: same changes, same waves.
 */
export function wavesOf(changes: readonly Change[], kinds: KindTable): readonly Wave[] {
  const deepest = Math.max(0, ...changes.map(({ key }) => kinds.depth(key.kind)));
  const position = (change: Change): number => {
    const depth = kinds.depth(change.key.kind);
    if (change.effect === "destroys") return 2 * deepest + 2;
    return change.action === "prune" ? 2 * deepest + 1 - depth : depth;
  };
  const byPosition = Map.groupBy(changes, position);
  return [...byPosition.keys()].toSorted((a, b) => a - b).map((at) => byPosition.get(at)!.toSorted(changeOrder));
}

/** Total order of changes: by resource, then by what of it (several recovery points share a vault), then by id. */
export const changeOrder = (a: Change, b: Change): number => compareText(orderKey(a), orderKey(b));

const orderKey = (change: Change): string =>
  [showKey(change.key), change.action === "amend" ? change.finding.subject : "", change.action, change.id].join("\n");

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
