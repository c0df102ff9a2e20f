import * as z from "zod";
import { DELETION_RESULTS } from "./announcement.ts";
import { HOLD_REASONS } from "./change.ts";
import { EFFECTS, HAZARDS } from "./effect.ts";
import { Digest, Instant, ResourceKey, Target } from "./identity.ts";
import { NAMED } from "./naming.ts";
import { ROLES } from "./outcome.ts";

/** The rows of a report's lists. What a later minor revision adds is passed over on reading. Times are RFC 3339 UTC, and their names end in `On`. */

export const Failure = z.object({
  kind: z.string(),
  operation: z.string(),
  message: z.string(),
  code: z.string().optional(),
  requestId: z.string().optional(),
});
const Position = z.object({ path: z.string(), line: z.int(), column: z.int() });
const Field = z.object({
  path: z.string(),
  live: z.json().optional(),
  desired: z.json().optional(),
  effect: z.enum(EFFECTS),
  hazards: z.array(z.enum(HAZARDS)),
});

/**
 * What is said of a finding beyond its key: what is wrong in one word, by which policy, where, and how large it is; since the first
 * reports also what mending it does and the resource that the point is of.
 */
const FindingNote = z.object({
  cause: z.string(),
  policy: z.string(),
  partition: z.string(),
  bytes: z.number(),
  step: z.string().optional(),
  resource: z.string().optional(),
  /** Whose the resource is, by its owner tag. */
  owner: z.string().optional(),
  /** Why, in one sentence: of a change, since a resource's row has its own. */
  because: z.string().optional(),
});

/** A resource that is not in sync, held, or unknown. In-sync rows are in the `in-sync` attachment. */
export const ResourceRow = z.object({
  key: ResourceKey,
  id: z.string().optional(),
  /** Where AWS gives it one. */
  arn: z.string().optional(),
  /** What this report leaves it as. */
  outcome: z.enum(["drifted", "held", "failed", "unknown"]),
  /** SHA-256 of the normal forms' canonical JSON (RFC 8785), of what is asked for and of what was seen. */
  desiredSha256: Digest.optional(),
  observedSha256: Digest.optional(),
  /** When it was looked at last. */
  checkedOn: Instant,
  /** Of the calls that this run made to mend it: CloudTrail has each. */
  requestIds: z.array(z.string()),
  drift: z.enum([
    "missing",
    "different",
    "unadopted",
    "foreign",
    "ambiguous",
    "surplus",
    "superseded",
    "unmanaged",
    "unknown",
    "finding",
  ]),
  manifest: Position.optional(),
  differences: z.array(Field),
  failure: Failure.optional(),
  because: z.string().optional(),
  finding: FindingNote.optional(),
  /** Of a finding: the change that would mend it. Of one point there may be several. */
  change: z.string().optional(),
});
export type ResourceRow = z.infer<typeof ResourceRow>;

export const HoldRow = z.object({
  change: z.string().optional(),
  key: ResourceKey,
  subject: z.string().optional(),
  action: z.string().optional(),
  effect: z.enum(EFFECTS).optional(),
  reason: z.enum(HOLD_REASONS),
  also: z.array(z.enum(HOLD_REASONS)),
  because: z.string(),
  release: z.string(),
  manifest: Position.optional(),
});
export type HoldRow = z.infer<typeof HoldRow>;

/** One attempted mutation (law 10): once per attempt, with its request id where an answer came. */
export const ActionRow = z.object({
  /** `CHANGE.N`: the Nth try of this report to carry the change out. */
  id: z.string(),
  change: z.string(),
  key: ResourceKey,
  subject: z.string().optional(),
  action: z.string(),
  role: z.enum(ROLES),
  operation: z.string(),
  calledOn: Instant,
  requestId: z.string().optional(),
  /** Where AWS gives what it is about one, and it was known before the call. */
  arn: z.string().optional(),
  /** SHA-256 of the changed fields' canonical JSON, by path: as they were, and as they are asked to be. Null: not there before, or after. */
  beforeSha256: Digest.nullable(),
  afterSha256: Digest.nullable(),
  outcome: z.enum(["accepted", "refused", "unanswered"]),
  failure: Failure.optional(),
});
export type ActionRow = z.infer<typeof ActionRow>;

/** What became of each intended change of this run. */
export const ChangeRow = z.object({
  change: z.string(),
  key: ResourceKey,
  subject: z.string().optional(),
  action: z.string(),
  effect: z.enum(EFFECTS),
  result: z.enum(["applied", "accepted", "failed", "skipped"]),
  because: z.string().optional(),
  differences: z.array(Field),
  manifest: Position.optional(),
  finding: FindingNote.optional(),
  /** The approval it went by. */
  consent: z.object({ approval: z.string(), ticket: z.string().optional() }).optional(),
});
export type ChangeRow = z.infer<typeof ChangeRow>;

/** A write that a dead run had announced in its journal, judged afterwards by looking (rule 23). */
export const RecoveredRow = z.object({
  run: z.string(),
  change: z.string(),
  key: ResourceKey,
  subject: z.string().optional(),
  action: z.string(),
  result: z.enum(["applied", "applied-unanswered", "not-applied", "uncertain"]),
  attempts: z.array(ActionRow),
});
export type RecoveredRow = z.infer<typeof RecoveredRow>;

/** What became of a deletion that an earlier run asked for (rule 9). */
export const DeletionRow = z.object({
  change: z.string(),
  key: ResourceKey,
  subject: z.string(),
  result: z.enum(DELETION_RESULTS),
  acceptedOn: Instant.nullable(),
  refusals: z.int(),
});
export type DeletionRow = z.infer<typeof DeletionRow>;

/** Findings that may be approved together; the members are in the attachment of groups. */
export const GroupRow = z.object({
  id: z.string(),
  target: Target,
  partition: z.string(),
  policy: z.string(),
  cause: z.string(),
  step: z.string(),
  points: z.int(),
  bytes: z.number(),
});
export type GroupRow = z.infer<typeof GroupRow>;

/** One declared kind in one target, as it was listed. */
export const ListingRow = z.object({
  target: Target,
  kind: z.string(),
  items: z.int(),
  complete: z.boolean(),
  failure: Failure.optional(),
});

/** One partition of a governed kind: a vault's recovery points, by what was counted. */
export const GovernedRow = z.object({
  target: Target,
  kind: z.string(),
  partition: z.string(),
  complete: z.boolean(),
  counts: z.record(z.string(), z.object({ points: z.int(), bytes: z.int() })),
});

/** Points and bytes by what is wrong with them. */
export const TallyRow = z.object({
  target: Target,
  partition: z.string(),
  policy: z.string(),
  cause: z.string(),
  points: z.int(),
  bytes: z.number(),
});

/** An accepted exception, in git with an owner and an end: a Waiver. */
export const ExceptionRow = z.object({
  id: z.string(),
  /** What it is about, as its manifest says: an ARN, or a pattern of ARNs; null where it names none. */
  arn: z.string().nullable(),
  reason: z.string(),
  /** The commit that carries it. */
  approvedIn: z.string().nullable(),
  owner: z.string(),
  expiresOn: Instant,
  manifest: Position,
});
export type ExceptionRow = z.infer<typeof ExceptionRow>;

/** A name that was found, of ours or of anybody's, and is not as the Fleet has names. Nothing is ever renamed for that. */
export const MisnamedRow = z.object({
  /** Of a rule: the plan's. */
  key: ResourceKey,
  /** An ARN, or an id where AWS gives no ARN. */
  id: z.string(),
  of: z.enum(NAMED),
  name: z.string(),
  /** As the Fleet has it. */
  pattern: z.string(),
  /** With what the Fleet has to say to it. */
  because: z.string(),
});
export type MisnamedRow = z.infer<typeof MisnamedRow>;
