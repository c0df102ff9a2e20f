import type { Problem } from "../domain/desired.ts";
import { showTarget, type Target } from "../domain/identity.ts";
import { positionOf, type Path } from "./located.ts";
import type { Manifest } from "./manifest.ts";
import type { OverrideTargets, Targets } from "./manifests/common.ts";
import type { FleetSpec } from "./manifests/fleet.ts";
import { didYouMean, errorAt, warningAt } from "./problems.ts";
import type { Roster } from "./roster.ts";

/** A target of a manifest, with those of the manifest's groups that it is in. */
export interface Placement {
  readonly target: Target;
  readonly groups: readonly string[];
}

/** (groups ∪ accounts) × regions. */
export function placementsOf({ groups = [], accounts = [], regions }: Targets, roster: Roster): readonly Placement[] {
  return roster.targets.flatMap((target) => {
    const within = groups.filter((group) => roster.groups.get(group)?.has(showTarget(target)));
    const named = within.length > 0 || accounts.includes(target.account);
    return named && (regions?.includes(target.region) ?? true) ? [{ target, groups: within }] : [];
  });
}

/** Whether an override is for a target: whatever it leaves out does not narrow. */
export function overrideFits({ groups, accounts, regions }: OverrideTargets, target: Target, roster: Roster): boolean {
  const within = groups?.some((group) => roster.groups.get(group)?.has(showTarget(target))) ?? false;
  const chosen = groups === undefined && accounts === undefined;
  return (
    (chosen || within || accounts?.includes(target.account) === true) && (regions?.includes(target.region) ?? true)
  );
}

/** Names in a manifest's targets that the Fleet does not know. */
export function* targetProblems(
  manifest: Manifest,
  path: Path,
  targets: OverrideTargets,
  spec: FleetSpec,
  roster: Roster,
): Generator<Problem> {
  const at = (...rest: Path) => positionOf(manifest.spec, [...path, ...rest]);
  const groups = Object.keys(spec.groups);
  for (const [index, group] of (targets.groups ?? []).entries())
    if (!groups.includes(group))
      yield errorAt(
        at("groups", index),
        `the Fleet has no group ${group}`,
        didYouMean(group, groups) ?? `it has ${groups.length > 0 ? groups.join(", ") : "no groups at all"}`,
      );
  for (const [index, region] of (targets.regions ?? []).entries())
    if (!spec.regions.includes(region))
      yield errorAt(at("regions", index), `${region} is not a Region of the fleet`, didYouMean(region, spec.regions));
  for (const [index, account] of (targets.accounts ?? []).entries()) {
    const out = roster.excluded.find((one) => one.account === account);
    if (out) yield warningAt(at("accounts", index), `account ${account} is left out of the fleet: ${out.reason}`);
    else if (roster.complete && !roster.targets.some((target) => target.account === account))
      yield errorAt(at("accounts", index), `${account} is not an account of the fleet`);
  }
}
