import { describe, expect, it } from "vitest";
import { PATIENCE_MS, SORTS, told, tryHistories } from "./trying.ts";

describe("histories, the second hundred", () => {
  it(
    "of months, with people about: nothing goes that may not, and what may does",
    async () => {
      const tally = await tryHistories(100, 2);
      console.log(told(tally));
      for (const what of SORTS) expect(tally.counts.get(what) ?? 0, what).toBeGreaterThan(1);
    },
    PATIENCE_MS,
  );
});
