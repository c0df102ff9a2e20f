import type { Change } from "../domain/change.ts";
import { showKey, showTarget, type Target } from "../domain/identity.ts";
import type { Inventory } from "../domain/inventory.ts";
import type { Outcome } from "../domain/outcome.ts";
import type { Plan } from "../domain/plan.ts";

/** Targets that were written to: what was seen of them before is history. */
export const touchedTargets = (outcomes: readonly Outcome[]): readonly Target[] =>
  targetsOf(outcomes.filter(({ attempts }) => attempts.length > 0).map(({ change }) => change));

/** Where changes show: where they are made, and where they were found to be needed. */
export const targetsOf = (changes: readonly Change[]): readonly Target[] =>
  distinct(
    changes.flatMap((change) =>
      change.action === "amend" ? [change.key.target, change.finding.judgedIn] : [change.key.target],
    ),
  );

/**
 * Targets where a change that AWS accepted does not show yet: what was made is missing or cannot be read, or the very same change
 * would be made again.
 */
export function unsettledTargets(left: Plan, outcomes: readonly Outcome[]): readonly Target[] {
  const pending = new Set(left.waves.flat().map(({ id }) => id));
  const unseen = new Set(
    left.drift.filter(({ type }) => type === "unknown" || type === "missing").map(({ key }) => showKey(key)),
  );
  return targetsOf(
    outcomes
      .filter(({ result, attempts }) => result === "applied" && attempts.length > 0)
      .map(({ change }) => change)
      .filter((change) => pending.has(change.id) || (change.action !== "prune" && unseen.has(showKey(change.key)))),
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
