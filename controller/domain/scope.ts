import { sameTarget, type Target } from "./identity.ts";

/** Where a run may look: targets of which all that is said here is true. What lies outside is unknown to it. */
export interface Scope {
  readonly accounts?: readonly string[];
  readonly regions?: readonly string[];
  readonly targets?: readonly Target[];
}

/** Whether a run looks there. Without a scope it looks everywhere. */
export const isWithin = (scope: Scope | undefined, target: Target): boolean =>
  (scope?.accounts?.includes(target.account) ?? true) &&
  (scope?.regions?.includes(target.region) ?? true) &&
  (scope?.targets?.some((one) => sameTarget(one, target)) ?? true);
