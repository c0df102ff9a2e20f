import { LONGEST_RUN } from "./longest-run.ts";

/** How long Lambda gathers events before it hands them over, in seconds: what a message about last night's backup may wait. */
const GATHERED_FOR = 60;

/**
 * How events come from their queue to the function that looks (decision 17). Of a standard queue Lambda takes at most 10,000 messages at once, as many as fit into 6 MB:
 * the more there are in one batch, the fewer runs a storm makes.
 */
export const EVENT_PACE = {
  batchSize: 10_000,
  gatheredForSeconds: GATHERED_FOR,
  /**
   * The least that AWS lets a mapping be held to, and as much as the function is given: a function with fewer refuses what the mapping
   * brings, and each refusal is counted as if the message had been bad (Lambda Developer Guide, "Configuring maximum concurrency for Amazon SQS event sources").
   */
  concurrency: 2,
  /** Six times what the function may take, and the gathering (Lambda Developer Guide, "Creating and configuring an Amazon SQS event source mapping"). */
  hiddenForSeconds: 6 * LONGEST_RUN.inline + GATHERED_FOR,
  /**
   * How often a message may be taken before it is given up. The function itself waits for another run's lease as long as it may; what it gives back
   * comes again once it is no longer hidden, so that the longest run there is, of six hours, is over by the fifth time.
   */
  receives: 10,
} as const;
