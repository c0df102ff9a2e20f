import { describe, expect, it } from "vitest";
import { reportKey } from "../../controller/attest/chain/names.ts";
import { periodOf } from "../../controller/cli/commands/period.ts";
import type { ObjectStore } from "../../controller/ports.ts";
import { CHAIN, envelopeOf, predicate } from "../exports/fixture.ts";
import { MemoryStore } from "../local/memory-store.ts";

const NONE = { from: undefined, to: undefined };

/** Report N finishes at N o'clock. A number below zero: the file is there and cannot be read. */
async function chain(...sequences: readonly number[]): Promise<ObjectStore> {
  const store = new MemoryStore();
  for (const sequence of sequences) {
    const body = sequence < 0 ? new TextEncoder().encode("{}") : await envelopeOf(predicate(sequence));
    const options = { condition: { ifAbsent: true as const }, contentType: "text/plain" };
    await store.put(reportKey(CHAIN, Math.abs(sequence)), body, options);
  }
  return store;
}

const between = async (store: ObjectStore, from?: string, to?: string): Promise<readonly [number, number]> => {
  const period = await periodOf(store, CHAIN, { from, to });
  return [period.from, period.to];
};

describe("a period", () => {
  it.each<[string | undefined, string | undefined, readonly [number, number]]>([
    [undefined, undefined, [1, 6]],
    ["2", "4", [2, 4]],
    ["2027-01-01T03:00:00Z", undefined, [3, 6]],
    ["2027-01-01T03:00:01Z", "2027-01-01T05:00:00Z", [4, 5]],
    [undefined, "2027-01-01T05:59:59Z", [1, 5]],
    ["2027-01-01", "2027-01-01", [1, 6]],
    ["2026-01-01", "4", [1, 4]],
    ["5", "99", [5, 6]],
  ])("from %s to %s", async (from, to, reports) => {
    expect(await between(await chain(1, 2, 3, 4, 5, 6), from, to)).toEqual(reports);
  });

  it("is found where reports are gone or cannot be read, since such a chain is the one to be looked at", async () => {
    const store = await chain(1, -2, -3, 5, -6, 7);
    expect(await between(store)).toEqual([1, 7]);
    expect(await between(store, "2027-01-01T05:00:00Z")).toEqual([5, 7]);
    expect(await between(store, "2", "4")).toEqual([2, 3]);
    // One that cannot be read is as old as the one before it.
    expect(await between(store, undefined, "2027-01-01T05:00:00Z")).toEqual([1, 6]);
  });

  it("begins with the report that its first one refers to, where that is there", async () => {
    const store = await chain(1, 2);
    const unchanged = { since: { sequence: 2, payloadSha256: "0".repeat(64) }, sections: ["held"] };
    const options = { condition: { ifAbsent: true as const }, contentType: "text/plain" };
    await store.put(reportKey(CHAIN, 3), await envelopeOf(predicate(3, { unchanged })), options);
    expect(await periodOf(store, CHAIN, { from: "3", to: undefined })).toMatchObject({
      from: 2,
      to: 3,
      widenedBy: 1,
      newest: 3,
    });
  });

  it.each([
    ["before the first", "2001-01-01", "2001-12-31", /there are 1 to 3/],
    ["after the newest", "2037-01-01", undefined, /there are 1 to 3/],
    ["backwards", "3", "2", /there are 1 to 3/],
    ["no number", "0", undefined, /neither a report's sequence nor a day or time/],
    ["no day", "2027-02-31T", undefined, /neither a report's sequence nor a day or time/],
    ["a day that its month has not", "2027-02-31", undefined, /neither a report's sequence nor a day or time/],
    ["no such day", "2027-13-01", undefined, /neither a report's sequence nor a day or time/],
  ])("that is %s is refused", async (_what, from, to, why) => {
    await expect(periodOf(await chain(1, 2, 3), CHAIN, { from, to })).rejects.toThrow(why);
  });

  it("of no report is refused", async () => {
    await expect(periodOf(await chain(), CHAIN, NONE)).rejects.toThrow(/there is no report in/);
  });
});
