import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TimeWindow } from "../../controller/kinds/kind.ts";
import { OVERLAP_MS, partsOf, Seams, windowsOver } from "../../controller/observe/windows.ts";

const NOW = new Date("2026-03-01T05:00:00Z");
const yearsAgo = (years: number) => new Date(NOW.getTime() - years * 365 * 86_400_000);

const worlds = fc.record({
  createdOn: fc.date({ min: yearsAgo(10), max: NOW, noInvalidDate: true }),
  size: fc.integer({ min: 0, max: 2_000_000 }),
  row: fc.date({ min: yearsAgo(20), max: NOW, noInvalidDate: true }),
  // Which windows are cut once more, and into how many at most: whatever is chosen, again and again.
  cuts: fc.array(fc.integer({ min: 1, max: 16 }), { maxLength: 200 }),
});

/** Windows as a run may come to read them: any of them in parts, and those in parts again. */
function cutUp(windows: readonly TimeWindow[], size: number, cuts: readonly number[]): readonly TimeWindow[] {
  const left = [...cuts];
  const read = (window: TimeWindow): readonly TimeWindow[] => {
    const parts = partsOf(window, left.shift() ?? 1, size);
    return parts.length === 1 ? parts : parts.flatMap(read);
  };
  return windows.flatMap(read);
}

describe("windows over a partition's creation times", () => {
  it("leave no moment out: every row there can be is in one of them, copies older than their vault included", () => {
    fc.assert(
      fc.property(worlds, ({ createdOn, size, row, cuts }) => {
        const windows = cutUp(windowsOver(createdOn, size, NOW), size, cuts);
        expect(windows.some(({ from, to }) => from <= row && row < to)).toBe(true);
      }),
    );
  });

  it("are one for a small vault and several for a large one, each but the first beginning in its neighbour", () => {
    expect(windowsOver(yearsAgo(1), 10_000, NOW)).toHaveLength(1);
    const windows = windowsOver(yearsAgo(1), 1_000_000, NOW);
    expect(windows).toHaveLength(64);
    for (const [at, { from }] of windows.slice(1).entries())
      expect(windows[at]!.to.getTime() - from.getTime()).toBe(OVERLAP_MS);
  });

  it("are cut no finer than there are rows for, and readers", () => {
    const [window] = windowsOver(yearsAgo(1), 1, NOW);
    expect(partsOf(window!, 16, 1_000_000)).toHaveLength(16);
    expect(partsOf(window!, 16, 30_000)).toHaveLength(3);
    expect(partsOf(window!, 16, 19_999)).toEqual([window]);
    expect(partsOf(window!, 1, 1_000_000)).toEqual([window]);
    expect(partsOf({ from: NOW, to: new Date(NOW.getTime() + 119_000) }, 16, 1_000_000)).toHaveLength(1);
  });

  it("give each row once, however often the overlap shows it and however they were cut", () => {
    fc.assert(
      fc.property(worlds, fc.nat(), ({ createdOn, size, row, cuts }, edge) => {
        const windows = cutUp(windowsOver(createdOn, size, NOW), size, cuts);
        const bound = windows[edge % windows.length]!.from;
        for (const at of [row, bound, new Date(bound.getTime() + OVERLAP_MS)]) {
          const seams = new Seams();
          // AWS may leave both bounds in, and round them to the second.
          const showings = windows.filter(
            ({ from, to }) => from.getTime() - 999 <= at.getTime() && at.getTime() <= to.getTime() + 999,
          );
          expect(showings.filter((window) => seams.isNew({ id: "arn", createdOn: at }, window))).toHaveLength(1);
        }
      }),
    );
  });
});
