import { describe, expect, it } from "vitest";
import { PATIENCE_MS, told, tryHistories } from "./trying.ts";

describe("histories that are contested", () => {
  it(
    "of people who object to what others agreed to: what they spoke for stays, and the rest goes",
    async () => {
      const tally = await tryHistories(40, 3, { plot: "contested" });
      console.log(told(tally));
      for (const what of ["deleted: expired", "shortened: neverExpires", "by change", "by group"])
        expect(tally.counts.get(what) ?? 0, what).toBeGreaterThan(1);
    },
    PATIENCE_MS,
  );
});
