import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BUCKETS } from "../support/universe.ts";
import { holds, PATIENCE_MS } from "./cases.ts";
import { arm, readTroubles, writeTroubles } from "./disturbances.ts";
import { reportsIn, verifiedTip } from "./evidence.ts";
import { callCount, mutationsOf, reported } from "./runs.ts";
import { partings } from "./testimony.ts";
import { drifts, showWorld, stage, worldsWith } from "./worlds.ts";

describe("law 10, every run testifies", () => {
  const disturbed = fc.record({
    world: worldsWith({ placed: fc.constant([]), earlier: fc.constantFrom("nothing", "less") }),
    troubles: fc.oneof(
      writeTroubles,
      writeTroubles,
      fc.tuple(readTroubles, writeTroubles).map(([a, b]) => [...a, ...b]),
    ),
  });

  it(
    "a report holds every try to change AWS, refused and lost ones too, and no other",
    () =>
      holds(
        "law 10",
        30,
        disturbed,
        ({ world, troubles }) => `${showWorld(world)}\n${fc.stringify(troubles)}`,
        async ({ world, troubles }) => {
          const u = await stage(world);
          arm(u.simulator, troubles);
          let failed = 0;
          for (let run = 0; run < 2; run++) {
            const from = callCount(u);
            reported(await u.run());
            const report = await verifiedTip(u.simulator);
            const calls = mutationsOf(u, from);
            expect(new Set(calls.map(({ sourceIdentity }) => sourceIdentity)).size).toBeLessThanOrEqual(1);
            expect(partings(report, calls)).toEqual([]);
            failed += calls.filter(({ outcome, delivered }) => outcome !== "ok" || !delivered).length;
          }
          return { sort: failed > 0 ? "with failing writes" : "without" };
        },
      ),
    PATIENCE_MS,
  );

  const unpublishable = fc.record({
    world: worldsWith({ drift: drifts }),
    after: fc.nat(5),
    effect: fc.constantFrom("deny", "unavailable", "refuse-connection", "lose"),
  });

  it(
    "a run that cannot publish its report fails, however far it came",
    () =>
      holds(
        "law 10, unpublished",
        12,
        unpublishable,
        ({ world, ...rest }) => `${showWorld(world)}\n${fc.stringify(rest)}`,
        async ({ world, after, effect }) => {
          const u = await stage(world);
          const before = reportsIn(u.simulator).length;
          u.simulator.faults.add({
            service: "s3",
            operation: "PutObject",
            when: ({ input }) => input["Bucket"] === BUCKETS.evidence,
            after,
            effect: { kind: effect },
          });
          const ended = await u.run().then(
            () => "reported",
            () => "failed",
          );
          const published = reportsIn(u.simulator).length > before;
          if (!published) expect(ended).toBe("failed");
          return { sort: published ? "published all the same" : "failed" };
        },
      ),
    PATIENCE_MS,
  );
});
