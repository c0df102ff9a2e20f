import type { Target } from "../domain/identity.ts";

/** Why an event is of no use to us: it is not what this queue is for, or nobody can read it. */
export type RefusalReason = "not-json" | "not-an-event" | "not-from-backup" | "no-account" | "no-region";

/** What an event comes to. Whatever else it says nothing is done because of it: the run reads the world afresh (design §12). */
export type Reading =
  /** Something happened there, and whoever looks finds out what. */
  | { readonly says: "look"; readonly event: BackupEvent }
  /** There is nothing to find: it only asked, was refused, or has not ended yet. */
  | { readonly says: "nothing"; readonly event: BackupEvent; readonly because: string }
  /** `because` is for people, and holds nothing that the event says in its detail. */
  | { readonly says: "refused"; readonly reason: RefusalReason; readonly because: string };

export interface BackupEvent {
  /** The same for every delivery of one thing: detail type, object and state (semantics §7.1). */
  readonly id: string;
  readonly detailType: string;
  /** Where to look: where it happened, and for a copy where it goes to. Each once, in order. */
  readonly targets: readonly Target[];
}
