import { describe, expect, it } from "vitest";
import { createPacing, fullBucket, RATES, slowDown, spend, waitFor, type Pacer } from "../../controller/aws/pacing.ts";
import type { Pace } from "../../controller/aws/operation.ts";
import { virtualTime } from "./virtual-time.ts";

const forever = Number.POSITIVE_INFINITY;

/** Virtual times at which `count` calls of each class went, asked for all at once. */
async function turns(
  asked: Readonly<Partial<Record<Pace, number>>>,
  prepare: (pacer: Pacer) => void = () => undefined,
) {
  const time = virtualTime();
  const pacer = createPacing(time.clock)("111111111111/eu-west-1");
  prepare(pacer);
  const went: { readonly pace: Pace; readonly index: number; readonly at: number }[] = [];
  const work = (Object.entries(asked) as [Pace, number][]).flatMap(([pace, count]) =>
    Array.from({ length: count }, async (_, index) => {
      await pacer.turn(pace, forever);
      went.push({ pace, index, at: time.elapsed() });
    }),
  );
  await time.until(Promise.all(work));
  return went;
}

/** The most events within any second. */
const busiestSecond = (times: readonly number[]): number =>
  Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1000).length));

describe("a bucket", () => {
  it("lets a few go at once, then as many a second as AWS allows, less a margin", () => {
    let bucket = fullBucket(20, 0);
    const went: number[] = [];
    for (let now = 0, index = 0; index < 60; index += 1) {
      now += waitFor(bucket, now);
      bucket = spend(bucket, now);
      went.push(now);
    }
    expect(went.slice(0, 4)).toEqual([0, 0, 0, 11]);
    const seconds = (went.at(-1) ?? 0) / 1000;
    expect(60 / seconds).toBeGreaterThan(18);
    expect(60 / seconds).toBeLessThanOrEqual(20.5);
  });

  it("halves its rate at a throttle, once for all that was under way, and is itself again after a minute", () => {
    const slowed = slowDown(fullBucket(10, 0), 0, 1000);
    expect(waitFor(slowed, 1000)).toBe(Math.ceil(1000 / (10 * 0.95 * 0.5)));
    expect(slowDown(slowed, 900, 1100)).toBe(slowed);
    expect(slowDown(slowed, 1050, 1100).share).toBeCloseTo(0.25, 2);
    expect(waitFor(spend(spend(slowed, 61_000), 61_000), 61_000)).toBeLessThan(220);
  });
});

describe("pacing", () => {
  it.each(["list", "get", "slow", "delete-point"] as const)(
    "keeps %s under AWS's rate in every second",
    async (pace) => {
      const went = await turns({ [pace]: RATES[pace] * 4 });
      expect(busiestSecond(went.map(({ at }) => at))).toBeLessThanOrEqual(Math.ceil(RATES[pace] * 1.2));
      expect(went.at(-1)?.at).toBeLessThan(4500);
    },
  );

  it("keeps all classes together under the account's 50 a second", async () => {
    const went = await turns({ list: 60, get: 45, slow: 15, "delete-point": 30, other: 60 });
    expect(busiestSecond(went.map(({ at }) => at))).toBeLessThanOrEqual(60);
    expect(went.at(-1)?.at).toBeGreaterThan(3500);
  });

  it("gives a first turn at once on a clock that moves while it is read", async () => {
    let ticks = 0;
    const clock = {
      now: () => new Date(0),
      monotonic: () => (ticks += 0.001),
      sleep: () => Promise.reject(new Error("a full bucket made somebody wait")),
    };
    await expect(createPacing(clock)("target").turn("slow", Number.POSITIVE_INFINITY)).resolves.toBe(true);
  });

  it("is fair: turns come in the order of asking, and no class starves another", async () => {
    const went = await turns({ list: 30, slow: 10 });
    const order = (pace: Pace) => went.filter((turn) => turn.pace === pace).map(({ index }) => index);
    expect(order("list")).toEqual(order("list").toSorted((a, b) => a - b));
    expect(order("slow")).toHaveLength(10);
    expect(Math.max(...went.filter(({ pace }) => pace === "slow").map(({ at }) => at))).toBeLessThan(2200);
  });

  it("slows down what waits already when AWS throttles", async () => {
    const usual = await turns({ slow: 10 });
    const throttled = await turns({ slow: 10 }, (pacer) => pacer.throttled("slow", 0));
    expect(throttled.at(-1)?.at).toBeGreaterThan((usual.at(-1)?.at ?? 0) * 1.5);
  });

  it("gives no turn that would come after the deadline, and goes on for others", async () => {
    const time = virtualTime();
    const pacer = createPacing(time.clock)("1/r");
    const [first, late, patient] = await time.until(
      Promise.all([pacer.turn("slow", 100), pacer.turn("slow", 100), pacer.turn("slow", forever)]),
    );
    expect([first, late, patient]).toEqual([true, false, true]);
  });

  it("paces each account and Region by itself, and one of them once over the process", () => {
    const pacing = createPacing(virtualTime().clock);
    expect(pacing("1/r")).toBe(pacing("1/r"));
    expect(pacing("1/r")).not.toBe(pacing("2/r"));
  });
});
