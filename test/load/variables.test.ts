import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AccountId, Region } from "../../controller/domain/identity.ts";
import { plain, type Located } from "../../controller/load/located.ts";
import { showProblem } from "../../controller/load/problems.ts";
import { substitute, valuesIn } from "../../controller/load/variables.ts";
import { readYaml } from "../../controller/load/yaml.ts";

const target = { account: AccountId.parse("012345678901"), region: Region.parse("us-gov-west-1") };
const values = valuesIn(target, "payments", ["production"]);

const tree = (text: string): Located => {
  const [document] = readYaml({ path: "a.yaml", text }).documents;
  if (!document) throw new Error("no document");
  return document;
};
const put = (text: string, among = values) => {
  const { located, problems } = substitute(tree(text), among);
  return { value: plain(located), problems: problems.map(showProblem) };
};

describe("variables in values", () => {
  it.each<[string, unknown, string]>([
    ["a: ${account}", { a: "012345678901" }, "an account is text, zero and all"],
    ["a: arn:${partition}:x:${region}", { a: "arn:aws-us-gov:x:us-gov-west-1" }, "the partition follows the Region"],
    [
      "tags: { of: '${alias}', in: '${group}' }",
      { tags: { of: "payments", in: "production" } },
      "names stand in values",
    ],
    ["a: ['${account}']", { a: ["012345678901"] }, "in lists too"],
    ["a: $${account}", { a: "${account}" }, "$${ is a plain ${"],
    ["a: $$${account}", { a: "$${account}" }, "and only its last dollar counts"],
    [
      "accessPolicy: { a: '${aws:username} ${*} ${?} ${$}' }",
      { accessPolicy: { a: "${aws:username} ${*} ${?} ${$}" } },
      "IAM's own pass",
    ],
    ["accessPolicy: { a: '${account}' }", { accessPolicy: { a: "012345678901" } }, "ours are put in beside them"],
    ["accessPolicy: { '${account}': x }", { accessPolicy: { "${account}": "x" } }, "names are left alone"],
    ["a: 7", { a: 7 }, "numbers hold none"],
  ])("$2: $0", (text, value) => expect(put(text)).toEqual({ value, problems: [] }));
});

describe("what is no variable", () => {
  it.each([
    [
      "a: ${acount}",
      "a.yaml:1:4: error: ${acount}: there is no such variable; there are ${partition}, ${account}, ${region}, ${alias}, ${group}\n  did you mean account?",
    ],
    [
      "a: ${aws:username}",
      "a.yaml:1:4: error: ${aws:username}: there is no such variable; there are ${partition}, ${account}, ${region}, ${alias}, ${group}\n  for a literal ${ write $${",
    ],
    [
      "accessPolicy: { a: '${username}' }",
      "a.yaml:1:20: error: ${username}: there is no such variable; there are ${partition}, ${account}, ${region}, ${alias}, ${group}\n  for a literal ${ write $${",
    ],
    [
      "a: ${account",
      "a.yaml:1:4: error: ${account: a variable without its closing brace\n  for a literal ${ write $${",
    ],
    ["tags: { 'x-${account}': y }", "a.yaml:1:9: error: x-${account}: variables are put in values, never in names"],
    [
      "iamRoleArn: ${alias}",
      "a.yaml:1:13: error: ${alias}: an account can be renamed, and iamRoleArn would then mean something else\n  use ${account} or ${group}",
    ],
    [
      "match: { vaults: ['${alias}'] }",
      "a.yaml:1:19: error: ${alias}: an account can be renamed, and vaults would then mean something else\n  use ${account} or ${group}",
    ],
  ])("%s", (text, problem) => expect(put(text).problems).toEqual([problem]));

  it("says why a variable has no value here", () => {
    const nowhere = valuesIn(target, undefined, []);
    expect(put("a: ${group}", nowhere).problems).toEqual([
      "a.yaml:1:4: error: ${group}: the target is in none of the manifest's groups",
    ]);
    expect(put("a: ${alias}", nowhere).problems).toEqual([
      "a.yaml:1:4: error: ${alias}: the account's name is not known",
    ]);
    expect(put("a: ${group}", valuesIn(target, undefined, ["a", "b"])).problems).toEqual([
      "a.yaml:1:4: error: ${group}: the target is in several of the manifest's groups: a, b",
    ]);
  });
});

describe("laws of substitution", () => {
  const text = fc.oneof(fc.constantFrom("${account}", "${region}", "$${", "${aws:x}", "${", "$", "}"), fc.string());
  const located: fc.Arbitrary<Located> = fc.letrec<{ node: Located }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3 },
      fc.array(text).map((parts) => ({ type: "scalar" as const, value: parts.join(""), at: tree("a: 1").at })),
      fc.array(fc.tuple(text, tie("node")), { maxLength: 3 }).map((members) => ({
        type: "map" as const,
        at: tree("a: 1").at,
        members: members.map(([name, value]) => ({ name, at: value.at, value })),
      })),
    ),
  })).node;
  const names = (one: Located): readonly string[] =>
    one.type === "map" ? one.members.flatMap(({ name, value }) => [name, ...names(value)]) : [];

  it("never touches a name", () => {
    fc.assert(
      fc.property(located, (one) => {
        expect(names(substitute(one, values).located)).toEqual(names(one));
      }),
    );
  });

  it("is done once: a value that looks like a variable is not looked at again", () => {
    const odd = valuesIn(target, "${region}", []);
    expect(put("a: ${alias}", odd).value).toEqual({ a: "${region}" });
  });
});
