import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plain, type Located } from "../../controller/load/located.ts";
import { mergePatch } from "../../controller/load/merge-patch.ts";

const at = { path: "a.yaml", line: 1, column: 1 };

/** Puts a place on every part of a value, as if somebody had written it. */
function written(value: unknown): Located {
  if (Array.isArray(value)) return { type: "list", at, items: value.map(written) };
  if (typeof value !== "object" || value === null) return { type: "scalar", at, value: value as string };
  const members = Object.entries(value).map(([name, inner]) => ({ name, at, value: written(inner) }));
  return { type: "map", at, members };
}
const merge = (base: unknown, patch: unknown): unknown => plain(mergePatch(written(base), written(patch)));

describe("the test cases of RFC 7396", () => {
  it.each([
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [
      ["a", "b"],
      ["c", "d"],
      ["c", "d"],
    ],
    [{ a: "b" }, ["c"], ["c"]],
    [{ a: "foo" }, null, null],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: "b", c: null }, { a: "b" }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])("%j patched with %j is %j", (base, patch, expected) => expect(merge(base, patch)).toEqual(expected));
});

const name = fc.constantFrom("a", "b", "c");
const { value, patch } = fc.letrec<{ value: unknown; patch: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.integer(),
    fc.array(fc.integer(), { maxLength: 2 }),
    fc.dictionary(name, tie("value")),
  ),
  patch: fc.oneof({ maxDepth: 3 }, fc.integer(), fc.constant(null), fc.dictionary(name, tie("patch"))),
}));

describe("laws of merging", () => {
  const map = fc.dictionary(name, value);
  const scalars = fc.dictionary(name, fc.integer());

  it("patching twice is patching once", () => {
    fc.assert(
      fc.property(value, patch, (v, p) => {
        expect(merge(merge(v, p), p)).toEqual(merge(v, p));
      }),
    );
  });
  it("an empty patch changes no map", () => {
    fc.assert(
      fc.property(map, (v) => {
        expect(merge(v, {})).toEqual(v);
      }),
    );
  });
  it("a patch without nulls, on nothing, is what it says", () => {
    fc.assert(
      fc.property(value, (v) => {
        expect(merge(0, v)).toEqual(v);
      }),
    );
  });
  it("the last patch decides every leaf it names", () => {
    fc.assert(
      fc.property(map, scalars, scalars, (v, p, q) => {
        expect(merge(merge(v, p), q)).toMatchObject(q);
      }),
    );
  });
});
