import { describe, expect, it } from "vitest";
import { plain } from "../../controller/load/located.ts";
import { showProblem } from "../../controller/load/problems.ts";
import { readYaml } from "../../controller/load/yaml.ts";

const read = (text: string) => {
  const { documents, problems } = readYaml({ path: "a.yaml", text });
  return { values: documents.map(plain), problems: problems.map(showProblem) };
};

describe("what YAML comes to", () => {
  it.each<[string, unknown, string]>([
    ["account: 012345678901", { account: "012345678901" }, "an account id keeps its leading zero (rule 32)"],
    ["account: 111122223333", { account: "111122223333" }, "twelve digits are text"],
    ["days: 35", { days: 35 }, "other numbers are numbers"],
    ["on: yes", { on: "yes" }, "YAML 1.2 knows true and false, and no yes"],
    ["date: 2031-01-01", { date: "2031-01-01" }, "dates are text for a schema to read"],
    ["a: &x { b: 1 }\nc: *x", { a: { b: 1 }, c: { b: 1 } }, "anchors and aliases may be used"],
    ["a:", { a: null }, "nothing is null"],
    ["1: x", { "1": "x" }, "names are text"],
    ['"a": "x"', { a: "x" }, "JSON is YAML"],
  ])("$2: $0", (text, value) => expect(read(text)).toEqual({ values: [value], problems: [] }));

  it("reads every document of a file", () => expect(read("a: 1\n---\nb: 2\n").values).toEqual([{ a: 1 }, { b: 2 }]));
});

describe("what is not YAML with one plain meaning", () => {
  it.each([
    ["a: 1\na: 2\n", "a.yaml:2:1: error: a is given twice in one place: YAML keeps only one of them\n  remove one"],
    [
      "a:\n\tb: 1\n",
      "a.yaml:2:1: error: a tab indents this line: YAML indents with spaces\n  replace the tab with spaces",
    ],
    ["a: b: c", "a.yaml:1:4: error: this is not YAML: Nested mappings are not allowed in compact mappings"],
    [
      "a: { b: ${account}, c: d }",
      "a.yaml:1:10: error: this is not YAML: Unexpected flow-map-start at node end\n  inside [ ] and { }, text that holds ${ stands in quotes",
    ],
    [
      "a: !!binary aGk=",
      "a.yaml:1:4: error: tag:yaml.org,2002:binary is a YAML tag that manifests do not use\n  remove it",
    ],
    ["a: *nobody", "a.yaml:1:4: error: *nobody repeats an anchor that is not in this document"],
    ["a: &x [*x]", "a.yaml:1:7: error: an alias may not stand inside what it repeats"],
    ["a: .inf", "a.yaml:1:4: error: .inf is neither text, a number, true, false nor null"],
    ["? [a]\n: 1", "a.yaml:1:3: error: a field name is plain text"],
    ["__proto__: 1", "a.yaml:1:1: error: a field name is plain text"],
    ["# nothing but a comment", "a.yaml:1:1: warning: an empty document: it declares nothing"],
    ["a: 1\n---\n", "a.yaml:2:1: warning: an empty document: it declares nothing"],
  ])("%j", (text, problem) => expect(read(text).problems).toEqual([problem]));

  it("stops at a bomb of aliases instead of unfolding it", () => {
    const layers = Array.from(
      { length: 9 },
      (_, n) => `l${n + 1}: &l${n + 1} [${Array(10).fill(`*l${n}`).join(", ")}]`,
    );
    expect(read(["l0: &l0 [x]", ...layers].join("\n")).problems).toEqual([
      expect.stringContaining("aliases of aliases grow without bound"),
    ]);
  });

  it.each([1_000, 20_000])("says once that %i levels are too many", (depth) =>
    expect(read("[".repeat(depth) + "]".repeat(depth)).problems).toEqual([
      expect.stringContaining("nested more deeply than any manifest is"),
    ]),
  );

  it("does not read what is far too large to be a manifest", () =>
    expect(read("a".repeat(2_000_000)).problems).toEqual([
      "a.yaml:1:1: error: the file is larger than 1 MiB: no manifest is",
    ]));
});
