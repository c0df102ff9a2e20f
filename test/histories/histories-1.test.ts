import { describe, expect, it } from "vitest";
import { PATIENCE_MS, SORTS, told, tryHistories } from "./trying.ts";

describe("histories, the first hundred", () => {
  it(
    "of months, with people about: nothing goes that may not, and what may does",
    async () => {
      const tally = await tryHistories(100, 1);
      console.log(told(tally));
      // Some are rare: the last point goes by its name in one of thirty.
      for (const what of SORTS) expect(tally.counts.get(what) ?? 0, what).toBeGreaterThan(0);
    },
    PATIENCE_MS,
  );
});
