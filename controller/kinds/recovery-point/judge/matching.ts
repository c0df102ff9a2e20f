import type { Rule } from "../../../domain/desired.ts";
import { fits } from "../../../domain/wildcards.ts";
import type { RecoveryPointRuleSpec } from "../spec.ts";

export type PointRule = Rule<RecoveryPointRuleSpec>;

/** Whether a rule reaches into a vault. */
export const reaches = ({ match }: RecoveryPointRuleSpec, vault: string): boolean =>
  match.vaults === undefined || match.vaults.some((glob) => fits(glob, vault));

const takes = ({ match }: RecoveryPointRuleSpec, resourceType: string): boolean =>
  match.resourceTypes === undefined || match.resourceTypes.includes(resourceType);

/**
 * The rules of a vault for a type of resource, by name, so that the order of manifests never counts. Worked out once a type: a
 * million points are of a dozen types.
 */
export function rulesByType(
  rules: readonly PointRule[],
  vault: string,
): (resourceType: string) => readonly PointRule[] {
  const here = rules.filter(({ spec }) => reaches(spec, vault)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const known = new Map<string, readonly PointRule[]>();
  return (resourceType) => {
    const found = known.get(resourceType) ?? here.filter(({ spec }) => takes(spec, resourceType));
    known.set(resourceType, found);
    return found;
  };
}
