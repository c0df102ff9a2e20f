import type { TimeWindow } from "../kinds/kind.ts";

/** A second's overlap: AWS does not say whether createdBefore and createdAfter include their bound. */
export const OVERLAP_MS = 1_000;
/** Rows that one serial chain of NextTokens is left to carry: 50 pages of AWS's thousand. */
const ROWS_A_WINDOW = 50_000;
const MOST_WINDOWS = 16;

/**
 * Windows of creation time over a partition: NextToken is serial, so a large vault is read in several at once. The first one is
 * open towards the past, because a copy keeps its source's creation date and may be older than its vault (semantics §4.8).
 */
export function windowsOver(createdOn: Date, size: number, now: Date): readonly TimeWindow[] {
  const count = Math.min(MOST_WINDOWS, Math.max(1, Math.ceil(size / ROWS_A_WINDOW)));
  const [first, last] = [Math.min(createdOn.getTime(), now.getTime()), now.getTime()];
  const cuts = Array.from({ length: count - 1 }, (_, at) => first + ((last - first) * (at + 1)) / count);
  const bounds = [0, ...cuts, last + 24 * 3_600_000];
  return bounds
    .slice(1)
    .map((to, at) => ({ from: new Date(bounds[at]! - (at === 0 ? 0 : OVERLAP_MS)), to: new Date(to) }));
}

/** Tells the rows that two neighbouring windows both hold from those already seen. Remembers the seams' ids only. */
export class Seams {
  readonly #starts: readonly number[];
  readonly #seen = new Set<string>();

  constructor(windows: readonly TimeWindow[]) {
    this.#starts = windows.slice(1).map((window) => window.from.getTime());
  }

  /** Whether a row is met for the first time. */
  isNew({ id, createdOn }: { readonly id: string; readonly createdOn: Date }): boolean {
    const at = createdOn.getTime();
    if (!this.#starts.some((start) => at >= start - OVERLAP_MS && at <= start + 2 * OVERLAP_MS)) return true;
    if (this.#seen.has(id)) return false;
    this.#seen.add(id);
    return true;
  }
}
