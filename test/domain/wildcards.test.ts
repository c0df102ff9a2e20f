import fc from "fast-check";
import { expect, it } from "vitest";
import { fits, fitsAny } from "../../controller/domain/wildcards.ts";

/** Patterns are manifests' and names are whoever's that tags things: what fits is a matter of words, and never of patience. */

/** The same by a regular expression, which is right and may take for ever. */
const byExpression = (pattern: string, name: string): boolean =>
  new RegExp(
    `^${pattern.replaceAll(/\W/g, (one) => (one === "*" ? ".*" : one === "?" ? "." : `\\${one}`))}$`,
    "s",
  ).test(name);

it("fits what a regular expression of the same words does", () => {
  const text = (letters: string) => fc.string({ unit: fc.constantFrom(...letters.split("")), maxLength: 7 });
  fc.assert(
    fc.property(text("ab.*?\n"), text("ab.*\n"), (pattern, name) => {
      expect(fits(pattern, name)).toBe(byExpression(pattern, name));
    }),
    { numRuns: 2_000 },
  );
});

it("says no to a name that almost fits many stretches before anybody grows old", () => {
  expect(fits(`${"*a".repeat(30)}b`, "a".repeat(2_000))).toBe(false);
  expect(fits(`${"*a".repeat(30)}b`, `${"a".repeat(2_000)}b`)).toBe(true);
});

it("fits any one of several, and nothing of none", () => {
  expect(["app-1", "web-1"].map(fitsAny(["app-?", "db-*"]))).toEqual([true, false]);
  expect(fitsAny([])("app-1")).toBe(false);
});
