import { describe, expect, it } from "vitest";
import { holds, PATIENCE_MS } from "./cases.ts";
import { ACCOUNTS } from "./manifests.ts";
import { protectionIn, weakened } from "./protection.ts";
import { reported } from "./runs.ts";
import { showWorld, stage, worldsWith } from "./worlds.ts";

describe("law 2, the ratchet", () => {
  it(
    "no run weakens what protects, whatever is declared: no approval is in force",
    () =>
      holds("law 2", 30, worldsWith(), showWorld, async (world) => {
        const u = await stage(world);
        const before = protectionIn(u.simulator, ACCOUNTS);
        const first = reported(await u.run());
        reported(await u.run());
        expect(weakened(before, protectionIn(u.simulator, ACCOUNTS))).toEqual([]);
        return { sort: first.result };
      }),
    PATIENCE_MS,
  );
});
