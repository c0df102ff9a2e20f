import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Finished } from "../../controller/reconcile.ts";
import type { Universe } from "../support/universe.ts";
import { holds, PATIENCE_MS } from "./cases.ts";
import { reportsIn } from "./evidence.ts";
import { freezing } from "./freezing.ts";
import { tenures, trespasses } from "./leases.ts";
import { mingling } from "./mingling.ts";
import { reported } from "./runs.ts";
import { twins } from "./unread.ts";
import { showWorld, stage, worldsWith } from "./worlds.ts";

const busy = worldsWith({ earlier: fc.constantFrom("nothing", "less"), placed: fc.constant([]) });

describe("law 9, one writer", () => {
  const racing = fc.record({ world: busy, turns: fc.nat(1_000_000), controllers: fc.integer({ min: 2, max: 3 }) });

  it(
    "of controllers that start at once and whose calls mingle, one writes; who stands down is in a later report",
    () =>
      holds(
        "law 9, at once",
        15,
        racing,
        ({ world, ...rest }) => `${showWorld(world)}\n${fc.stringify(rest)}`,
        async ({ world, turns, controllers }) => {
          const mingle = mingling(turns);
          const u = await stage(world);
          const rivals = await Promise.all(
            Array.from({ length: controllers }, () => u.controller(mingle(u.simulator.connect()))),
          );
          const ends = await Promise.all(rivals.map((rival) => rival.run()));
          await bothAccountedFor(u, ends);
          return { sort: `${ends.filter(({ ended }) => ended === "stood-down").length} stood down` };
        },
      ),
    PATIENCE_MS,
  );

  const sleepy = fc.record({ world: busy, at: fc.integer({ min: 4, max: 90 }), minutes: fc.constantFrom(1, 4, 30) });

  it(
    "a controller that slept past its lease writes nothing more when it wakes",
    () =>
      holds(
        "law 9, asleep",
        20,
        sleepy,
        ({ world, ...rest }) => `${showWorld(world)}\n${fc.stringify(rest)}`,
        async ({ world, at, minutes }) => {
          const u = await stage(world);
          const sleeper = freezing(u.simulator.connect(), at);
          const asleep = (await u.controller(sleeper.connection)).run();
          const woke = await Promise.race([sleeper.frozen.then(() => true), asleep.then(() => false)]);
          if (!woke) return { sort: "through before it slept" };
          u.simulator.clock.advance(minutes * 60_000);
          const other = await u.run();
          sleeper.thaw();
          const ends = [
            other,
            ...(await asleep.then(
              (one) => [one],
              () => [],
            )),
          ];
          await bothAccountedFor(u, ends);
          return { sort: other.ended === "reported" ? "overtaken" : "not overtaken" };
        },
      ),
    PATIENCE_MS,
  );
});

async function bothAccountedFor(u: Universe, ends: readonly Finished[]): Promise<void> {
  expect(trespasses(tenures(u.simulator))).toEqual([]);
  reported(await u.run());
  expect(twins(u.simulator)).toEqual([]);
  const listed = reportsIn(u.simulator).flatMap(({ standDowns }) => standDowns.map(({ run }) => run));
  for (const end of ends) if (end.ended === "stood-down") expect(listed).toContain(end.record.run);
}
