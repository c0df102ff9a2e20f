import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { worstEffect } from "../../controller/domain/effect.ts";
import { selection } from "../../controller/kinds/selection/selection.ts";
import { matches } from "../../controller/kinds/selection/pattern.ts";
import type { Conditions, SelectionSpec } from "../../controller/kinds/selection/spec.ts";

const iamRoleArn = "arn:aws:iam::444455556666:role/backup";
const of = (spec: Partial<SelectionSpec>): SelectionSpec => ({ iamRoleArn, ...spec });
const stateOf = (spec: SelectionSpec) => ({ planId: "1", selectionName: "s", generation: 1, ...spec });
const effectOf = (live: SelectionSpec, desired: SelectionSpec) =>
  worstEffect(selection.compare(desired, stateOf(live)).map(({ effect }) => effect));

const env = (value: string) => ({ key: "aws:ResourceTag/env", value });
const volumes = "arn:aws:ec2:*:*:volume/*";

describe("what a change of a selection does to protection", () => {
  it.each<[string, SelectionSpec, SelectionSpec, string, string]>([
    ["one more resource", of({ resources: ["a:1"] }), of({ resources: ["a:1", "a:2"] }), "strengthens", "a superset"],
    ["one resource less", of({ resources: ["a:1", "a:2"] }), of({ resources: ["a:1"] }), "weakens", "it is left out"],
    [
      "a pattern for a resource",
      of({ resources: ["arn:aws:ec2:eu-west-1:1:volume/v"] }),
      of({ resources: [volumes] }),
      "strengthens",
      "the pattern takes it in",
    ],
    [
      "everything for a type",
      of({ resources: [volumes] }),
      of({ resources: ["*"] }),
      "weakens",
      "* follows opt-in, a named type does not",
    ],
    [
      "a type for a service",
      of({ resources: ["arn:aws:ec2:*"] }),
      of({ resources: [volumes] }),
      "weakens",
      "instances are left out",
    ],
    [
      "everything for a service",
      of({ resources: ["arn:aws:ec2:*"] }),
      of({ resources: ["*"] }),
      "strengthens",
      "both follow opt-in",
    ],
    [
      "all buckets for one",
      of({ resources: ["arn:aws:s3:::b"] }),
      of({ resources: ["arn:aws:s3:::*"] }),
      "weakens",
      "a bucket's ARN has no type, so all of them may follow opt-in",
    ],
    [
      "a prefix for one bucket",
      of({ resources: ["arn:aws:s3:::logs-1"] }),
      of({ resources: ["arn:aws:s3:::logs-*"] }),
      "strengthens",
      "the prefix takes it in",
    ],
    [
      "a suffix for one bucket",
      of({ resources: ["arn:aws:s3:::a-logs"] }),
      of({ resources: ["arn:aws:s3:::*-logs"] }),
      "weakens",
      "AWS supports no suffixes",
    ],
    [
      "one exclusion for a suffix",
      of({ resources: ["*"], notResources: ["arn:aws:s3:::*-logs"] }),
      of({ resources: ["*"], notResources: ["arn:aws:s3:::a-logs"] }),
      "weakens",
      "the suffix may have excluded nothing",
    ],
    [
      "a broken type",
      of({ resources: [volumes] }),
      of({ resources: ["arn:aws:ec2:*:*:v*"] }),
      "weakens",
      "v* names no type, so it may follow opt-in",
    ],
    [
      "everything for a tag",
      of({ listOfTags: [{ key: "backup", value: "daily" }] }),
      of({ resources: ["*"] }),
      "strengthens",
      "both follow opt-in",
    ],
    [
      "another tag",
      of({ listOfTags: [{ key: "backup", value: "daily" }] }),
      of({ listOfTags: [{ key: "backup", value: "weekly" }] }),
      "weakens",
      "the first is left out",
    ],
    [
      "a tag more",
      of({ listOfTags: [{ key: "a", value: "1" }] }),
      of({
        listOfTags: [
          { key: "a", value: "1" },
          { key: "b", value: "1" },
        ],
      }),
      "strengthens",
      "either tag will do",
    ],
    [
      "resources beside tags",
      of({ listOfTags: [{ key: "a", value: "1" }] }),
      of({ listOfTags: [{ key: "a", value: "1" }], resources: [volumes] }),
      "strengthens",
      "the two are a union",
    ],
    [
      "an exclusion",
      of({ resources: ["*"] }),
      of({ resources: ["*"], notResources: [volumes] }),
      "weakens",
      "less is picked",
    ],
    [
      "an exclusion less",
      of({ resources: ["*"], notResources: [volumes] }),
      of({ resources: ["*"] }),
      "strengthens",
      "more is picked",
    ],
    [
      "a narrower exclusion",
      of({ resources: ["*"], notResources: [volumes] }),
      of({ resources: ["*"], notResources: ["arn:aws:ec2:*:*:volume/v"] }),
      "strengthens",
      "the one was excluded before",
    ],
    [
      "a condition",
      of({ resources: ["*"] }),
      of({ resources: ["*"], conditions: { stringEquals: [env("p")] } }),
      "weakens",
      "fewer pass",
    ],
    [
      "a condition less",
      of({ resources: ["*"], conditions: { stringEquals: [env("p")] } }),
      of({ resources: ["*"] }),
      "strengthens",
      "more pass",
    ],
    [
      "a looser condition",
      of({ resources: ["*"], conditions: { stringEquals: [env("prod")] } }),
      of({ resources: ["*"], conditions: { stringLike: [env("pr*")] } }),
      "strengthens",
      "prod is like pr*",
    ],
    [
      "an implied condition",
      of({ resources: ["*"], conditions: { stringEquals: [env("prod")] } }),
      of({ resources: ["*"], conditions: { stringEquals: [env("prod")], stringNotEquals: [env("test")] } }),
      "neutral",
      "prod is not test: each proves the other",
    ],
    [
      "a tighter exclusion by tag",
      of({ resources: ["*"], conditions: { stringNotEquals: [env("test")] } }),
      of({ resources: ["*"], conditions: { stringNotLike: [env("t*")] } }),
      "weakens",
      "tool was picked before",
    ],
    [
      "another role",
      of({ resources: ["*"] }),
      { ...of({ resources: ["*"] }), iamRoleArn: `${iamRoleArn}2` },
      "neutral",
      "the same is picked",
    ],
    [
      "widened here, narrowed there",
      of({ resources: ["a:1"] }),
      of({ resources: ["a:1", "a:2"], notResources: ["a:1"] }),
      "weakens",
      "the graver tells",
    ],
    [
      "nothing",
      of({ resources: ["a", "b"], listOfTags: [] }),
      of({ resources: ["b", "a", "a"], conditions: { stringLike: [] } }),
      "neutral",
      "sets, and empty lists",
    ],
  ])("%s", (_what, live, desired, effect, because) => {
    expect({ because, effect: effectOf(live, desired) }).toEqual({ because, effect });
  });

  it("lets no field change in place", () => {
    const fields = selection.compare(selection.definition.examples.fullest, stateOf(of({})));
    expect(fields.map(({ path, on }) => [path, on])).toEqual(
      ["conditions", "listOfTags", "notResources", "resources", "iamRoleArn"]
        .toSorted()
        .map((path) => [path, "replace"]),
    );
  });
});

/** What AWS picks, written down again from its documentation (semantics §3.2, §3.4), with other means than the kind's. */
interface Resource {
  readonly arn: string;
  readonly optedIn: boolean;
  readonly tags: Readonly<Record<string, string>>;
}
const globs = new Map<string, RegExp>();
function glob(pattern: string, star: string): RegExp {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const source = `^${parts.join(star)}$`;
  const known = globs.get(source) ?? new RegExp(source, "s");
  globs.set(source, known);
  return known;
}
/** Whether all buckets go before the opt-in AWS does not say; whatever is proven must hold either way. */
type Buckets = "before-opt-in" | "after-opt-in";
const namesType = (pattern: string, buckets: Buckets) =>
  pattern === "arn:aws:s3:::*"
    ? buckets === "before-opt-in"
    : /^arn:aws:(s3:::|[^:]+:[^:]*:[^:]*:(volume|instance|db)([/:]|$))/.test(pattern);

function picks(spec: SelectionSpec, { arn, optedIn, tags }: Resource, buckets: Buckets): boolean {
  const passes = (conditions: Conditions | undefined): boolean => {
    const tag = (key: string) => tags[key.replace("aws:ResourceTag/", "")];
    return (
      (conditions?.stringEquals ?? []).every(({ key, value }) => tag(key) === value) &&
      (conditions?.stringNotEquals ?? []).every(({ key, value }) => tag(key) !== value) &&
      (conditions?.stringLike ?? []).every(
        ({ key, value }) => tag(key) !== undefined && glob(value, "\\S*").test(tag(key)!),
      ) &&
      (conditions?.stringNotLike ?? []).every(
        ({ key, value }) => tag(key) === undefined || !glob(value, "\\S*").test(tag(key)!),
      )
    );
  };
  const byPattern = (spec.resources ?? []).some(
    (one) => glob(one, ".*").test(arn) && (optedIn || namesType(one, buckets)),
  );
  const byTag = optedIn && (spec.listOfTags ?? []).some(({ key, value }) => tags[key] === value);
  return (
    (byPattern || byTag) &&
    !(spec.notResources ?? []).some((one) => glob(one, ".*").test(arn)) &&
    passes(spec.conditions)
  );
}

const VALUES = ["a", "ab", "b", "a b", ""];
const ARNS = [
  "arn:aws:ec2:r:1:volume/v1",
  "arn:aws:ec2:r:1:volume/v2",
  "arn:aws:ec2:r:1:instance/i1",
  "arn:aws:s3:::b1",
  "arn:aws:rds:r:1:db:d1",
];
const UNIVERSE: readonly Resource[] = ARNS.flatMap((arn) =>
  [true, false].flatMap((optedIn) =>
    [undefined, ...VALUES].flatMap((k) =>
      [undefined, ...VALUES].map((l) => ({
        arn,
        optedIn,
        tags: { ...(k === undefined ? {} : { k }), ...(l === undefined ? {} : { l }) },
      })),
    ),
  ),
);

const pattern = fc.constantFrom(
  "*",
  "arn:aws:ec2:*",
  "arn:aws:ec2:*:*:volume/*",
  "arn:aws:ec2:*:*:volume/v1",
  "arn:aws:s3:::*",
  ...ARNS,
);
const tag = (values: readonly string[], prefix = "") =>
  fc.record({ key: fc.constantFrom(`${prefix}k`, `${prefix}l`), value: fc.constantFrom(...values) });
const tests = (values: readonly string[]) => fc.array(tag(values, "aws:ResourceTag/"), { maxLength: 2 });
const anySelection: fc.Arbitrary<SelectionSpec> = fc.record({
  iamRoleArn: fc.constant(iamRoleArn),
  resources: fc.array(pattern, { maxLength: 3 }),
  notResources: fc.array(pattern, { maxLength: 2 }),
  listOfTags: fc.array(tag(VALUES), { maxLength: 2 }),
  conditions: fc.record({
    stringEquals: tests(VALUES),
    stringNotEquals: tests(VALUES),
    stringLike: tests([...VALUES, "a*", "*b", "*", "a*b"]),
    stringNotLike: tests([...VALUES, "a*", "*b", "*", "a*b"]),
  }),
});
/** A neighbour: most random pairs have nothing to do with each other and prove nothing. */
const pair = fc
  .tuple(
    anySelection,
    anySelection,
    fc.subarray(["resources", "notResources", "listOfTags", "conditions"] as const, { maxLength: 2 }),
  )
  .map(([live, other, changed]) => ({
    live,
    desired: { ...live, ...Object.fromEntries(changed.map((name) => [name, other[name]])) },
  }));

it("calls nothing a strengthening that leaves out a resource which was picked", () => {
  let proven = 0;
  fc.assert(
    fc.property(pair, ({ live, desired }) => {
      const effect = effectOf(live, desired);
      if (effect === "weakens") return;
      proven += 1;
      const open = [live, desired].some(({ resources }) => resources?.includes("arn:aws:s3:::*"));
      for (const buckets of open ? (["before-opt-in", "after-opt-in"] as const) : (["after-opt-in"] as const)) {
        const pickedBy = (spec: SelectionSpec) => UNIVERSE.filter((resource) => picks(spec, resource, buckets));
        const [before, after] = [new Set(pickedBy(live)), new Set(pickedBy(desired))];
        expect([...before].filter((resource) => !after.has(resource))).toEqual([]);
        const won = [...after].filter((resource) => !before.has(resource));
        expect(effect === "neutral" ? won : []).toEqual([]);
      }
    }),
    { numRuns: 1500, seed: 7 },
  );
  expect(proven).toBeGreaterThan(200);
});

it("matches as AWS's wildcard does", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", " ", "*"), maxLength: 6 });
  fc.assert(
    fc.property(text, text, (one, other) => {
      expect(matches(one, other)).toBe(glob(one, "\\S*").test(other));
    }),
    { numRuns: 2000 },
  );
});
