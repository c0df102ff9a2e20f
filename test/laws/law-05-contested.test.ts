import { describe, expect, it } from "vitest";
import { callCount, mutationsOf, reported } from "./runs.ts";
import { ALONE, NIGHTLY, VAULT } from "./fixed-worlds.ts";
import { stage } from "./worlds.ts";

const HOUR_MS = 3_600_000;

/** What a person, or another tool, could keep undoing; each is a field that a run puts back unasked. */
const QUARRELS = [
  "weaken-retention",
  "delete-vault-policy",
  "remove-lock",
  "mute-notifications",
  "delete-selection",
] as const;

describe("law 5, hands off", () => {
  it.each(QUARRELS)("lets go of what somebody else keeps setting, and says so: %s", async (quarrel) => {
    const u = await stage({ ...ALONE, earlier: "the same", manifests: [VAULT, NIGHTLY] });
    const correct = async () => {
      expect(u.simulator.meddle(quarrel), "there is something to undo").toBeDefined();
      const from = callCount(u);
      const report = reported(await u.run());
      u.simulator.clock.advance(HOUR_MS);
      return { written: mutationsOf(u, from).length, held: report.held.map(({ reason }) => reason) };
    };
    for (const time of ["first", "second"]) expect(await correct(), time).toMatchObject({ held: [] });
    const from = callCount(u);
    u.simulator.meddle(quarrel);
    for (let run = 0; run < 2; run++)
      expect(reported(await u.run()).held.map(({ reason }) => reason)).toContain("contested");
    expect(mutationsOf(u, from)).toEqual([]);

    u.simulator.clock.advance(25 * HOUR_MS);
    expect(reported(await u.run()).result, "a day later it is put back again").toBe("CORRECTED");
  });
});
