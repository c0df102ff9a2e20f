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

/** A report that came after the time by which the one before it had promised it: a gap in the watching, honestly told. */
export interface LateReport {
  readonly sequence: number;
  /** RFC 3339 UTC. */
  readonly dueBefore: string;
  readonly finishedOn: string;
}

/** A trusted key, and how many of the reports read it signed. To be compared with a fingerprint that came another way. */
export interface KeyUse {
  /** Lower-case hex SHA-256 of the key's SubjectPublicKeyInfo. */
  readonly keyid: string;
  readonly algorithm: string;
  readonly protection: string;
  readonly status: string;
  readonly reports: number;
  /** Reports with a signature in this key's name that could not be looked at, for want of the algorithm. */
  readonly unchecked: number;
}

/** What a verifier concluded from the files and keys it was given. */
export interface Verification extends Readonly<Record<Question, Answer>> {
  /** Reports read, whole or broken. None is never a yes. */
  readonly reports: number;
  /** The last report of the chain: what a reader writes down, and pins the next time. */
  readonly head?: { readonly sequence: number; readonly payloadSha256: string };
  readonly problems: readonly VerificationProblem[];
  /** What this verification could not prove even where it says yes. One sentence each. */
  readonly limitations: readonly string[];
  readonly late: readonly LateReport[];
  readonly keys: readonly KeyUse[];
}

/** A report somebody wrote down outside the store. */
export interface Pin {
  readonly sequence: number;
  readonly payloadSha256: string;
}
