import type { Severity } from "./concern.ts";
import type { Hours } from "./wall-clock.ts";

/** Where a route leads. What is secret is named here and kept in Secrets Manager. */
export type Destination =
  | { readonly by: "sns"; readonly topicArn: string }
  | { readonly by: "eventBus"; readonly bus: string }
  | { readonly by: "slack"; readonly secret: string }
  | { readonly by: "teams"; readonly secret: string }
  /** `secret`: the key that requests are signed with. */
  | { readonly by: "webhook"; readonly url: string; readonly secret: string };

export const MODES = ["failures", "everything", "digest"] as const;

/** Who is told of which concerns, how and when. */
export interface Route {
  readonly name: string;
  readonly to: Destination;
  /** failures: what is critical or high. everything: notices too, and on an event bus every run. digest: nothing but the digest. */
  readonly mode: (typeof MODES)[number];
  /** Every member given must fit. */
  readonly only: {
    readonly severities?: readonly Severity[];
    readonly causes?: readonly string[];
    /** As `showTarget` writes them. */
    readonly targets?: ReadonlySet<string>;
    readonly owners?: readonly string[];
  };
  /** Absent: at any time. What they hold is sent once they are over. */
  readonly quietHours?: Hours & {
    /** IANA name. */
    readonly timeZone: string;
    readonly holds: "all-but-critical" | "everything";
  };
  /** What stands open, once a day. */
  readonly digest?: { readonly at: string; readonly timeZone: string };
  /** Days after which what still stands open is told again. */
  readonly remindAfterDays: number;
}

/** A fleet's routes. One that is named under an owner is for the concerns of its owners alone. */
export interface Notifications {
  readonly routes: readonly Route[];
  /** Names of routes by the value of the tag that names an owner. */
  readonly owners: Readonly<Record<string, readonly string[]>>;
}
