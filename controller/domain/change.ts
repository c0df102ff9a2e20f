import { shortDigest } from "./digest.ts";
import type { Desired, Source, Wanted } from "./desired.ts";
import type { Effect, Hazard } from "./effect.ts";
import type { ResourceKey } from "./identity.ts";
import type { Live } from "./live.ts";

/** How a field can change: by an update, by a new resource that takes the old one's place, or not at all. */
export type Mutability = "in-place" | "replace" | "never";

/** One path where spec and state differ, and what closing the gap would do. */
export interface FieldDrift {
  /** Dotted, list elements by their key: `rules[daily].lifecycle.deleteAfterDays`. */
  readonly path: string;
  /** What AWS reports; undefined where absent. */
  readonly live: unknown;
  readonly desired: unknown;
  readonly effect: Effect;
  readonly on: Mutability;
  readonly hazards: readonly Hazard[];
}

/** adopt tags and changes nothing else; replace makes before it removes; prune removes. `amend` mends one governed resource. */
export type Action = "create" | "update" | "replace" | "adopt" | "prune" | "amend";

interface ChangeCommon {
  readonly id: string;
  readonly key: ResourceKey;
  readonly effect: Effect;
  readonly hazards: readonly Hazard[];
  /** It undoes what somebody did to a resource that a verified report had recorded in sync with the same spec (rules 13, 17). */
  readonly restores: boolean;
  readonly source?: Source;
}

/** An intended mutation of one resource. Data, never a closure: it can be written, reviewed, approved by id, read back and applied elsewhere. */
export type Change = ChangeCommon &
  (
    | { readonly action: "create"; readonly desired: Wanted; readonly fields: readonly FieldDrift[] }
    | {
        readonly action: "update" | "replace";
        readonly desired: Wanted;
        readonly live: Live;
        readonly fields: readonly FieldDrift[];
      }
    | {
        readonly action: "adopt";
        readonly desired: Wanted;
        readonly live: Live;
        readonly fields: readonly FieldDrift[];
      }
    | {
        readonly action: "prune";
        readonly live: Live;
        readonly desired?: Desired;
        readonly fields: readonly FieldDrift[];
      }
    | { readonly action: "amend"; readonly finding: Finding; readonly fields: readonly FieldDrift[] }
  );

/** A governed resource that breaks its rule (design §6). */
export interface Finding {
  readonly key: ResourceKey;
  /** The resource itself: a recovery point's ARN. */
  readonly subject: string;
  /** The partition it lives in: a vault's name. */
  readonly partition: string;
  readonly rule: { readonly name: string; readonly source: Source };
  /** One sentence. */
  readonly because: string;
  /** What forbids mending it, found while judging: locked, last point, legal hold… */
  readonly bars: readonly HoldReason[];
  readonly bytes: number;
  readonly management: "enforce" | "observe";
  readonly mend?: { readonly step: string; readonly fields: readonly FieldDrift[]; readonly input: unknown };
}

/** Why a change was decided against, gravest first: when several apply, the first is told (design §7). */
export const HOLD_REASONS = [
  "unknown-state",
  "ambiguous",
  "not-ours",
  "contested",
  "observe-only",
  "suspended",
  "partial-scope",
  "immutable-field",
  "hazard",
  "needs-approval",
  "last-point",
  "legal-hold",
  "locked",
  "kept",
  "cannot-mend",
  "no-room",
  "over-budget",
  "desired-state-shrank",
  "stale-source",
] as const;
export type HoldReason = (typeof HOLD_REASONS)[number];

/** What a change is hashed over: changed fields only, normalised, never a revision or a time (design §7). */
export interface ChangeIdentity {
  readonly key: ResourceKey;
  readonly action: Action;
  /** The ARN or id of a governed resource; a declared one goes by its name. */
  readonly subject?: string;
  readonly fields: readonly Pick<FieldDrift, "path" | "live" | "desired">[];
}

/** The id that an approval names: one exact change, lapsing when the change does. 12 characters of base32. */
export const changeId = ({ key, action, subject, fields }: ChangeIdentity): string =>
  shortDigest(
    {
      v: 1,
      account: key.target.account,
      region: key.target.region,
      kind: key.kind,
      name: subject ?? key.name,
      action,
      fields: fields
        .map(({ path, live, desired }) => ({ path, from: live ?? null, to: desired ?? null }))
        .toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
    },
    12,
  );
