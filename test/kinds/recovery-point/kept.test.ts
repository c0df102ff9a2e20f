import fc from "fast-check";
import { expect, it } from "vitest";
import { Kept } from "../../../controller/kinds/kept.ts";

it("keeps the best that there is room for, whatever order they come in, and counts the others", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer(), { maxLength: 200 }), fc.nat(20), (numbers, room) => {
      const kept = new Kept<number>((a, b) => a - b, room);
      for (const number of numbers) kept.add(number);
      expect(kept.all()).toEqual(numbers.toSorted((a, b) => a - b).slice(0, room));
      expect(kept.dropped).toBe(Math.max(0, numbers.length - room));
    }),
  );
});
