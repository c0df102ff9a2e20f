import type { AwsFailure } from "./errors.ts";
import type { Instant, ResourceKey, Target } from "./identity.ts";

/** ours: both ownership tags, or our CreatorRequestId (rule 19). foreign: another fleet's, an organization's or AWS's own. none: unmanaged. */
export type Ownership = "ours" | "foreign" | "none";

export interface Live<State = unknown> {
  readonly key: ResourceKey;
  /** The ARN, or the id where AWS gives no ARN (selections). Unique in its kind. */
  readonly id: string;
  readonly state: State;
  readonly ownership: Ownership;
  /** Who else manages it, as its tags say: a CloudFormation stack, for one (rule 17). */
  readonly managedBy?: string;
  /** Break glass: a person's `holdfast:suspend-until`, at most 72 h ahead (rule 27). */
  readonly suspendedUntil?: Instant;
}

/** There is something here that could not be read. Where `key` is absent, it could be any missing resource of its kind. */
export interface Unread {
  readonly unread: string;
  readonly key?: ResourceKey;
  readonly failure: AwsFailure;
}

/** One declared kind in one target. Absence may be concluded from a complete listing only (law 1). */
export type Listing = {
  readonly target: Target;
  readonly kind: string;
  readonly items: readonly Live[];
  readonly unread: readonly Unread[];
  readonly at: Instant;
} & ({ readonly status: "complete" } | { readonly status: "incomplete"; readonly failure: AwsFailure });
