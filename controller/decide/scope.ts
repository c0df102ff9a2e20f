import type { DesiredState } from "../domain/desired.ts";
import type { Target } from "../domain/identity.ts";
import { isWithin, type Scope } from "../domain/scope.ts";

/** The desired state as a narrower run sees it: fewer targets, everything else as it was. */
export function inScope(desired: DesiredState, scope: Scope | undefined): DesiredState {
  if (!scope) return desired;
  const within = (target: Target): boolean => isWithin(scope, target);
  return {
    ...desired,
    fleet: { ...desired.fleet, targets: desired.fleet.targets.filter(within) },
    resources: desired.resources.filter(({ key }) => within(key.target)),
    rules: desired.rules.filter(({ target }) => within(target)),
  };
}
