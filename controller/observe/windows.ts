import type { TimeWindow } from "../kinds/kind.ts";

/** A second's overlap: AWS does not say whether createdBefore and createdAfter include their bound. */
export const OVERLAP_MS = 1_000;
/** Rows that one serial chain of NextTokens is left to carry: ten pages of AWS's thousand. */
const ROWS_A_WINDOW = 10_000;
const MOST_WINDOWS = 64;
/** No window is cut shorter. */
const SHORTEST_MS = 60_000;

/**
 * Windows of creation time over a partition, the oldest first: NextToken is serial, so a large vault is read in several at once. The first
 * one is open towards the past, because a copy keeps its source's creation date and may be older than its vault (semantics §4.8).
 */
export function windowsOver(createdOn: Date, size: number, now: Date): readonly TimeWindow[] {
  const count = Math.min(MOST_WINDOWS, Math.max(1, Math.ceil(size / ROWS_A_WINDOW)));
  const [first, last] = [Math.min(createdOn.getTime(), now.getTime()), now.getTime()];
  const cuts = Array.from({ length: count - 1 }, (_, at) => first + ((last - first) * (at + 1)) / count);
  return between([0, ...cuts, last + 24 * 3_600_000]);
}

/**
 * A window in equal parts, at most `most`: points come in bursts, and windows over a vault's life may leave nearly all of them to one.
 * `rows`: the most there can be in it. The parts hold the same moments, and begin and end with it.
 */
export function partsOf(window: TimeWindow, most: number, rows: number): readonly TimeWindow[] {
  const [first, last] = [window.from.getTime(), window.to.getTime()];
  const count = Math.min(most, Math.floor(rows / ROWS_A_WINDOW), Math.floor((last - first) / SHORTEST_MS));
  if (count < 2) return [window];
  const cuts = Array.from({ length: count - 1 }, (_, at) => first + ((last - first) * (at + 1)) / count);
  return between([first, ...cuts, last]);
}

/** Each but the first begins in its neighbour. */
const between = (bounds: readonly number[]): readonly TimeWindow[] =>
  bounds.slice(1).map((to, at) => ({ from: new Date(bounds[at]! - (at === 0 ? 0 : OVERLAP_MS)), to: new Date(to) }));

/** Tells the rows that two windows both hold from those already seen. Remembers the ids at the windows' edges only. */
export class Seams {
  readonly #seen = new Set<string>();

  /**
   * Whether a row is met for the first time. Of two windows the later begins no more than the overlap before the earlier one's end, so
   * that what both hold is at an edge of each.
   */
  isNew({ id, createdOn }: { readonly id: string; readonly createdOn: Date }, { from, to }: TimeWindow): boolean {
    const at = createdOn.getTime();
    if (at > from.getTime() + 2 * OVERLAP_MS && at < to.getTime() - 2 * OVERLAP_MS) return true;
    if (this.#seen.has(id)) return false;
    this.#seen.add(id);
    return true;
  }
}
