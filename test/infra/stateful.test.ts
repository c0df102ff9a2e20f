import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/**
 * What a deployment must never lose, by its logical id: CloudFormation knows a bucket or a key by nothing else, and makes an empty new one
 * where the id changes. The list is only ever added to. A name that had to go would take an import, in the release notes.
 */
const KEPT = read("stateful.json") as Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Types that hold what cannot be made again. */
const HOLDING: ReadonlySet<string> = new Set([
  "AWS::KMS::Key",
  "AWS::Logs::LogGroup",
  "AWS::S3::Bucket",
  "AWS::S3::BucketPolicy",
]);
/** Holds nothing that was written: it encrypts messages on their way. */
const TRANSIENT: ReadonlySet<string> = new Set(["NotificationsKey51F9A71A"]);
/** What keeps a stack acting, and must go with it. */
const ACTING: ReadonlySet<string> = new Set([
  "AWS::IAM::Role",
  "AWS::IAM::ManagedPolicy",
  "AWS::Scheduler::Schedule",
  "AWS::Lambda::Function",
  "AWS::Events::Rule",
]);

interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}
const templates = readdirSync(new URL("../golden/templates", import.meta.url)).map((file) => {
  const name = file.replace(".json", "");
  const { Resources } = read(`templates/${file}`) as { readonly Resources: Readonly<Record<string, Resource>> };
  return { name, stack: `holdfast-${name.split("-")[0]}`, resources: Object.entries(Resources) };
});

function read(path: string): unknown {
  return JSON.parse(readFileSync(new URL(`../golden/${path}`, import.meta.url), "utf8"));
}

describe.each(templates)("the template $name", ({ name, stack, resources }) => {
  const holding = resources.filter(([id, { Type }]) => HOLDING.has(Type) && !TRANSIENT.has(id));

  it("keeps what it holds when it is deleted, and when CloudFormation would replace it", () => {
    const lost = holding.filter(
      ([, { DeletionPolicy, UpdateReplacePolicy }]) => DeletionPolicy !== "Retain" || UpdateReplacePolicy !== "Retain",
    );
    expect(lost.map(([id]) => id)).toEqual([]);
  });

  it("holds it under the ids it always had", () => {
    const kept = KEPT[stack] ?? {};
    expect(holding.filter(([id, { Type }]) => kept[id] !== Type).map(([id]) => id)).toEqual([]);
  });

  it("takes with it what acts: roles, schedules, functions, rules", () => {
    const left = resources.filter(([, { Type, DeletionPolicy }]) => ACTING.has(Type) && DeletionPolicy === "Retain");
    expect(
      left.map(([id]) => id),
      name,
    ).toEqual([]);
  });
});

it("everything that was ever kept is in some template still", () => {
  const present = (stack: string, id: string) =>
    templates.some((template) => template.stack === stack && template.resources.some(([one]) => one === id));
  const missing = Object.entries(KEPT).flatMap(([stack, ids]) => Object.keys(ids).filter((id) => !present(stack, id)));
  expect(missing).toEqual([]);
});
