/**
 * What every simulated service is made of: pure handlers from a parsed input and a context to an output or an `ApiError`.
 * A handler never sees a transport: the wire (test/simulator/wire) parses requests and writes answers from the SDK's own schemas.
 */

import type { ConditionContext } from "./iam/conditions.ts";

/** Who calls. `arn` is the caller's IAM ARN: a user, a role session (`arn:aws:sts::A:assumed-role/R/S`) or the root of an account. */
export interface Principal {
  readonly account: string;
  readonly arn: string;
  readonly accessKeyId: string;
  /** The role behind a session, path included, which the session's ARN leaves out. */
  readonly roleArn?: string;
  /** The session's source identity, where AssumeRole was given one. */
  readonly sourceIdentity?: string;
}

/** One call being answered. Handlers read time and randomness from here and nowhere else. */
export interface Context<State> {
  readonly principal: Principal;
  /** The account that owns the state being read: the principal's own, save where a service lets one account address another's. */
  readonly account: string;
  readonly region: string;
  readonly now: Date;
  /** The service's own state for this account and Region (or for the whole organization, as the service declares). */
  readonly state: State;
  /** Condition keys that every request of this caller carries, for resource policies that a service judges itself. */
  readonly conditions?: ConditionContext;
  /** A fresh UUID from the simulator's seeded source. */
  readonly uuid: () => string;
}

/** Operation name (as in the SDK: `CreateBackupVault`) to handler. Input and output have the SDK's member names. */
// oxlint-disable-next-line no-explicit-any -- inputs are checked against the SDK's schema before a handler sees them
export type Handlers<State> = Readonly<Record<string, (input: any, context: Context<State>) => unknown>>;

/** A modelled or common error answer. `type` is the exception's name; `fields` are further members of its body. */
export class ApiError extends Error {
  readonly type: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** HTTP status; absent: the one the SDK's schema declares for `type`, else 400. */
  readonly status: number | undefined;

  constructor(type: string, message: string, fields: Readonly<Record<string, unknown>> = {}, status?: number) {
    super(message);
    this.name = type;
    this.type = type;
    this.fields = fields;
    this.status = status;
  }
}
