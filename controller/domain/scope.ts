import { showTarget, type Target } from "./identity.ts";

/** Where a run may look: targets of which all that is said here is true. What lies outside is unknown to it. */
export interface Scope {
  readonly accounts?: readonly string[];
  readonly regions?: readonly string[];
  readonly targets?: readonly Target[];
}

/** Whether a run looks at a target. */
export function within({ accounts, regions, targets }: Scope): (target: Target) => boolean {
  const named = targets && new Set(targets.map(showTarget));
  return (target) =>
    (accounts?.includes(target.account) ?? true) &&
    (regions?.includes(target.region) ?? true) &&
    (named?.has(showTarget(target)) ?? true);
}
