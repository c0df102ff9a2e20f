import { describe, expect, it } from "vitest";
import { createPapers } from "../../controller/work/papers.ts";
import { answerLost, MemoryStore } from "../local/memory-store.ts";

const VALUE = {
  when: new Date("2027-01-01T00:00:00Z"),
  by: new Map([["a", new Set([1])]]),
  nothing: undefined,
  bytes: new Uint8Array([1]),
};

/** A store, and what another process of the run would read by: digests are remembered by this one. */
function given() {
  const store = new MemoryStore();
  return { store, papers: createPapers({ store }) };
}

describe("papers of a run", () => {
  it("come back as they were left: maps, sets, dates, and what is undefined", async () => {
    const { papers } = given();
    const digest = await papers.keep("run-1", VALUE);
    expect(await papers.read("run-1", digest)).toEqual(VALUE);
  });

  it("are one where they are the same, also where an answer was lost", async () => {
    const { store, papers } = given();
    store.faults.push(answerLost);
    const digest = await papers.keep("run-1", VALUE);
    expect(await papers.keep("run-1", VALUE)).toBe(digest);
    expect(await store.list("runs/run-1/papers/")).toHaveLength(1);
  });

  it.each([
    ["is not what the run left there", (body: Uint8Array) => new Uint8Array([...body, 0])],
    ["is gone", () => undefined],
  ])("are not believed where one %s", async (says, change) => {
    const { store, papers } = given();
    const digest = await papers.keep("run-1", { says });
    store.tamper(`runs/run-1/papers/${digest}.v8.gz`, change);
    await expect(papers.read("run-1", digest)).rejects.toMatchObject({
      code: "paper-refused",
      message: expect.stringContaining(says),
    });
  });

  it("hold no function: a record that had one could not be handed on", async () => {
    const { papers } = given();
    await expect(papers.keep("run-1", { now: () => 0 })).rejects.toThrow("could not be cloned");
  });
});
