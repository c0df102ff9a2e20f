import type { AwsFailure } from "./errors.ts";
import type { ResourceKey, Target } from "./identity.ts";

/** What is a fleet's own by the marks it carries, whether or not a manifest still names it. */
export interface Owned {
  /** Marked by tags, each by its ARN. What follows it, as a vault's lock does its vault, is its own by the same tags. */
  readonly tagged: readonly { readonly key: ResourceKey; readonly arn: string }[];
  /** Marked by the request id it was made with, which nobody can change (rule 19). */
  readonly requested: readonly { readonly key: ResourceKey; readonly id: string }[];
  /** What could not be read, and may be marked too (law 1). */
  readonly unread: readonly {
    readonly target: Target;
    readonly kind: string;
    readonly id?: string;
    readonly failure: AwsFailure;
  }[];
}
