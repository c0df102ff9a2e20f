import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OVERLAP_MS, Seams, windowsOver } from "../../controller/observe/windows.ts";

const NOW = new Date("2026-03-01T05:00:00Z");
const yearsAgo = (years: number) => new Date(NOW.getTime() - years * 365 * 86_400_000);

const worlds = fc.record({
  createdOn: fc.date({ min: yearsAgo(10), max: NOW, noInvalidDate: true }),
  size: fc.integer({ min: 0, max: 2_000_000 }),
  row: fc.date({ min: yearsAgo(20), max: NOW, noInvalidDate: true }),
});

describe("windows over a partition's creation times", () => {
  it("leave no moment out: every row there can be is in one of them, copies older than their vault included", () => {
    fc.assert(
      fc.property(worlds, ({ createdOn, size, row }) => {
        const windows = windowsOver(createdOn, size, NOW);
        expect(windows.some(({ from, to }) => from <= row && row < to)).toBe(true);
      }),
    );
  });

  it("are one for a small vault and several for a large one, each but the first beginning in its neighbour", () => {
    expect(windowsOver(yearsAgo(1), 1_000, NOW)).toHaveLength(1);
    const windows = windowsOver(yearsAgo(1), 1_000_000, NOW);
    expect(windows).toHaveLength(16);
    for (const [at, { from }] of windows.slice(1).entries())
      expect(windows[at]!.to.getTime() - from.getTime()).toBe(OVERLAP_MS);
  });

  it("give each row once, however often the overlap shows it", () => {
    fc.assert(
      fc.property(worlds, ({ createdOn, size, row }) => {
        const windows = windowsOver(createdOn, size, NOW);
        const seams = new Seams(windows);
        const showings = windows.filter(({ from, to }) => from <= row && row <= to);
        expect(showings.filter(() => seams.isNew({ id: "arn", createdOn: row }))).toHaveLength(1);
      }),
    );
  });
});
