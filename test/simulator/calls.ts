/** The CloudTrail of the simulator: every call, refused and lost ones included. */

export interface Call {
  readonly index: number;
  readonly at: Date;
  /** SigV4 signing name: `backup`, `s3`… Empty where the request was anonymous. */
  readonly service: string;
  /** As the SDK names it; empty where no operation answers to the request. */
  readonly operation: string;
  /** The caller's account, and the Region the request was signed for. */
  readonly account: string;
  readonly region: string;
  /** The caller's ARN; empty where the caller was not recognised. */
  readonly principal: string;
  readonly sourceIdentity: string | undefined;
  readonly accessKeyId: string;
  readonly requestId: string;
  /** Parsed; blobs are told by their size alone. */
  readonly input: Readonly<Record<string, unknown>>;
  /** `ok`, or the type of the error. */
  readonly outcome: string;
  /** IAM actions the call took, in the order they were asked for; those after a refused one were not asked. */
  readonly permissions: readonly string[];
  /** Whether the operation is one that changes state. It did so only if the outcome is `ok`. */
  readonly mutating: boolean;
  /** Whether the caller got the answer. */
  readonly delivered: boolean;
}

export interface CallLog {
  readonly record: (call: Omit<Call, "index">) => void;
  /** Calls from the given index on, oldest first. */
  readonly since: (index: number) => readonly Call[];
  readonly all: () => readonly Call[];
  /** Calls that changed something: mutating, and answered without an error. */
  readonly writes: () => readonly Call[];
}

export function callLog(): CallLog {
  const calls: Call[] = [];
  return {
    record: (call) => void calls.push({ index: calls.length, ...call }),
    since: (index) => calls.slice(Math.max(0, index)),
    all: () => calls,
    writes: () => calls.filter(({ mutating, outcome }) => mutating && outcome === "ok"),
  };
}

/** First words of operations that only look. Sign, Verify and AssumeRole change nothing that anyone can read back. */
const readingVerbs = /^(Get|List|Describe|Head|Search|Export|Verify|Sign|AssumeRole|Decode|Encrypt|Decrypt)/;

export function isMutating(operation: string): boolean {
  return operation !== "" && !readingVerbs.test(operation);
}

/** The input as the log keeps it: a blob becomes its size, so that uploads do not pile up in memory. */
export function loggedInput(input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (!Object.values(input).some((value) => value instanceof Uint8Array)) return input;
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [name, value instanceof Uint8Array ? { bytes: value.length } : value]),
  );
}
