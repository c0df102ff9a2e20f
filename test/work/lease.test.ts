import { describe, expect, it } from "vitest";
import type { HoldfastError } from "../../controller/domain/errors.ts";
import { createLeases } from "../../controller/work/lease.ts";
import type { Lease } from "../../controller/ports.ts";
import { answerLost, MemoryStore } from "../local/memory-store.ts";
import { VirtualTime } from "../local/virtual-time.ts";

function given() {
  const clock = new VirtualTime();
  const store = new MemoryStore(clock.now);
  const leases = createLeases({ store, clock });
  const take = async (holder: string): Promise<Lease & { readonly fence?: number }> => {
    const taken = await leases.take(holder);
    if ("heldBy" in taken) throw new Error(`held by ${taken.heldBy}`);
    return taken;
  };
  const record = () =>
    JSON.parse(new TextDecoder().decode(store.objects.get("lease.json")?.body)) as Record<string, unknown>;
  return { clock, store, leases, take, record };
}

const S = 1_000;
const why = (act: () => void): string | undefined => {
  try {
    act();
    return undefined;
  } catch (error) {
    return `${(error as HoldfastError).code}: ${(error as HoldfastError).message}`;
  }
};

describe("the fleet's lease", () => {
  it("is one run's at a time: the next is told whose and until when", async () => {
    const { take, leases } = given();
    const lease = await take("run-1");
    lease.assertHeld();
    expect(await leases.take("run-2")).toEqual({
      heldBy: "run-1",
      id: expect.any(String),
      until: "2027-01-01T00:02:00.000Z",
    });
  });

  it("goes to the next once it is given back, with a greater fence", async () => {
    const { take } = given();
    const first = await take("run-1");
    await first.release();
    const second = await take("run-2");
    expect([first.fence, second.fence]).toEqual([1, 2]);
    expect(why(() => first.assertHeld())).toContain("lease-lost");
    second.assertHeld();
  });

  it("is renewed every 30 s for as long as it is held, and no longer", async () => {
    const { take, clock, store, leases } = given();
    const lease = await take("run-1");
    await clock.pass(1_000 * S);
    lease.assertHeld();
    await lease.confirm();
    expect(store.calls.put).toBe(1 + 33);
    expect(await leases.take("run-2")).toMatchObject({ heldBy: "run-1" });
    await lease.release();
    const puts = store.calls.put;
    await clock.pass(1_000 * S);
    expect(store.calls.put).toBe(puts);
  });

  it("stops its holder 30 s before it runs out, and is taken over only 60 s after", async () => {
    const { take, clock, store, leases } = given();
    const lease = await take("run-1");
    store.outage = new Error("no network");
    await clock.pass(89 * S);
    lease.assertHeld();
    await clock.pass(1 * S);
    expect(why(() => lease.assertHeld())).toContain("last renewed 90 s ago");
    // Renewals go on failing meanwhile: nobody has written since.
    await clock.pass(90 * S);
    const dead = store.outage;
    store.outage = undefined;
    expect(await leases.take("run-2")).toMatchObject({ heldBy: "run-1" });
    store.outage = dead;
    await clock.pass(1 * S);
    store.outage = undefined;
    const next = await leases.take("run-2");
    expect(next).toMatchObject({ holder: "run-2", fence: 2 });
  });

  it("that was taken over is noticed by its old holder's next renewal and by a second look", async () => {
    const { take, clock, store, leases } = given();
    const [old, looking] = [await take("run-1"), store];
    store.outage = new Error("no network");
    await clock.pass(185 * S - 1);
    store.outage = undefined;
    expect(await leases.take("run-2")).toMatchObject({ holder: "run-2" });
    await expect(old.confirm()).rejects.toMatchObject({ code: "lease-lost" });
    await clock.pass(5 * S);
    expect(why(() => old.assertHeld())).toContain("run run-2 has taken it over");
    const puts = looking.calls.put;
    await old.release();
    expect(looking.calls.put, "what is another's is not given back").toBe(puts);
  });

  it("is one run's where two take it at once", async () => {
    for (let round = 0; round < 20; round++) {
      const { leases } = given();
      const taken = await Promise.all(["run-1", "run-2", "run-3"].map((run) => leases.take(run)));
      expect(taken.filter((one) => !("heldBy" in one))).toHaveLength(1);
    }
  });

  it.each([
    { what: "of the first put", before: 0, passes: 0 },
    { what: "of a renewal", before: 1, passes: 31 },
  ])("survives the lost answer $what: what bears its id was written by it", async ({ before, passes }) => {
    const { take, clock, store } = given();
    if (before === 0) store.faults.push(answerLost);
    const lease = await take("run-1");
    if (before === 1) store.faults.push(answerLost);
    await clock.pass(passes * S);
    await lease.confirm();
    await clock.pass(120 * S);
    lease.assertHeld();
    await lease.release();
    await expect(take("run-2")).resolves.toMatchObject({ holder: "run-2" });
  });

  it("counts by the store's time alone: a holder's clock that stands still keeps nothing from anyone", async () => {
    const clock = new VirtualTime();
    const store = new MemoryStore(clock.now);
    const stopped = { monotonic: () => 0, sleep: () => new Promise<void>(() => {}) };
    await createLeases({ store, clock: stopped }).take("run-1");
    await clock.pass(181 * S);
    expect(await createLeases({ store, clock: stopped }).take("run-2")).toMatchObject({ holder: "run-2" });
  });

  it("that nobody can read is nobody's: the run stops and says what to do", async () => {
    const { store, leases } = given();
    store.tamper("lease.json", () => new TextEncoder().encode("{}"));
    await expect(leases.take("run-1")).rejects.toMatchObject({
      code: "store-unreachable",
      message: expect.stringContaining("make sure that no controller runs"),
    });
  });
});
