/** What AWS Backup tells EventBridge of itself (semantics §7): best effort, minutes later, and only of some of what happens. */
import type { BackupState } from "./state.ts";

/** One event but for its envelope: who it is of, when and under which id is EventBridge's to say. */
export interface Announcement {
  readonly detailType: string;
  readonly resources: readonly string[];
  /** As it stands in JSON: absent members are left out. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Tells of what has just happened. `say` is called at once or never: what it looks at goes on changing. */
export function announce(state: BackupState, at: Date, say: () => Announcement): void {
  state.world.announce(state, at, say);
}

/** ISO 8601 with milliseconds. */
export function told(date: Date | undefined): string | undefined {
  return date?.toISOString();
}
