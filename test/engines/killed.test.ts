import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holds, PATIENCE_MS } from "../laws/cases.ts";
import { namesIn, untold, type Kill } from "../laws/crash.ts";
import { reportsIn, verifiedTip } from "../laws/evidence.ts";
import { ALONE, NIGHTLY, VAULT } from "../laws/fixed-worlds.ts";
import { footprint } from "../laws/footprint.ts";
import { callCount, mutationsIn } from "../laws/runs.ts";
import { twins } from "../laws/unread.ts";
import { showWorld, stage, worldsWith } from "../laws/worlds.ts";
import type { Universe } from "../support/universe.ts";
import { runDurably, type Working } from "./durable-run.ts";

/** Where a worker that applies is killed: at which of its calls, and on which side of it. Its first five only read. */
const deaths = fc.array(fc.record({ at: fc.integer({ min: 5, max: 25 }), when: fc.constantFrom("before", "after") }), {
  minLength: 1,
  maxLength: 2,
});

/** What AWS did for a run and no action of its report tells, each with what looking says of it; and the world that it left. */
async function accountOf(u: Universe, from: number) {
  const report = await verifiedTip(u.simulator);
  expect(report.run.failure).toBeUndefined();
  const calls = mutationsIn(u.simulator.calls.since(from));
  const actions = new Set(report.actions.map(({ requestId }) => requestId));
  const done = calls.filter(({ outcome, requestId }) => outcome === "ok" && !actions.has(requestId));
  const logged = new Set(calls.map(({ requestId }) => requestId));
  expect(report.actions.filter(({ requestId }) => requestId !== undefined && !logged.has(requestId))).toEqual([]);
  expect(untold(u.simulator, { run: report.run.id, done, names: namesIn(u.simulator) })).toEqual([]);
  return { done, calls, recovered: report.recovered };
}

const BUSY = { ...ALONE, manifests: [VAULT, NIGHTLY] };
const SIDES = ["before", "after"] as const;

describe("a worker that is killed at a call of its own", () => {
  it("is followed by one that makes what it had not, and says what it had", async () => {
    const undisturbed = await stage(BUSY);
    await runDurably(undisturbed);
    const wanted = footprint(undisturbed.simulator);
    let unanswered = 0;
    for (let at = 6; at <= 14; at += 1)
      for (const when of SIDES) {
        const u = await stage(BUSY);
        const from = callCount(u);
        let left = 1;
        await runDurably(u, {
          worker: ({ task, wave }, work) =>
            task === "apply" && wave === 1 && left-- > 0 ? killedAt(u, { at, when }, work) : work(),
        });
        expect(footprint(u.simulator)).toBe(wanted);
        const { done } = await accountOf(u, from);
        unanswered += done.length;
      }
    // Some of them died between a write and its answer.
    expect(unanswered).toBeGreaterThan(0);
  });
});

describe("a coordinator that is killed at a call of its own", () => {
  it("is followed by a process that goes on, publishes one report and does nothing twice", async () => {
    const undisturbed = await stage(BUSY);
    const before = callCount(undisturbed);
    await runDurably(undisturbed);
    const wanted = footprint(undisturbed.simulator);
    const { calls } = await accountOf(undisturbed, before);
    for (let at = 1; at < 190; at += 17) {
      const u = await stage(BUSY);
      const from = callCount(u);
      const { ended } = await runDurably(u, { kill: { at, when: at % 2 === 0 ? "before" : "after" } });
      expect(ended).toMatchObject({ Status: "SUCCEEDED" });
      expect(footprint(u.simulator)).toBe(wanted);
      expect((await accountOf(u, from)).calls).toHaveLength(calls.length);
      expect(reportsIn(u.simulator)).toHaveLength(1);
    }
  });
});

/** Lets a worker die. */
async function killedAt(u: Universe, { at, when }: Kill, work: (how: Working) => Promise<unknown>): Promise<unknown> {
  const connection = u.simulator.connect();
  const { world } = await u.controller(connection);
  connection.killAt(connection.count() + at, when);
  const died = connection.killed.then(() => Promise.reject(new Error("killed")));
  return Promise.race([work({ world }), died]);
}

describe("workers that are killed", () => {
  it(
    "lose nothing and do nothing twice: the run itself finds out what they did, and tells of it",
    () =>
      holds(
        "killed workers",
        5,
        fc.record({ world: worldsWith({ earlier: fc.constantFrom("nothing", "less") }), deaths }),
        ({ world, deaths }) => `${showWorld(world)}\n${fc.stringify(deaths)}`,
        async ({ world, deaths }) => {
          const undisturbed = await stage(world);
          await runDurably(undisturbed);
          const u = await stage(world);
          const born = twins(u.simulator);
          const from = callCount(u);
          const left = [...deaths];
          let killed = 0;
          const { ended } = await runDurably(u, {
            worker: async ({ task }, work) => {
              const death = task === "apply" ? left.pop() : undefined;
              if (!death) return work();
              return killedAt(u, death, work).catch((error: unknown) => {
                killed += 1;
                throw error;
              });
            },
          });
          expect(ended).toMatchObject({ Status: "SUCCEEDED" });
          expect(footprint(u.simulator)).toBe(footprint(undisturbed.simulator));
          expect(twins(u.simulator)).toEqual(born);
          const { done } = await accountOf(u, from);
          return { sort: killed === 0 ? "without a death" : done.length > 0 ? "after a write" : "before any" };
        },
      ),
    PATIENCE_MS,
  );
});
