import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holds, PATIENCE_MS } from "./cases.ts";
import { runAndDie, runUntil, untold, type Dead, type Kill } from "./crash.ts";
import { footprint } from "./footprint.ts";
import { twins } from "./unread.ts";
import { showWorld, stage, worldsWith, type World } from "./worlds.ts";

describe("law 12, crash anywhere", () => {
  /** How far through its calls a run came, in per cent, and on which side of that call it died. */
  const death = fc.record({
    through: fc.integer({ min: 1, max: 99 }),
    when: fc.constantFrom("before", "after"),
  });
  const crashing = fc.record({
    world: worldsWith({ earlier: fc.constantFrom("nothing", "less", "the same") }),
    // The one who takes over may die as well.
    deaths: fc.array(death, { minLength: 1, maxLength: 2 }),
  });

  it(
    "in any world, once or twice in a row",
    () =>
      holds(
        "law 12, sampled",
        25,
        crashing,
        ({ world, deaths }) => `${showWorld(world)}\n${fc.stringify(deaths)}`,
        async ({ world, deaths }) => {
          const { wanted, calls } = await undisturbed(world);
          const u = await stage(world);
          const born = twins(u.simulator);
          const dead: Dead[] = [];
          for (const { through, when } of deaths) {
            const kill: Kill = { at: Math.ceil((through * calls) / 100), when };
            const one = await runAndDie(u, kill);
            if (one) dead.push(one);
          }
          expect(await runUntil(u, wanted)).toBe(wanted);
          expect(twins(u.simulator)).toEqual(born);
          for (const one of dead) expect(untold(u.simulator, one)).toEqual([]);
          return { sort: dead.some(({ done }) => done.length > 0) ? "after a write" : "before any" };
        },
      ),
    PATIENCE_MS,
  );
});

/** Where the world comes to rest when nobody dies, and how many calls its first run makes. */
async function undisturbed(world: World): Promise<{ readonly wanted: string; readonly calls: number }> {
  const u = await stage(world);
  const { run, connection } = await u.controller();
  await run();
  const calls = connection.count();
  for (let again = 0; again < 2; again++) await u.run();
  return { wanted: footprint(u.simulator), calls };
}
