import { shortDigest } from "./digest.ts";
import type { Desired, Source, Wanted } from "./desired.ts";
import type { Effect, Hazard } from "./effect.ts";
import type { Instant, ResourceKey, Target } from "./identity.ts";
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
  /** The consent it goes by, where it takes one. */
  readonly consent?: Consent;
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

/** One thing that stands in the way of a change, and what would clear it. */
export interface Bar {
  readonly reason: HoldReason;
  readonly because: string;
  readonly release: string;
}

/** A governed resource that breaks its rule (design §6). */
export interface Finding {
  readonly key: ResourceKey;
  /** The resource itself: a recovery point's ARN. */
  readonly subject: string;
  /** The partition it lives in: a vault's name. */
  readonly partition: string;
  /** Where it was found out: of a copy, where its source lies. Looking there again shows whether it was mended. */
  readonly judgedIn: Target;
  /** The declared resource that it is in: a person's break glass on that goes for this too (rule 27). */
  readonly within: ResourceKey;
  /**
   * What the governed resource is of, of which type, and whose by its owner tag: a protected resource's ARN, `EBS`. `source`: of what a
   * restore made, the resource that was backed up.
   */
  readonly of: { readonly resource: string; readonly type: string; readonly owner?: string; readonly source?: string };
  readonly rule: { readonly name: string; readonly source: Source };
  /** What is wrong, in one word of the kind's: what groups, waivers and announcements go by. */
  readonly cause: string;
  /** One sentence. */
  readonly because: string;
  /** What forbids mending it, found while judging: locked, last point, legal hold… */
  readonly bars: readonly Bar[];
  readonly bytes: number;
  readonly management: "enforce" | "observe";
  /** Absent: it is reported, and nobody can mend it. */
  readonly mend?: Mend;
}

export interface Mend {
  readonly step: string;
  readonly fields: readonly FieldDrift[];
  readonly input: unknown;
  /** What else it costs or risks beyond its fields: a backfill's bytes, say. */
  readonly hazards?: readonly Hazard[];
  /** Starts so many bytes of copying: counted against the budget of copies. */
  readonly copies?: { readonly bytes: number };
  /** Starts a backup: counted against the budget of backups. How large it will be nobody knows before. */
  readonly backups?: true;
  /** Present where mending destroys what is stored, now or on a date (rules 5, 6). */
  readonly destruction?: Destruction;
}

/** Everything that makes one exact destruction, and what lapses its announcement. */
export interface Destruction {
  /** Partition, vault ARN, recovery point ARN, creation in ms, action, cause, policy, and the digest of the policy's block (rule 6). */
  readonly identity: Readonly<Record<string, string | number>>;
  /** A shortening: the date that is wanted, before the announcement has its say. Absent: a deletion, as soon as it may. Epoch ms. */
  readonly shorten?: { readonly createdOn: number; readonly wantedDays: number };
  /** Beside the id: any worsening of these lapses the announcement. `rank`: newer restorable points of its resource, as far as counted. */
  readonly beside: { readonly status: string; readonly rank: number; readonly bytes: number };
  /** Milliseconds from the announcement. */
  readonly graceMs: number;
  /** Of what a refused deletion would have to change for another try to make sense (rule 9). */
  readonly state: string;
  /** It is, or may be, the last restorable point: only consent to this very ARN lets it go (rule 1). */
  readonly last: boolean;
}

/** Who consented to a change, in git: what a report says of it, and what is used up with it (rule 7). */
export interface Consent {
  readonly approval: string;
  readonly digest: string;
  readonly expiresOn: Instant;
  readonly ticket?: string;
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
  "frozen",
  "immutable-field",
  "hazard",
  "needs-approval",
  "not-announced",
  "in-grace",
  "not-proven",
  "last-point",
  "legal-hold",
  "locked",
  "kept",
  "waived",
  "cannot-mend",
  "no-room",
  "over-budget",
  "desired-state-shrank",
  "stale-source",
  "waiver-expired",
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

/** What a destruction is known by apart from its date: a shortening keeps the date that was announced first (rules 5, 6). */
export const destructionMark = ({ identity }: Destruction): string => shortDigest({ v: 1, ...identity }, 26);

/** The change id of a destruction (rule 6). `deleteOn`: the delete date that is set, RFC 3339; null of a deletion. */
export const destructionId = ({ identity }: Destruction, deleteOn: string | null): string =>
  shortDigest({ v: 1, ...identity, deleteOn }, 12);
