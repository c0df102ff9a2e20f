import type { Rule } from "../domain/desired.ts";
import { sameTarget } from "../domain/identity.ts";
import { fits } from "../domain/wildcards.ts";
import { matcher } from "../kinds/protected-resource/judge/matching.ts";
import { ProtectedResourceRuleSpec } from "../kinds/protected-resource/spec.ts";
import { reaches } from "../kinds/recovery-point/judge/matching.ts";
import { RecoveryPointRuleSpec } from "../kinds/recovery-point/spec.ts";
import type { PolicyTold, TakerTold, VaultTold, WaiverTold } from "../domain/explanation.ts";
import { resourceRow, standingTold } from "./coverage.ts";
import type { Facts } from "./facts.ts";

/** Policies that ask something of the resource or of its points: of its target, its type, and a vault that its points are or will be in. */
export function policiesTold(
  facts: Facts,
  takers: readonly TakerTold[],
  vaults: readonly VaultTold[],
): readonly PolicyTold[] {
  const {
    subject: { target, types },
    own,
    desired: { rules },
  } = facts;
  const isGone = "answer" in own && !own.answer;
  const names = new Set([
    ...takers.flatMap((taker) => taker.rules.map(({ vault }) => vault)),
    ...vaults.filter(({ place }) => place === `${target.account}/${target.region}`).map(({ name }) => name),
  ]);
  const row = resourceRow(facts);
  const isAsked = (rule: Rule): boolean => {
    if (!sameTarget(rule.target, target)) return false;
    if (rule.resourceTypes && !types.some((type) => rule.resourceTypes?.includes(type))) return false;
    if (rule.kind === "protected-resource")
      return matcher(ProtectedResourceRuleSpec.parse(rule.spec).match)(row) !== "no";
    if (rule.kind !== "recovery-point") return true;
    const spec = RecoveryPointRuleSpec.parse(rule.spec);
    return [...names].some((vault) => reaches(spec, vault));
  };
  return rules.filter(isAsked).map((rule) => {
    const { kind, name, source, management } = rule;
    const isJudged = kind === "protected-resource" && management.mode !== "suspended" && !isGone;
    return {
      kind: POLICY_KINDS[kind] ?? kind,
      name,
      manifest: { path: source.path, line: source.line },
      mode: management.mode,
      ...(isJudged
        ? {
            standing: standingTold(
              { ...rule, spec: ProtectedResourceRuleSpec.parse(rule.spec) },
              facts,
              takers.length > 0,
            ),
          }
        : {}),
    };
  });
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
