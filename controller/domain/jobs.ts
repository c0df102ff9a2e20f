/** What is known of a job from the word that AWS Backup has for its state (semantics §5.1). A word that is new to us is neither. */

export const UNDER_WAY = ["CREATED", "PENDING", "RUNNING", "ABORTING"] as const;
export const ENDED_BADLY = ["FAILED", "EXPIRED", "ABORTED", "PARTIAL"] as const;
const ENDED: ReadonlySet<string> = new Set([...ENDED_BADLY, "COMPLETED"]);

/** A copy job has fewer words: it neither waits for its turn nor can be stopped. */
export const COPY_UNDER_WAY = ["CREATED", "RUNNING"] as const;

export const isUnderWay = (state: string): boolean => UNDER_WAY.some((one) => one === state);
export const isEnded = (state: string): boolean => ENDED.has(state);

/** As much of a job, in AWS's words, as tells whether it did all it should. */
interface Said {
  readonly State?: string | undefined;
  readonly StatusMessage?: string | undefined;
  readonly MessageCategory?: string | undefined;
}

/** It did all it should: completed, and AWS adds nothing to that (semantics §5.4). */
export const isClean = ({ State, StatusMessage, MessageCategory }: Said): boolean =>
  State === "COMPLETED" && !StatusMessage && (MessageCategory === undefined || /^success$/i.test(MessageCategory));
