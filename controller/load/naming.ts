import type { Source } from "../domain/desired.ts";
import { type GivenName, misnaming, namedBy, type NamingRules } from "../domain/naming.ts";
import { PlanSpec } from "../kinds/plan/spec.ts";
import type { Crossing } from "./across.ts";
import type { Placed } from "./place.ts";
import { errorAt } from "./problems.ts";

/** A name that a manifest gives, and where it was written. */
interface WrittenName extends GivenName {
  readonly at: Source;
}

/** Every declared name that is not as the Fleet has names. Names that are only found are reported, and nobody's to refuse. */
export function* namingProblems(all: readonly Placed[], naming: NamingRules | undefined): Generator<Crossing> {
  if (naming === undefined) return;
  for (const one of all)
    for (const given of namesIn(one)) {
      const rule = naming[given.of];
      const target = "key" in one.as ? one.as.key.target : one.as.target;
      if (!rule || namedBy(rule, target)(given.name)) continue;
      const hint = rule.message ?? "rename it, or change naming in the Fleet";
      yield { target, problem: errorAt(given.at, misnaming(given, rule), hint) };
    }
}

function* namesIn({ as, manifest, part, written }: Placed): Generator<WrittenName> {
  if (!("key" in as) || as.want !== "present") return;
  const { kind, name } = as.key;
  const at = part.path.length === 0 ? manifest.named : written([...part.path, "name"]);
  if (kind === "vault") yield { of: "vaults", name, at };
  // A selection is known by its plan's name and its own.
  if (kind === "selection") yield { of: "selections", name: name.slice(name.indexOf("/") + 1), at };
  if (kind !== "plan") return;
  yield { of: "plans", name, at };
  for (const [index, { ruleName }] of PlanSpec.parse(as.spec).rules.entries())
    yield { of: "rules", name: ruleName, at: written(["rules", index, "ruleName"]) };
}
