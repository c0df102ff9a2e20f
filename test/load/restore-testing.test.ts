import { describe, expect, it } from "vitest";
import { FLEET, manifest, shown } from "./support.ts";

const ROLE = "iamRoleArn: arn:aws:iam::111122223333:role/restore";
const POINTS =
  'recoveryPointSelection: { algorithm: LATEST_WITHIN_WINDOW, recoveryPointTypes: [SNAPSHOT], includeVaults: ["*"] }';
const tests = (fields: string, selection = `name: volumes, protectedResourceType: EBS, ${ROLE}`) =>
  FLEET +
  manifest(
    "RestoreTestingPlan",
    "monthly",
    `targets: { groups: [all] }\nscheduleExpression: cron(0 4 1 * ? *)\n${POINTS}\nselections: [{ ${selection} }]\n${fields}`,
  );
const validated =
  "onRestored: { function: 'arn:aws:lambda:${region}:${account}:function:holdfast-validator-a', deadline: 2h }";

/** Severity and message, without places and hints. */
const found = (text: string): readonly string[] =>
  shown(text)
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("  "))
    .map((line) => line.replace(/^\S+ /, ""));

describe("a restore testing plan", () => {
  it.each([
    [
      "a test more seldom than is asked",
      tests("every: 7d"),
      /^warning: every asks for a test within 7d, and the schedule leaves up to 31 days/,
    ],
    [
      "no time for a test to begin in, after a month of 31 days",
      tests("every: 31d"),
      /^warning: every asks for a test within 31d, .* up to 31 days between two, each of which may take 24 h/,
    ],
    [
      "both a wildcard and an ARN",
      tests("", `name: a, protectedResourceType: EBS, ${ROLE}, protectedResourceArns: ["*", "arn:aws:ec2:a:b:c"]`),
      /^error: .*names \* and ARNs/,
    ],
    [
      "conditions beside ARNs",
      tests(
        "",
        `name: a, protectedResourceType: EBS, ${ROLE}, protectedResourceArns: ["arn:aws:ec2:a:b:c"], protectedResourceConditions: { stringEquals: [{ key: aws:ResourceTag/a, value: b }] }`,
      ),
      /^error: .*go with \* alone/,
    ],
    [
      "file systems without a subnet",
      tests("", `name: a, protectedResourceType: FSx, ${ROLE}`),
      /^warning: .*names no subnetIds/,
    ],
    ["a validator that has longer than its window", tests(validated), /^error: .*AWS takes no result after its window/],
    [
      "a validator of another name",
      tests("onRestored: { function: 'arn:aws:lambda:eu-west-1:111122223333:function:mine' }"),
      /^error: .*holdfast-validator-/,
    ],
    [
      "a type that is not tested",
      tests("", `name: a, protectedResourceType: Redshift, ${ROLE}`),
      /^error: .*protectedResourceType/,
    ],
    [
      "a name with a hyphen",
      tests("").replace("name: monthly", "name: month-ly"),
      /^error: .*1 to 50 letters, digits and _/,
    ],
  ])("has %s", (_, text, expected) => {
    expect(found(text).filter((line) => expected.test(line))).toHaveLength(1);
  });

  it("has nothing to complain of where all is well", () => {
    expect(found(tests(""))).toEqual([]);
    expect(found(tests("every: 32d"))).toEqual([]);
  });
});
