import type { RecoveryPoint } from "../simulator/backup/state.ts";
import { accountsOf, type Approval, type Committed, type Policy } from "./desired.ts";

/** What people's manifests say about a point, read off the data they were written from. */

export type Matched = Policy & { readonly mode: Policy["management"] };

/** Policies that reach a point, with the mode that goes for each: the fleet's where the policy asks for no less. */
export const policiesOf = ({ vault }: RecoveryPoint, committed: Committed): readonly Matched[] =>
  committed.policies
    .filter((policy) => accountsOf(policy).includes(vault.account) && policy.vaults.includes(vault.name))
    .map((policy) => ({
      ...policy,
      mode: policy.management === "enforce" ? committed.management : policy.management,
    }));

const LONGEST_MS = 30 * 86_400_000;

/** Consent lives for thirty days at most (rule 7). */
export function isValid({ expiresOn }: Approval, at: Date): boolean {
  const left = Date.parse(expiresOn) - at.getTime();
  return left > 0 && left <= LONGEST_MS;
}

export const isFrozen = ({ freeze }: Committed, at: Date): boolean => {
  if (!freeze) return false;
  const minute = at.toISOString().slice(0, 16);
  return minute >= freeze.from.slice(0, 16) && minute < freeze.to.slice(0, 16);
};

export const isWaived = ({ waivers }: Committed, arn: string, at: Date): boolean =>
  waivers.some(({ points, expiresOn }) => points.includes(arn) && Date.parse(expiresOn) > at.getTime());

/** Days that some policy keeps a point at least, by its own words. */
export const leastDays = (policies: readonly Matched[]): number =>
  Math.max(0, ...policies.map(({ retention }) => retention?.atLeastDays ?? 0));

/** Days after which a point is too old: the most of all that match, for ever where one does not say. */
export const mostDays = (policies: readonly Matched[]): number =>
  policies.length === 0
    ? Number.POSITIVE_INFINITY
    : Math.max(
        ...policies.map(({ retention }) =>
          Math.max(retention?.atMostDays ?? Number.POSITIVE_INFINITY, retention?.atLeastDays ?? 0),
        ),
      );
