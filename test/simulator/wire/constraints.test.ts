import { describe, expect, it } from "vitest";
import { violationsOf, violationText, type ServiceFacts } from "./constraints.ts";

const facts: ServiceFacts = {
  inputs: { Make: "MakeInput" },
  shapes: {
    MakeInput: { required: ["Name"], members: { Name: "Name", Sizes: "Sizes", Labels: "Labels", Kind: "Kind" } },
    Name: { pattern: "[a-z]+", min: 2, max: 4, except: "aws/.*" },
    Sizes: { item: "Size", max: 2 },
    Size: { numeric: true, min: 1 },
    Labels: { key: "Name" },
    Kind: { enum: ["A", "B"] },
  },
};

const cases = [
  ["lets a good input pass", { Name: "abc", Sizes: [1, 2], Labels: { ab: "x" }, Kind: "A" }, []],
  ["wants what is required", {}, ["Value null at 'name' failed to satisfy constraint: Member must not be null"]],
  [
    "matches the whole value",
    { Name: "ab1" },
    ["Value 'ab1' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z]+"],
  ],
  [
    "counts characters, not code units",
    { Name: "\u{1F512}a", Kind: "A" },
    [
      "Value '\u{1F512}a' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z]+",
    ],
  ],
  [
    "names the item of a list",
    { Name: "ab", Sizes: [1, 0] },
    ["Value '0' at 'sizes.2.member' failed to satisfy constraint: Member must have value greater than or equal to 1"],
  ],
  [
    "bounds a list",
    { Name: "ab", Sizes: [1, 1, 1] },
    ["Value '[1,1,1]' at 'sizes' failed to satisfy constraint: Member must have length less than or equal to 2"],
  ],
  [
    "checks the keys of a map",
    { Name: "ab", Labels: { a: "x" } },
    ["Value 'a' at 'labels.a.key' failed to satisfy constraint: Member must have length greater than or equal to 2"],
  ],
  [
    "knows the values of an enum",
    { Name: "ab", Kind: "C" },
    ["Value 'C' at 'kind' failed to satisfy constraint: Member must satisfy enum value set: [A, B]"],
  ],
  ["lets an exception pass", { Name: "aws/" }, []],
] as const;

describe("modelled constraints", () => {
  it.each(cases)("%s", (_sentence, input, messages) => {
    expect(violationsOf(facts, "Make", input).map(({ message }) => message)).toEqual(messages);
  });

  it("counts the errors as AWS's front ends do", () => {
    const text = violationText(violationsOf(facts, "Make", { Sizes: [0] }));
    expect(text).toMatch(/^2 validation errors detected: Value null at 'name' .*; Value '0' at 'sizes\.1\.member'/);
  });
});
