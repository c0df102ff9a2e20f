import type { Announcement, Canary, Deletion, DeletionFollowUp, FindingGroup } from "./announcement.ts";
import type { Change, HoldReason } from "./change.ts";
import type { Source } from "./desired.ts";
import type { Drift } from "./drift.ts";
import type { Digest, ResourceKey, Target } from "./identity.ts";
import type { Tally } from "./inventory.ts";

/** A change decided against for now. `release` says what would let it go. */
export interface Hold {
  /** Absent where the state is unknown, so that no change could be worked out. */
  readonly change?: Change;
  readonly drift?: Drift;
  /** What it is about where that is neither: a manifest that is no resource, a waiver. */
  readonly about?: { readonly key: ResourceKey; readonly source: Source };
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
  /** Destructions that stand announced once this plan's report is published, sorted by change id. */
  readonly announcements: readonly Announcement[];
  /** Of those before, the ones that nothing but the reading of the chain keeps from going: reading it is not the decision's to do. */
  readonly unproven: readonly Announcement[];
  /** What may be approved together. */
  readonly groups: readonly FindingGroup[];
  /** What became of deletions that AWS had accepted. */
  readonly followUps: readonly DeletionFollowUp[];
  /** Deletions still under way, or refused and remembered. */
  readonly deletions: readonly Deletion[];
  /** Types whose deletions are known to work. */
  readonly canaries: readonly Canary[];
  /** What breaks which policy how, wherever it is: what a clean-up would free. */
  readonly tallies: readonly (Tally & { readonly target: Target; readonly partition: string })[];
  readonly digest: Digest;
}
