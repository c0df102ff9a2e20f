import { showKey, showTarget, type Target } from "../domain/identity.ts";
import type { Inventory } from "../domain/inventory.ts";
import type { Outcome } from "../domain/outcome.ts";
import type { Plan } from "../domain/plan.ts";

/** Targets that were written to: what was seen of them before is history. */
export const touchedTargets = (outcomes: readonly Outcome[]): readonly Target[] =>
  distinct(outcomes.filter(({ attempts }) => attempts.length > 0).flatMap(targetsOf));

/** Where a change shows: where it was made, and where it was found to be needed. */
const targetsOf = ({ change }: Outcome): readonly Target[] =>
  change.action === "amend" ? [change.key.target, change.finding.judgedIn] : [change.key.target];

/**
 * Targets where a change that AWS accepted does not show yet: what was made is missing or cannot be read, or the very same change
 * would be made again.
 */
export function unsettledTargets(left: Plan, outcomes: readonly Outcome[]): readonly Target[] {
  const pending = new Set(left.waves.flat().map(({ id }) => id));
  const unseen = new Set(
    left.drift.filter(({ type }) => type === "unknown" || type === "missing").map(({ key }) => showKey(key)),
  );
  return distinct(
    outcomes
      .filter(({ result, attempts }) => result === "applied" && attempts.length > 0)
      .filter(({ change }) => pending.has(change.id) || (change.action !== "prune" && unseen.has(showKey(change.key))))
      .flatMap(targetsOf),
  );
}

const distinct = (targets: readonly Target[]): readonly Target[] => [
  ...new Map(targets.map((target) => [showTarget(target), target])).values(),
];

/** An inventory with some targets seen anew. */
export function replaceTargets(inventory: Inventory, fresh: Inventory, targets: readonly Target[]): Inventory {
  const again = new Set(targets.map(showTarget));
  const old = <T extends { readonly target: Target }>(parts: readonly T[]): readonly T[] =>
    parts.filter(({ target }) => !again.has(showTarget(target)));
  return {
    listings: [...old(inventory.listings), ...fresh.listings],
    governed: [...old(inventory.governed), ...fresh.governed],
    resolved: new Map([...inventory.resolved, ...fresh.resolved]),
    surveys: new Map([...inventory.surveys, ...fresh.surveys]),
  };
}
