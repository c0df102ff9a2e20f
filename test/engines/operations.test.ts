import { describe, expect, it } from "vitest";
import { MOST_OPERATIONS, MOST_SHARDS, Operations } from "../../controller/engines/durable/operations.ts";

const code = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return (error as { readonly code?: unknown }).code;
  }
};

describe("a map's cut", () => {
  it.each([
    [0, { size: 16, shards: 0 }],
    [1, { size: 16, shards: 1, asks: 6 }],
    [4_000, { size: 16, shards: 250, asks: 6 }],
    [16_000, { size: 16, shards: 1_000, asks: 2 }],
  ])("of %i targets is of shards of sixteen, each asked for as often as there is room", (targets, cut) => {
    expect(new Operations().cut(targets, [])).toMatchObject(cut);
  });

  it("is of larger shards where small ones would leave nothing for the maps that follow", () => {
    const operations = new Operations();
    expect(operations.cut(10_000, [10_000, 10_000, 10_000, 10_000])).toMatchObject({ size: 32, shards: 313, asks: 5 });
    operations.spend(2_000);
    expect(operations.cut(10_000, [10_000, 10_000])).toMatchObject({ size: 64, shards: 157 });
  });

  it("never has more answers than one operation's payload holds", () => {
    const answer = JSON.stringify({ state: "DONE", paper: "0".repeat(64), asked: 6 }).length;
    expect(MOST_SHARDS * (answer + 47)).toBeLessThan(262_144 * 0.7);
    expect(new Operations().cut(MOST_SHARDS * 16 + 1, [])).toMatchObject({ size: 32 });
  });

  it("is refused where even the largest shards are too many, in words that say what to do", () => {
    const operations = new Operations();
    operations.spend(MOST_OPERATIONS - 100);
    expect(code(() => operations.cut(10_000, []))).toBe("fleet-too-large");
    expect(() => operations.cut(10_000, [])).toThrow("part the fleet into two");
    expect(operations.affords([16, 16])).toBe(true);
    expect(operations.affords([10_000])).toBe(false);
  });

  it("keeps a whole run of any fleet below what Lambda allows, if every worker is asked as often as it may be", () => {
    for (const targets of [40, 400, 4_000, 7_000, 20_000, 40_000]) {
      const operations = new Operations();
      const maps = Array.from({ length: 9 }, () => targets);
      for (const [at] of maps.entries()) {
        const cut = code(() => operations.cut(targets, maps.slice(at + 1)));
        if (cut === "fleet-too-large") break;
        const { shards, asks } = cut as ReturnType<Operations["cut"]>;
        operations.spend(1 + shards * asks + 2);
      }
      expect(operations.used).toBeLessThan(MOST_OPERATIONS);
    }
  });
});
