import { describe, expect, it } from "vitest";
import { virtualClock } from "./clock.ts";

const start = new Date("2026-01-01T00:00:00Z");

describe("the virtual clock", () => {
  it("stands still until it is moved, and tells the span that passed", () => {
    const clock = virtualClock(start);
    const spans: string[] = [];
    clock.onPassed((from, to) => spans.push(`${from.toISOString()} ${to.toISOString()}`));
    clock.advance(1000);
    clock.advance(0);
    clock.advanceTo(new Date("2026-01-02T00:00:00Z"));
    expect(spans).toEqual([
      "2026-01-01T00:00:00.000Z 2026-01-01T00:00:01.000Z",
      "2026-01-01T00:00:01.000Z 2026-01-02T00:00:00.000Z",
    ]);
  });

  it("does not run backwards", () => {
    const clock = virtualClock(start);
    expect(() => clock.advanceTo(new Date("2025-12-31T00:00:00Z"))).toThrow(RangeError);
  });

  it("also passes by itself once it runs, and can still be moved", () => {
    let elapsed = 0;
    const clock = virtualClock(start, () => elapsed);
    const stop = clock.run();
    elapsed = 1500;
    clock.settle();
    clock.advance(60_000);
    elapsed = 2000;
    clock.settle();
    expect(clock.now()).toEqual(new Date("2026-01-01T00:01:02Z"));
    stop();
    elapsed = 9000;
    clock.settle();
    expect(clock.now()).toEqual(new Date("2026-01-01T00:01:02Z"));
  });
});
