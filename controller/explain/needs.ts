import type { TagTest } from "../kinds/selection/conditions.ts";
import type { OptIns } from "../kinds/selection/evaluate.ts";
import { testedTag } from "../kinds/tag-conditions.ts";
import type { Need } from "../domain/explanation.ts";
import type { Facts } from "./facts.ts";
import { missedTag } from "./near.ts";
import { optInsOf, type Judged } from "./selections.ts";

/** What somebody would have to do for some plan to take the resource in: the least of it first. */
export function needsOf(near: readonly Judged[], live: readonly Judged[], facts: Facts): readonly Need[] {
  const needs = near.flatMap((one) => needOf(one, facts));
  const tags = needs.length > 0 ? [] : byTag(live, facts);
  const all = [...needs, ...tags];
  return all.length > 0 ? all.slice(0, 2) : [newSelection(live, facts)];
}

const nameOf = ({ told: { plan, selection } }: Judged): string => `selection ${selection} of plan ${plan}`;

function needOf(one: Judged, facts: Facts): readonly Need[] {
  if (one.verdict.taken !== "no") return [];
  const { because } = one.verdict;
  switch (because.why) {
    case "unnamed": {
      const missed = missedTag(one, facts);
      return missed ? [giveTag(missed.wanted, one, facts)] : [];
    }
    case "opt-in":
      return [optIn(because.types, facts)];
    case "condition":
      return [meetTest(because.test, one, facts)];
    case "excluded":
      return [
        {
          what: `take ${because.pattern} out of notResources of ${nameOf(one)}${one.told.manifest ? `, ${one.told.manifest.path}:${one.told.manifest.line}` : ""}`,
        },
      ];
    default:
      return [];
  }
}

function meetTest({ operator, key, value }: TagTest, one: Judged, facts: Facts): Need {
  if (operator === "stringEquals") return giveTag({ key: testedTag(key), value }, one, facts);
  const what =
    operator === "stringLike"
      ? `give it a tag ${testedTag(key)} that is like`
      : `change its tag ${testedTag(key)}, or take it off:`;
  const asked = operator === "stringLike" ? value : `${nameOf(one)} leaves out what is ${value}`;
  return { what: `${what} ${asked}` };
}

/** Any tag that a selection goes by, where nothing but that is wanting. */
function byTag(live: readonly Judged[], facts: Facts): readonly Need[] {
  const byTags = live.find(
    ({ verdict, content }) =>
      verdict.taken === "no" && verdict.because.why === "unnamed" && (content.listOfTags ?? []).length > 0,
  );
  const [tag] = byTags?.content.listOfTags ?? [];
  return byTags && tag ? [giveTag(tag, byTags, facts)] : [];
}

const giveTag = (
  { key, value }: { readonly key: string; readonly value: string },
  one: Judged,
  { subject: { arn, target } }: Facts,
): Need => ({
  what: `give it the tag ${key}=${value}, which ${nameOf(one)} goes by`,
  snippet: {
    language: "sh",
    text: `aws resourcegroupstaggingapi tag-resources --region ${target.region} --resource-arn-list ${quoted(arn)} --tags ${quoted(`${key}=${value}`)}`,
  },
});

/** For a POSIX shell. */
const quoted = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

function optIn(types: readonly string[], facts: Facts): Need {
  const optIns: OptIns = optInsOf(facts) ?? {};
  const off = types.filter((type) => optIns[type] !== true);
  return {
    what: `opt the Region in to ${off.join(" and ")}`,
    snippet: {
      language: "yaml",
      text: [
        "apiVersion: holdfast/v1",
        "kind: RegionSettings",
        `metadata: { name: opt-in-${facts.subject.target.region} }`,
        "spec:",
        `  targets: ${placeText(facts)}`,
        "  optIns:",
        ...off.map((type) => `    ${yaml(type)}: true`),
      ].join("\n"),
    },
  };
}

/** A selection of its own, on a plan that is there. */
function newSelection(live: readonly Judged[], facts: Facts): Need {
  const known = live.find(({ told }) => told.ours);
  const plan = known?.told.plan ?? "NAME-OF-A-PLAN";
  const { arn, target } = facts.subject;
  return {
    what: known
      ? `name it in a selection of its own, such as on plan ${plan}`
      : "name it in a selection on a backup plan",
    snippet: {
      language: "yaml",
      text: [
        "apiVersion: holdfast/v1",
        "kind: BackupSelection",
        `metadata: { name: ${nameFor(arn)} }`,
        "spec:",
        `  targets: ${placeText(facts)}`,
        `  plan: ${yaml(plan)}`,
        `  iamRoleArn: ${yaml(known?.content.iamRoleArn ?? `arn:aws:iam::${target.account}:role/service-role/AWSBackupDefaultServiceRole`)}`,
        "  resources:",
        `    - ${yaml(arn)}`,
      ].join("\n"),
    },
  };
}

const placeText = ({ subject: { target } }: Facts): string =>
  `{ accounts: ["${target.account}"], regions: [${target.region}] }`;

/** Of the resource's own name as much as a selection's may be. */
const nameFor = (arn: string): string =>
  (/[^/:]+$/.exec(arn)?.[0] ?? "resource").replaceAll(/[^a-zA-Z0-9\-_.]/g, "-").slice(0, 40);

/** A scalar, quoted where YAML might take it for something else. */
const yaml = (text: string): string => (/^[A-Za-z][\w./-]*(:[\w./*-]+)*$/.test(text) ? text : JSON.stringify(text));
