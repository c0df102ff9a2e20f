import { partitionOf, type Target } from "../domain/identity.ts";
import { fits } from "../domain/wildcards.ts";
import { PlanSpec } from "../kinds/plan/spec.ts";
import type { Crossing } from "./across.ts";
import type { Naming, NamingRule } from "./manifests/naming.ts";
import type { Placed } from "./place.ts";
import { errorAt } from "./problems.ts";
import type { Source } from "../domain/desired.ts";

/** A name that a manifest gives, and where it was written. */
interface Named {
  readonly what: keyof Naming;
  readonly name: string;
  readonly at: Source;
}

/** Every declared name that is not as the Fleet has names. Names that are only found are nobody's to refuse. */
export function* namingProblems(all: readonly Placed[], naming: Naming | undefined): Generator<Crossing> {
  if (naming === undefined) return;
  for (const one of all)
    for (const { what, name, at } of namesIn(one)) {
      const rule = naming[what];
      const target = "key" in one.as ? one.as.key.target : one.as.target;
      if (rule && !isNamedBy(rule, name, target)) yield { target, problem: misnamed(what, name, rule, at) };
    }
}

const misnamed = (what: keyof Naming, name: string, { pattern, message }: NamingRule, at: Source) =>
  errorAt(
    at,
    `${name} is not called as the Fleet has ${what} called: ${pattern}`,
    message ?? "rename it, or change naming in the Fleet",
  );

function* namesIn({ as, manifest, part, written }: Placed): Generator<Named> {
  if (!("key" in as) || as.want !== "present") return;
  const { kind, name } = as.key;
  const at = part.path.length === 0 ? manifest.named : written([...part.path, "name"]);
  if (kind === "vault") yield { what: "vaults", name, at };
  // A selection is known by its plan's name and its own.
  if (kind === "selection") yield { what: "selections", name: name.slice(name.indexOf("/") + 1), at };
  if (kind !== "plan") return;
  yield { what: "plans", name, at };
  for (const [index, { ruleName }] of PlanSpec.parse(as.spec).rules.entries())
    yield { what: "rules", name: ruleName, at: written(["rules", index, "ruleName"]) };
}

const isNamedBy = ({ pattern }: NamingRule, name: string, { account, region }: Target): boolean => {
  const values: Readonly<Record<string, string>> = { partition: partitionOf(region), account, region };
  const filled = pattern.replaceAll(/\$\{(\w+)\}/g, (_, variable: string) => values[variable] ?? "");
  return alternativesOf(filled).some((one) => fits(one, name));
};

/** `{a,b}-c`: a-c and b-c. */
function alternativesOf(pattern: string): readonly string[] {
  const [braces, inside = ""] = /\{([^{}]*)\}/.exec(pattern) ?? [];
  return braces === undefined
    ? [pattern]
    : inside.split(",").flatMap((one) => alternativesOf(pattern.replace(braces, () => one)));
}
