/** What goes wrong with jobs for a while, because a test wants it so: the lists and the events tell it as they tell everything (semantics §5.1, §5.5). */
import type { BackupState } from "./state.ts";

export interface Mishap {
  readonly job: "backup" | "copy" | "restore";
  /** ARN of the one resource it happens to. Absent: to all. */
  readonly resource?: string;
  /**
   * How jobs end meanwhile. EXPIRED: a backup does not get to start within its window. COMPLETED: with a message, "completed with issues".
   * PARTIAL: of backups alone; EXPIRED and ABORTED are not of copies, which nothing waits for or stops.
   */
  readonly end: "FAILED" | "EXPIRED" | "ABORTED" | "PARTIAL" | "COMPLETED";
  readonly message?: string;
  /** The lists never say when it ended, as was seen of a completed job (semantics §10.6). Of backups alone. */
  readonly undated?: boolean;
  readonly category?: string;
  /** Jobs that start from then on are spared. Absent: none is. */
  readonly until?: Date;
}

/** What happens to a job that starts now: the first that was placed. */
export function mishapOf(
  { mishaps }: BackupState,
  job: Mishap["job"],
  resource: string | undefined,
  at: Date,
): Mishap | undefined {
  return mishaps.find(
    (one) =>
      one.job === job &&
      (one.resource === undefined || one.resource === resource) &&
      (one.until === undefined || at < one.until),
  );
}

/** From now on. Returns what ends it before its time. */
export function addMishap({ mishaps }: BackupState, mishap: Mishap): () => void {
  if (mishap.job !== "backup" && (mishap.end === "EXPIRED" || mishap.end === "PARTIAL")) {
    throw new RangeError(`a ${mishap.job} job does not end ${mishap.end}`);
  }
  mishaps.push(mishap);
  return () => {
    const at = mishaps.indexOf(mishap);
    if (at >= 0) mishaps.splice(at, 1);
  };
}
