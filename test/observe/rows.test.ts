import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readRows } from "../../controller/observe/rows.ts";
import type { GovernedKind } from "../../controller/kinds/define-governed-kind.ts";
import type { TimeWindow } from "../../controller/kinds/kind.ts";
import { refuse, target } from "../kinds/answers.ts";

const DAY_MS = 86_400_000;
const NOW = new Date("2026-03-01T05:00:00Z");
const daysAgo = (days: number) => new Date(NOW.getTime() - days * DAY_MS);
const PAGE = 1_000;

interface Row {
  readonly id: string;
  readonly createdOn: Date;
}
const rowsAt = (times: readonly Date[]): readonly Row[] =>
  times.map((createdOn, at) => ({ id: `row-${at}`, createdOn }));

/** A vault of rows in no order, whose listing takes a turn a page, and what was asked of it. */
function vaultOf(rows: readonly Row[], { breaksAt = Infinity } = {}) {
  const seen = { pages: 0, atOnce: 0, most: 0 };
  async function* stream(_call: unknown, _target: unknown, _partition: unknown, { from, to }: TimeWindow) {
    const within = rows.filter(({ createdOn }) => createdOn >= from && createdOn <= to);
    for (let at = 0; at === 0 || at < within.length; at += PAGE) {
      seen.pages += 1;
      seen.atOnce += 1;
      seen.most = Math.max(seen.most, seen.atOnce);
      await new Promise((resolve) => void setImmediate(resolve));
      seen.atOnce -= 1;
      if (seen.pages >= breaksAt) {
        yield { unread: { kind: "throttled", operation: "list", message: "slow down" } };
        return;
      }
      yield { rows: within.slice(at, at + PAGE), more: at + PAGE < within.length };
    }
  }
  const kind = { stream, identify: (row: unknown) => row as Row } as unknown as GovernedKind;
  return { kind, seen };
}

async function read(rows: readonly Row[], size = rows.length, options = {}) {
  const { kind, seen } = vaultOf(rows, options);
  const taken: string[] = [];
  const failure = await readRows(
    kind,
    { name: "nightly", id: "arn:nightly", createdOn: daysAgo(730), size, facts: {} },
    {
      call: refuse as never,
      target,
      now: NOW,
      take: async (more) => void taken.push(...more.map((row) => (row as Row).id)),
    },
  );
  return { failure, taken, ...seen };
}

const spread = (count: number, from: number, until: number) =>
  Array.from({ length: count }, (_, at) => daysAgo(from + ((until - from) * at) / count));

describe("reading a partition", () => {
  it("takes every row once, wherever in time they crowd and whatever AWS says their number is", async () => {
    const crowds = fc.array(
      fc.record({
        count: fc.nat(6_000),
        from: fc.double({ min: 0, max: 1_000, noNaN: true }),
        days: fc.double({ min: 0, max: 40, noNaN: true }),
      }),
      { maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(crowds, fc.nat(300_000), async (some, size) => {
        const rows = rowsAt(some.flatMap(({ count, from, days }) => spread(count, from, from + days)));
        const { taken, failure } = await read(rows, size);
        expect(failure).toBeUndefined();
        expect(taken.toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
      }),
      { numRuns: 15 },
    );
  });

  it("shares a crowd among readers, and gives few pages up for it", async () => {
    const { pages, most } = await read(rowsAt(spread(100_000, 0, 20)));
    expect(most).toBeGreaterThanOrEqual(8);
    expect(pages).toBeLessThan(130);
  });

  it("reads a small vault in one go", async () => {
    expect(await read(rowsAt(spread(5_000, 0, 700)))).toMatchObject({ pages: 5, most: 1 });
  });

  it("says why it could not read on", async () => {
    const { failure, taken } = await read(rowsAt(spread(50_000, 0, 20)), 50_000, { breaksAt: 20 });
    expect(failure).toMatchObject({ kind: "throttled" });
    expect(taken.length).toBeLessThan(50_000);
  });
});
