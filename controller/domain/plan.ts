import type { Change, HoldReason } from "./change.ts";
import type { Drift } from "./drift.ts";
import type { Digest } from "./identity.ts";

/** A change decided against for now. `release` says what would let it go. */
export interface Hold {
  /** Absent where the state is unknown, so that no change could be worked out. */
  readonly change?: Change;
  readonly drift?: Drift;
  readonly reason: HoldReason;
  /** Further reasons that would hold it were the first gone. */
  readonly also: readonly HoldReason[];
  readonly because: string;
  readonly release: string;
}

/** All that may go together: no change in a wave depends on another of the same wave. */
export type Wave = readonly Change[];

export interface Plan {
  readonly waves: readonly Wave[];
  readonly held: readonly Hold[];
  readonly drift: readonly Drift[];
  /** Findings counted but left for a later run: past what one run could mend (design §6). */
  readonly deferred: number;
  readonly digest: Digest;
}
