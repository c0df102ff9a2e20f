import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placement } from "./before.ts";
import { holds, PATIENCE_MS } from "./cases.ts";
import { handsOff } from "./hands-off.ts";
import { reported } from "./runs.ts";
import { showWorld, stage, worldsWith } from "./worlds.ts";

/** Worlds in which somebody was before us, more often than not under names that manifests use too. */
const strangers = worldsWith({ placed: fc.array(placement, { minLength: 2, maxLength: 5 }) });

describe("law 5, hands off", () => {
  it(
    "what is not ours, contested, suspended or only watched is afterwards what it was, to the byte",
    () =>
      holds("law 5", 30, strangers, showWorld, async (world) => {
        const u = await stage(world);
        const before = handsOff(u.simulator, world);
        for (let run = 0; run < 2; run++) reported(await u.run());
        const after = handsOff(u.simulator, world);
        for (const [what, was] of before) expect(after.get(what), what).toBe(was);
        return { sort: before.size === 0 ? "with nothing to keep off" : "with something to keep off" };
      }),
    PATIENCE_MS,
  );
});
