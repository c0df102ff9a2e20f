import fc from "fast-check";
import type { Candidate, OptIns } from "../../../controller/kinds/selection/evaluate.ts";
import { typesOf } from "../../../controller/kinds/protectable.ts";
import type { Conditions, SelectionSpec } from "../../../controller/kinds/selection/spec.ts";

/** A selection, a resource and a Region's opt-ins, some of which could not be read. */
export interface Case {
  readonly spec: SelectionSpec;
  readonly resource: Candidate;
  readonly optIns: OptIns | undefined;
}

const here = "eu-west-1:444455556666";
const ARNS = [
  `arn:aws:ec2:${here}:volume/vol-1`,
  `arn:aws:ec2:${here}:instance/i-1`,
  `arn:aws:rds:${here}:db:orders`,
  `arn:aws:rds:${here}:cluster:orders`,
  `arn:aws:fsx:${here}:file-system/fs-1`,
  `arn:aws:fsx:${here}:volume/fs-1/fsvol-1`,
  `arn:aws:dynamodb:${here}:table/orders`,
  `arn:aws:dynamodb:${here}:table/awsbackup-restore-test-1`,
  "arn:aws:s3:::orders-logs",
  "arn:aws:s3:::awsbackup-restore-test-2",
  `arn:aws:lambda:${here}:function:orders`,
];
const TYPES = [...new Set(ARNS.flatMap(typesOf))];

const KEYS = ["backup", "Backup", "stage"];
const VALUES = ["true", "True", "prod", "prod eu", "test", ""];
const LIKE = [...VALUES, "*", "pr*", "*d", "*ro*", "p*d", "p*d*u", "t?st", "**"];

/** Patterns of every sort that says something of a resource, and some that do not. */
const patternsFor = (arn: string): readonly string[] => {
  const parts = arn.split(":");
  const service = parts.slice(0, 3).join(":");
  const what = parts.slice(5).join(":");
  const type = /^[^/:]+[/:]/.exec(what)?.[0] ?? "";
  return [
    "*",
    arn,
    `${service}:*`,
    `${service}:*:*:${type}*`,
    `${service}:*:*:${what}`,
    `${service}:::${type}*`,
    `${service}:*:*:${what.slice(0, 2)}*`,
    `${arn.slice(0, -2)}*`,
    `${service}:eu-*:*:${type}*`,
    `*${what.slice(-3)}`,
    arn.toUpperCase(),
    "arn:aws:elasticfilesystem:*",
  ];
};

const tagsOf = fc.dictionary(fc.constantFrom(...KEYS), fc.constantFrom(...VALUES), {
  maxKeys: 3,
  noNullPrototype: true,
});
const marked = tagsOf.map((tags) => ({ ...tags, "awsbackup-restore-test": "plan" }));

/** Of a hundred keys so many are bare. */
const tagTest = (values: readonly string[], bareKeys: number) =>
  fc.record({
    key: fc
      .tuple(
        fc.oneof(
          { weight: 100 - bareKeys, arbitrary: fc.constant("aws:ResourceTag/") },
          { weight: bareKeys, arbitrary: fc.constant("") },
        ),
        fc.constantFrom(...KEYS),
      )
      .map((parts) => parts.join("")),
    value: fc.constantFrom(...values),
  });

/** Few tests: with many, nothing would ever pass them all. */
const conditionsOf: fc.Arbitrary<Conditions> = fc
  .array(
    fc.oneof(
      fc.tuple(fc.constantFrom("stringEquals" as const, "stringNotEquals" as const), tagTest(VALUES, 20)),
      fc.tuple(fc.constantFrom("stringLike" as const, "stringNotLike" as const), tagTest(LIKE, 20)),
    ),
    { maxLength: 2 },
  )
  .map((tests) => Object.groupBy(tests, ([operator]) => operator))
  .map((grouped) =>
    Object.fromEntries(Object.entries(grouped).map(([name, tests]) => [name, tests.map(([, test]) => test)])),
  );

/** A resource, and a selection that has something to do with it more often than not. */
export const anyCase: fc.Arbitrary<Case> = fc.constantFrom(...ARNS).chain((arn) => {
  const pattern = fc.constantFrom(...patternsFor(arn));
  return fc.record({
    spec: fc.record({
      iamRoleArn: fc.constant("arn:aws:iam::444455556666:role/backup"),
      resources: fc.array(pattern, { maxLength: 2 }),
      notResources: fc.oneof(
        { weight: 3, arbitrary: fc.constant<string[]>([]) },
        { weight: 1, arbitrary: fc.array(pattern, { maxLength: 2 }) },
      ),
      listOfTags: fc.array(tagTest(VALUES, 90), { maxLength: 2 }),
      conditions: fc.oneof(fc.constant({}), conditionsOf),
    }),
    resource: fc
      .oneof(
        { weight: 16, arbitrary: tagsOf },
        { weight: 1, arbitrary: marked },
        { weight: 2, arbitrary: fc.constant(undefined) },
      )
      .map((tags) => ({ arn, types: typesOf(arn), ...(tags === undefined ? {} : { tags }) })),
    optIns: fc.oneof(
      { weight: 9, arbitrary: fc.record(Object.fromEntries(TYPES.map((type) => [type, fc.boolean()]))) },
      { weight: 9, arbitrary: fc.constant(Object.fromEntries(TYPES.map((type) => [type, true]))) },
      { weight: 1, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: fc.constant(undefined) },
    ),
  });
});

/** What the tags may be where they could not be read. */
export const POSSIBLE_TAGS: readonly Readonly<Record<string, string>>[] = [
  {},
  { "awsbackup-restore-test": "plan" },
  ...VALUES.flatMap((value) => [{ backup: value, Backup: value, stage: value }, { backup: value }, { stage: value }]),
];
