import type { DesiredState } from "../domain/desired.ts";
import type { Target } from "../domain/identity.ts";

export interface Scope {
  readonly accounts?: readonly string[];
  readonly regions?: readonly string[];
}

/** The desired state as a narrower run sees it: fewer targets, everything else as it was. */
export function inScope(desired: DesiredState, scope: Scope | undefined): DesiredState {
  if (!scope) return desired;
  const within = ({ account, region }: Target): boolean =>
    (scope.accounts?.includes(account) ?? true) && (scope.regions?.includes(region) ?? true);
  return {
    ...desired,
    fleet: { ...desired.fleet, targets: desired.fleet.targets.filter(within) },
    resources: desired.resources.filter(({ key }) => within(key.target)),
    rules: desired.rules.filter(({ target }) => within(target)),
  };
}
