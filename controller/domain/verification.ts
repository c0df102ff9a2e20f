import type { Digest } from "./identity.ts";

/** no: looked and it is not so. not-checked: what it takes to look was not at hand, which is never a yes. */
export type Answer = "yes" | "no" | "not-checked";

/** The four questions an auditor asks of a set of reports, each answered apart from the others. */
export const QUESTIONS = ["intact", "complete", "sourced", "anchored"] as const;
export type Question = (typeof QUESTIONS)[number];

/** One thing wrong, in one file. `check` is the name of the test that failed, constant from release to release. */
export interface VerificationProblem {
  readonly file: string;
  readonly check: string;
  readonly message: string;
}

/** What a verifier concluded from the files and keys it was given. */
export interface Verification extends Readonly<Record<Question, Answer>> {
  /** Reports read, whole or broken. None is never a yes. */
  readonly reports: number;
  /** The last report of the chain: what a reader writes down, and pins the next time. */
  readonly head?: { readonly sequence: number; readonly payloadSha256: Digest };
  readonly problems: readonly VerificationProblem[];
  /** What this verification could not prove even where it says yes. One sentence each. */
  readonly limitations: readonly string[];
}
