import type { AwsFailure } from "../domain/errors.ts";
import type { ResourceKey, Target } from "../domain/identity.ts";
import type { Listing } from "../domain/live.ts";
import type { Settled } from "../kinds/kind.ts";

/** All that one run saw. */
export interface Inventory {
  readonly listings: readonly Listing[];
  /** Desired specs in AWS's own names, or why they could not be put so, by `showKey`. */
  readonly resolved: ReadonlyMap<string, Resolution>;
  readonly governed: readonly GovernedResult[];
}

export type Resolution = { readonly spec: unknown } | { readonly failure: AwsFailure };

/** One partition of a governed kind, read and settled. */
export interface GovernedResult extends Settled {
  readonly target: Target;
  readonly kind: string;
  readonly partition: string;
  readonly failure?: AwsFailure;
}

export const EMPTY_INVENTORY: Inventory = { listings: [], resolved: new Map(), governed: [] };

export const listingOf = (
  inventory: Inventory,
  { target, kind }: Pick<ResourceKey, "target" | "kind">,
): Listing | undefined =>
  inventory.listings.find(
    (one) => one.kind === kind && one.target.account === target.account && one.target.region === target.region,
  );
