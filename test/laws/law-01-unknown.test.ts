import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holds, PATIENCE_MS } from "./cases.ts";
import { arm, readTroubles } from "./disturbances.ts";
import { ACCOUNTS } from "./manifests.ts";
import { protectionIn, weakened } from "./protection.ts";
import { callCount, reported } from "./runs.ts";
import { twins, unreadTargets } from "./unread.ts";
import { showWorld, stage, worldsWith } from "./worlds.ts";

describe("law 1, unknown is never absent", () => {
  const half = fc.record({ world: worldsWith(), troubles: readTroubles });

  it(
    "where something could not be read, nothing is made a second time, nothing is removed, and nobody calls it converged",
    () =>
      holds(
        "law 1",
        30,
        half,
        ({ world, troubles }) => `${showWorld(world)}\n${fc.stringify(troubles)}`,
        async ({ world, troubles }) => {
          const u = await stage(world);
          const [before, twinsBefore] = [protectionIn(u.simulator, ACCOUNTS), twins(u.simulator)];
          arm(u.simulator, troubles);
          let unreadOnce = false;
          for (let run = 0; run < 2; run++) {
            const from = callCount(u);
            const { targets } = reported(await u.run());
            const unread = unreadTargets(u.simulator.calls.since(from));
            unreadOnce ||= unread.size > 0;
            const calm = targets.filter(({ result }) => result === "CONVERGED" || result === "CORRECTED");
            const named = calm.map(({ target }) => `${target.account}/${target.region}`);
            expect(named.filter((target) => unread.has(target) || unread.has(target.split("/")[0]!))).toEqual([]);
            expect(weakened(before, protectionIn(u.simulator, ACCOUNTS))).toEqual([]);
          }
          u.simulator.faults.clear();
          for (let run = 0; run < 2; run++) reported(await u.run());
          expect(twins(u.simulator)).toEqual(twinsBefore);
          return { sort: unreadOnce ? "with something unread" : "read in the end" };
        },
      ),
    PATIENCE_MS,
  );
});
