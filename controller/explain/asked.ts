import type { Rule } from "../domain/desired.ts";
import { sameTarget } from "../domain/identity.ts";
import { fits } from "../domain/wildcards.ts";
import { matcher } from "../kinds/protected-resource/judge/matching.ts";
import type { ResourceRow } from "../kinds/protected-resource/row.ts";
import { ProtectedResourceRuleSpec } from "../kinds/protected-resource/spec.ts";
import { reaches } from "../kinds/recovery-point/judge/matching.ts";
import { RecoveryPointRuleSpec } from "../kinds/recovery-point/spec.ts";
import type { PolicyTold, TakerTold, VaultTold, WaiverTold } from "../domain/explanation.ts";
import type { Facts } from "./facts.ts";

/** Policies that ask something of the resource or of its points: of its target, its type, and a vault that its points are or will be in. */
export function policiesTold(
  { subject: { arn, target, types }, tags, desired: { rules } }: Facts,
  takers: readonly TakerTold[],
  vaults: readonly VaultTold[],
): readonly PolicyTold[] {
  const names = new Set([
    ...takers.flatMap((taker) => taker.rules.map(({ vault }) => vault)),
    ...vaults.filter(({ place }) => place === `${target.account}/${target.region}`).map(({ name }) => name),
  ]);
  const row: ResourceRow = {
    arn,
    type: types.join(", "),
    existence: "live",
    ...("answer" in tags ? { tags: { ...tags.answer } } : {}),
  };
  const isAsked = (rule: Rule): boolean => {
    if (!sameTarget(rule.target, target)) return false;
    if (rule.resourceTypes && !types.some((type) => rule.resourceTypes?.includes(type))) return false;
    if (rule.kind === "protected-resource")
      return matcher(ProtectedResourceRuleSpec.parse(rule.spec).match)(row) !== "no";
    if (rule.kind !== "recovery-point") return true;
    const spec = RecoveryPointRuleSpec.parse(rule.spec);
    return [...names].some((vault) => reaches(spec, vault));
  };
  return rules.filter(isAsked).map(({ kind, name, source: { path, line }, management }) => ({
    kind: POLICY_KINDS[kind] ?? kind,
    name,
    manifest: { path, line },
    mode: management.mode,
  }));
}

/** As manifests call them. */
const POLICY_KINDS: Readonly<Record<string, string>> = {
  "recovery-point": "RecoveryPointPolicy",
  "protected-resource": "CoveragePolicy",
  "restore-test": "RestoreTestingPlan",
};

/** Waivers that may excuse something of the resource. */
export const waiversTold = ({ subject: { arn, target }, desired: { waivers } }: Facts): readonly WaiverTold[] =>
  waivers
    .filter(({ findings }) => {
      if (!findings) return false;
      const { accounts, regions, resources } = findings;
      return (
        (accounts?.includes(target.account) ?? true) &&
        (regions?.includes(target.region) ?? true) &&
        (resources?.some((pattern) => fits(pattern, arn)) ?? true)
      );
    })
    .map(({ name, owner, expiresOn, source: { path, line } }) => ({
      name,
      owner,
      expiresOn: expiresOn.slice(0, 10),
      manifest: { path, line },
    }));
