/** What kind of trouble AWS (or the way to it) gave. Every question about an AWS error is asked of this word and nothing else. */
export type FailureKind =
  | "denied" // the caller may not, or the thing does not exist and AWS will not say which
  | "unreachable" // the account could not be entered
  | "expired" // credentials ran out
  | "throttled"
  | "missing"
  | "exists"
  | "conflict" // another action is under way; later it may work
  | "quota"
  | "invalid"
  | "unsupported" // the endpoint does not offer the operation
  | "unavailable" // a server fault, or an answer no model knows
  | "unanswered"; // sent, no answer: it may or may not have happened

export interface AwsFailure {
  readonly kind: FailureKind;
  /** As IAM spells it: `backup:ListBackupVaults`. */
  readonly operation: string;
  readonly message: string;
  /** The error's own name, where it had one. */
  readonly code?: string;
  readonly requestId?: string;
}

/** Codes of failures that end a run or a command. Each has one meaning and one line in the CLI's manual. */
export type ErrorCode =
  | "manifest-refused"
  | "source-unreadable"
  | "source-unverified"
  | "setting-refused"
  | "fleet-unresolved"
  | "store-unreachable"
  | "signer-unusable"
  | "chain-broken"
  | "lease-lost"
  | "publish-failed"
  | "operation-not-granted"
  | "paper-refused"
  | "fleet-too-large"
  | "rotation-refused"
  | "internal";

/** A failure of the whole run or command: says what is wrong and what to do. */
export class HoldfastError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.name = "HoldfastError";
    this.code = code;
  }
}

/** One AWS call that failed. Stages catch it and make it a value; it never crosses a verb. */
export class AwsError extends Error {
  readonly failure: AwsFailure;
  constructor(failure: AwsFailure, options: { readonly cause?: unknown } = {}) {
    super(`${failure.operation}: ${failure.message}`, options);
    this.name = "AwsError";
    this.failure = failure;
  }
}

/** The failure behind an error that a step threw, or rethrows what is not one of AWS's. */
export function failureOf(error: unknown): AwsFailure {
  if (error instanceof AwsError) return error.failure;
  throw error;
}

/** Runs an AWS call where one kind of failure is an expected answer. */
export async function unless<T, U>(kind: FailureKind, call: Promise<T>, otherwise: U): Promise<T | U> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof AwsError && error.failure.kind === kind) return otherwise;
    throw error;
  }
}
