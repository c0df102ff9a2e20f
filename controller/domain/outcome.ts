import type { Change } from "./change.ts";
import type { AwsFailure } from "./errors.ts";
import type { Instant, Target } from "./identity.ts";

/** Which of the four member roles stands behind a call (rule 28). */
export const ROLES = ["observe", "apply", "retain", "destroy"] as const;
export type Role = (typeof ROLES)[number];

/** One mutating call sent to AWS: one try, whatever became of it. */
export interface Attempt {
  readonly changeId: string;
  readonly target: Target;
  readonly role: Role;
  readonly operation: string;
  readonly at: Instant;
  /** Absent where no answer came. */
  readonly requestId?: string;
  /** The reason the try failed; absent when AWS accepted it. */
  readonly failure?: AwsFailure;
}

export type SkipReason = "deadline" | "earlier-wave-failed" | "lease-lost" | "moved";

/** What became of one change. */
export type Outcome = { readonly change: Change; readonly at: Instant; readonly attempts: readonly Attempt[] } & (
  | { readonly result: "applied" }
  /** AWS took it on and works later: a listing to come shows what became of it (rule 9). */
  | { readonly result: "accepted" }
  | { readonly result: "failed"; readonly failure: AwsFailure }
  /** `note`: what had come up, where it moved. */
  | { readonly result: "skipped"; readonly because: SkipReason; readonly note?: string }
);
