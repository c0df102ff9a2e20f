import type { Finding } from "./change.ts";
import type { AwsFailure } from "./errors.ts";
import type { Target } from "./identity.ts";
import type { Listing } from "./live.ts";

/** All that one run saw. */
export interface Inventory {
  readonly listings: readonly Listing[];
  /** Desired specs in AWS's own names, or why they could not be put so, by `showKey`. */
  readonly resolved: ReadonlyMap<string, Resolution>;
  readonly governed: readonly GovernedResult[];
}

export type Resolution = { readonly spec: unknown } | { readonly failure: AwsFailure };

/** Points and bytes by whatever classes the kind counts. */
export type Counts = Readonly<Record<string, { readonly points: number; readonly bytes: number }>>;

/** What a fold comes to once its partition has been read, whole or not. */
export interface Settled {
  readonly status: "complete" | "incomplete";
  readonly findings: readonly Finding[];
  /** Findings seen but not kept: there was no room (design §6). */
  readonly deferred: number;
  readonly counts: Counts;
}

/** One partition of a governed kind, read and settled. `*` where not even the partitions could be listed. */
export interface GovernedResult extends Settled {
  readonly target: Target;
  readonly kind: string;
  readonly partition: string;
  readonly failure?: AwsFailure;
}
