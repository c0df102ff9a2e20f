import { expect, it } from "vitest";
import { leavings } from "../histories/copying.ts";
import { PATIENCE_MS, told, tryHistories } from "../histories/trying.ts";

/**
 * What is left to its copies, and what nobody owns, in short histories: copies are missing, doubled, from nowhere, kept for less, flagged,
 * out of sight or under a disabled key, runs die, and events come. The oracle of the histories judges each deletion by the world itself.
 */
it(
  "goes announced, agreed to, within the budget, never as the last, and with one copy in each vault; in no run of an event",
  async () => {
    const tally = await tryHistories(9, 3, true, leavings);
    console.log(told(tally));
    for (const what of ["deleted: copied", "deleted: unowned"])
      expect(tally.counts.get(what) ?? 0, what).toBeGreaterThan(0);
  },
  PATIENCE_MS,
);
