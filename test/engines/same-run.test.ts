import { describe, expect, it } from "vitest";
import type { World } from "../../controller/ports.ts";
import { PATIENCE_MS, holds } from "../laws/cases.ts";
import { verifiedTip } from "../laws/evidence.ts";
import { ALONE, NIGHTLY, VAULT } from "../laws/fixed-worlds.ts";
import { footprint } from "../laws/footprint.ts";
import { callCount, mutationsOf } from "../laws/runs.ts";
import { partings } from "../laws/testimony.ts";
import { showWorld, stage, worldsWith } from "../laws/worlds.ts";
import type { Universe } from "../support/universe.ts";
import { runDurably } from "./durable-run.ts";

describe("the same run by the other engine", () => {
  it(
    "leaves the same world and the same report, and tells of every try",
    () =>
      holds("durable as inline", 6, worldsWith(), showWorld, async (world) => {
        const inline = await stage(world);
        await inline.run();
        const durable = await stage(world);
        const from = callCount(durable);
        const { ended, backend } = await runDurably(durable);
        expect(ended).toMatchObject({ Status: "SUCCEEDED" });
        expect(backend.calls()).toBeGreaterThan(1);
        expect(footprint(durable.simulator)).toBe(footprint(inline.simulator));
        const [told, expected] = [await verifiedTip(durable.simulator), await verifiedTip(inline.simulator)];
        expect(told.run.failure).toBeUndefined();
        expect(partings(told, mutationsOf(durable, from))).toEqual([]);
        expect(told.result).toBe(expected.result);
        const done = ({ changes }: typeof told) =>
          changes.map(({ change, result }) => `${change} ${result}`).toSorted();
        expect(done(told)).toEqual(done(expected));
        expect(told.held).toEqual(expected.held);
        expect(told.targets).toEqual(expected.targets);
        // How often each looked again is its own affair.
        expect({ ...told.summary, observations: 0 }).toEqual({ ...expected.summary, observations: 0 });
        return { sort: told.changes.length > 0 ? "with changes" : "without" };
      }),
    PATIENCE_MS,
  );
});

/** Worlds of a run's processes, each so much behind the one that was opened before it. */
function worldsBehind(u: Universe, milliseconds: number): () => Promise<World> {
  let opened = 0;
  return async () => {
    const { world } = await u.controller();
    const behind = milliseconds * opened++;
    return { ...world, clock: { ...world.clock, now: () => new Date(world.clock.now().getTime() - behind) } };
  };
}

describe("a run whose processes have their time apart", () => {
  it("ends no earlier than it began", async () => {
    const u = await stage({ ...ALONE, manifests: [VAULT, NIGHTLY] });
    const { ended } = await runDurably(u, { world: worldsBehind(u, 60_000) });
    expect(ended).toMatchObject({ Status: "SUCCEEDED" });
    const { run, chain, result } = await verifiedTip(u.simulator);
    expect(result).toBe("CORRECTED");
    expect(run.finishedOn).toBe(run.startedOn);
    expect(chain.window).toEqual({ from: run.startedOn, to: run.startedOn });
  });
});
