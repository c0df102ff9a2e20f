import { describe, expect, it } from "vitest";
import { createLeases } from "../../controller/work/lease.ts";
import { MemoryStore } from "../local/memory-store.ts";
import { VirtualTime } from "../local/virtual-time.ts";

const S = 1_000;

/** A lease that one process of a run took and left, and what others join it by. */
async function taken() {
  const clock = new VirtualTime();
  const store = new MemoryStore(clock.now);
  const leases = createLeases({ store, clock });
  const first = await leases.take("run-1");
  if ("heldBy" in first) throw new Error("held");
  await first.leave();
  const join = () => leases.join("run-1", first.id);
  return { clock, store, leases, id: first.id, join };
}

describe("a lease that many processes of a run share", () => {
  it("is told to the run's own next process by the id that it was taken under", async () => {
    const { leases, id } = await taken();
    expect(await leases.take("run-1")).toMatchObject({ heldBy: "run-1", id });
  });

  it("costs who joins it early a look and no more, and is kept alive by one of them", async () => {
    const { clock, store, join } = await taken();
    const puts = store.calls.put;
    const joined = await Promise.all([join(), join(), join()]);
    expect(store.calls.put).toBe(puts);
    await clock.pass(95 * S);
    // Renewed three times by whoever came first, and not nine times.
    expect(store.calls.put - puts).toBeLessThanOrEqual(4);
    for (const lease of joined) lease.assertHeld();
    for (const lease of joined) await lease.leave();
  });

  it("is put anew by who joins it late, as long as nobody has taken it, however late that is", async () => {
    const { clock, join, leases } = await taken();
    await clock.pass(1_000 * S);
    const lease = await join();
    lease.assertHeld();
    await lease.confirm();
    expect(await leases.take("run-2")).toMatchObject({ heldBy: "run-1" });
    await lease.leave();
  });

  it("counts its age by the store's time: who joins it at 29 s has no more than 91 s left, less the margin", async () => {
    const { clock, store, join } = await taken();
    await clock.pass(28 * S);
    const lease = await join();
    store.outage = new Error("no network");
    await clock.pass(60 * S);
    lease.assertHeld();
    await clock.pass(2 * S);
    expect(() => lease.assertHeld()).toThrow("no longer has the fleet's lease");
    store.outage = undefined;
    await lease.leave();
  });

  it("that another run took while nobody was there is over: nothing is written any more", async () => {
    const { clock, join, leases } = await taken();
    await clock.pass(181 * S);
    const thief = await leases.take("run-2");
    expect(thief).toMatchObject({ holder: "run-2" });
    await expect(join()).rejects.toMatchObject({ code: "lease-lost", message: expect.stringContaining("run run-2") });
  });

  it("that was given back is over as well", async () => {
    const { join } = await taken();
    await (await join()).release();
    await expect(join()).rejects.toMatchObject({ code: "lease-lost", message: expect.stringContaining("given back") });
  });

  it("is no other run's: an id alone does not open it", async () => {
    const { leases, id } = await taken();
    await expect(leases.join("run-2", id)).rejects.toMatchObject({ code: "lease-lost" });
  });

  it("writes no more through a process that has left it", async () => {
    const { join } = await taken();
    const lease = await join();
    await lease.leave();
    expect(() => lease.assertHeld()).toThrow("left it to the others");
  });
});
