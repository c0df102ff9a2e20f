import { partitionOf, type Target } from "../domain/identity.ts";
import type { Source } from "../domain/desired.ts";
import type { Problem } from "../domain/desired.ts";
import type { Located, Member } from "./located.ts";
import { didYouMean, errorAt } from "./problems.ts";

/** The variables of rule 32. There are no others. */
export const VARIABLES = ["partition", "account", "region", "alias", "group"] as const;
export type Variable = (typeof VARIABLES)[number];

/** A variable's value in one target, or why it has none there. */
export type Value = { readonly value: string } | { readonly none: string };
export type Values = Readonly<Record<Variable, Value>>;

/** What the variables stand for in a target. `alias` is the account's name; `groups` are those of the manifest's that the target is in. */
export function valuesIn(target: Target, alias: string | undefined, groups: readonly string[]): Values {
  const [group, ...more] = groups;
  return {
    partition: { value: partitionOf(target.region) },
    account: { value: target.account },
    region: { value: target.region },
    alias: alias === undefined ? { none: "the account's name is not known" } : { value: alias },
    group:
      group === undefined
        ? { none: "the target is in none of the manifest's groups" }
        : more.length > 0
          ? { none: `the target is in several of the manifest's groups: ${groups.join(", ")}` }
          : { value: group },
  };
}

/** What a problem is when a schema is looked at before any target is known: every variable stands for something plausible. */
export const SPECIMEN: Values = {
  partition: { value: "aws" },
  account: { value: "111122223333" },
  region: { value: "eu-west-1" },
  alias: { value: "production" },
  group: { value: "production" },
};

/** Fields whose value says which thing is meant: an account's name may change, and must not make another thing of it (rule 15). */
const IDENTITY_FIELDS: ReadonlySet<string> = new Set([
  "name",
  "plan",
  "ruleName",
  "targetBackupVaultName",
  "targetLogicallyAirGappedBackupVaultArn",
  "destinationBackupVaultArn",
  "encryptionKey",
  "iamRoleArn",
  "scannerRoleArn",
  "snsTopicArn",
  "vaults",
  "vault",
  "keys",
]);

/** IAM's own variables: `${aws:username}`, and `${*}`, `${?}`, `${$}` for the plain character. */
const IAM_VARIABLE = /^(\w+:.*|[*?$])$/;
const TOKEN = /\$\$\{|\$\{([^}]*)(\}?)/g;

interface Context {
  readonly values: Values;
  /** The nearest field's name: list elements go by their list's. */
  readonly field: string;
  readonly iam: boolean;
  readonly problems: Problem[];
}

/** Puts values in the place of variables, once, in scalar values and never in names. The result has yet to be validated. */
export function substitute(
  located: Located,
  values: Values,
): { readonly located: Located; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  return { located: inside(located, { values, field: "", iam: false, problems }), problems };
}

function inside(located: Located, context: Context): Located {
  switch (located.type) {
    case "list":
      return { ...located, items: located.items.map((item) => inside(item, context)) };
    case "map":
      return { ...located, members: located.members.map((member) => inMember(member, context)) };
    case "scalar":
      return typeof located.value === "string" && located.value.includes("${")
        ? { ...located, value: inText(located.value, located.at, context) }
        : located;
    default:
      return located satisfies never;
  }
}

function inMember(member: Member, context: Context): Member {
  const { name, at, value } = member;
  if (!context.iam && VARIABLES.some((variable) => name.includes(`\${${variable}}`)))
    context.problems.push(errorAt(at, `${name}: variables are put in values, never in names`));
  return { ...member, value: inside(value, { ...context, field: name, iam: context.iam || name === "accessPolicy" }) };
}

const inText = (text: string, at: Source, context: Context): string =>
  text.replaceAll(TOKEN, (token, name: string | undefined, close: string | undefined) => {
    if (name === undefined) return "${";
    if (context.iam && close === "}" && IAM_VARIABLE.test(name)) return token;
    const found = valueOf(name, close === "}", context);
    if ("value" in found) return found.value;
    context.problems.push(errorAt(at, `${token}: ${found.none}`, found.hint));
    return token;
  });

function valueOf(name: string, closed: boolean, { field, values }: Context): Value & { readonly hint?: string } {
  if (!closed) return { none: "a variable without its closing brace", hint: "for a literal ${ write $${" };
  const variable = VARIABLES.find((one) => one === name);
  if (!variable)
    return {
      none: `there is no such variable; there are ${VARIABLES.map((one) => `\${${one}}`).join(", ")}`,
      hint: didYouMean(name, VARIABLES) ?? "for a literal ${ write $${",
    };
  return variable === "alias" && IDENTITY_FIELDS.has(field)
    ? {
        none: `an account can be renamed, and ${field} would then mean something else`,
        hint: "use ${account} or ${group}",
      }
    : values[variable];
}

/** Which variables some text of a value names: what makes it differ from target to target. */
export function variablesIn(located: Located): ReadonlySet<Variable> {
  const used = new Set<Variable>();
  const visit = (one: Located): void => {
    if (one.type === "list") one.items.forEach(visit);
    else if (one.type === "map") one.members.forEach(({ value }) => visit(value));
    else if (typeof one.value === "string")
      for (const variable of VARIABLES) if (one.value.includes(`\${${variable}}`)) used.add(variable);
  };
  visit(located);
  return used;
}

/** Variables where none are put in: such a manifest is in no target that could give them a value. */
export function variableProblems(located: Located, kind: string): readonly Problem[] {
  switch (located.type) {
    case "list":
      return located.items.flatMap((item) => variableProblems(item, kind));
    case "map":
      return located.members.flatMap(({ value }) => variableProblems(value, kind));
    case "scalar":
      return typeof located.value === "string" && located.value.includes("${")
        ? [errorAt(located.at, `${kind} takes no variables: it is placed nowhere that could give them a value`)]
        : [];
    default:
      return located satisfies never;
  }
}
