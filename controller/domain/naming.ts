import { partitionOf, type Target } from "./identity.ts";
import { fitsAny } from "./wildcards.ts";

/** What a Fleet has rules of naming for. `rules`: of backup plans. */
export const NAMED = ["vaults", "plans", "rules", "selections"] as const;
export type Named = (typeof NAMED)[number];

/** `*` and `?` are wildcards, `{a,b}` is one of several; `${partition}`, `${account}` and `${region}` stand for where the name is. */
export interface NamingRule {
  readonly pattern: string;
  /** What to tell who breaks it. */
  readonly message?: string | undefined;
}
export type NamingRules = { readonly [Of in Named]?: NamingRule | undefined };

/** A name that something bears. A backup plan bears its own and those of its rules. */
export interface GivenName {
  readonly of: Named;
  readonly name: string;
}

/** Tells names in one target that are as a rule has them, made ready for many names. Case counts. */
export function namedBy({ pattern }: NamingRule, { account, region }: Target): (name: string) => boolean {
  const values: Readonly<Record<string, string>> = { partition: partitionOf(region), account, region };
  return fitsAny(alternativesOf(pattern.replaceAll(/\$\{(\w+)\}/g, (_, variable: string) => values[variable] ?? "")));
}

/** Why a name is not as it should be, in one clause. */
export const misnaming = ({ of, name }: GivenName, { pattern }: NamingRule): string =>
  `${name} is not called as the Fleet has ${of} called: ${pattern}`;

/** `{a,b}-c`: a-c and b-c. */
function alternativesOf(pattern: string): readonly string[] {
  const [braces, inside = ""] = /\{([^{}]*)\}/.exec(pattern) ?? [];
  return braces === undefined
    ? [pattern]
    : inside.split(",").flatMap((one) => alternativesOf(pattern.replace(braces, () => one)));
}
