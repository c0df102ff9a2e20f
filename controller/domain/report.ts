import * as z from "zod";
import { AnnouncedSummary, Canary, Consumed, Deletion, DELETION_RESULTS, PolicySeen, Spent } from "./announcement.ts";
import { SIGNATURE_ALGORITHMS } from "./chain-keys.ts";
import { EFFECTS, HAZARDS } from "./effect.ts";
import { HOLD_REASONS } from "./change.ts";
import { AccountId, Digest, Instant, Region, ResourceKey, Target } from "./identity.ts";
import { ROLES } from "./outcome.ts";
import { VERDICTS } from "./verdict.ts";

/**
 * What a report says: the predicate of the in-toto statement, first form (`/v0`, rule 34). Written in JCS, signed as bytes.
 * A section that is absent means "not looked at". Times are RFC 3339 UTC; field names of times end in `On`.
 */
export const PREDICATE_TYPE = "https://holdfast.dev/reconciliation-report/v0";

const Failure = z.strictObject({
  kind: z.string(),
  operation: z.string(),
  message: z.string(),
  code: z.string().optional(),
  requestId: z.string().optional(),
});
const Position = z.strictObject({ path: z.string(), line: z.int(), column: z.int() });
const Field = z.strictObject({
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
const FindingNote = z.strictObject({
  cause: z.string(),
  policy: z.string(),
  partition: z.string(),
  bytes: z.number(),
  step: z.string().optional(),
  resource: z.string().optional(),
  /** Why, in one sentence: of a change, since a resource's row has its own. */
  because: z.string().optional(),
});

/** A resource that is not in sync, held, or unknown. In-sync rows are in the `in-sync` attachment. */
export const ResourceRow = z.strictObject({
  key: ResourceKey,
  id: z.string().optional(),
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
  fields: z.array(Field),
  failure: Failure.optional(),
  because: z.string().optional(),
  finding: FindingNote.optional(),
  /** Of a finding: the change that would mend it. Of one point there may be several. */
  change: z.string().optional(),
});
export type ResourceRow = z.infer<typeof ResourceRow>;

export const HoldRow = z.strictObject({
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
export const ActionRow = z.strictObject({
  change: z.string(),
  key: ResourceKey,
  subject: z.string().optional(),
  action: z.string(),
  role: z.enum(ROLES),
  operation: z.string(),
  calledOn: Instant,
  requestId: z.string().optional(),
  outcome: z.enum(["accepted", "refused", "unanswered"]),
  failure: Failure.optional(),
});
export type ActionRow = z.infer<typeof ActionRow>;

/** What became of each intended change of this run. */
export const ChangeRow = z.strictObject({
  change: z.string(),
  key: ResourceKey,
  subject: z.string().optional(),
  action: z.string(),
  effect: z.enum(EFFECTS),
  result: z.enum(["applied", "accepted", "failed", "skipped"]),
  because: z.string().optional(),
  fields: z.array(Field),
  manifest: Position.optional(),
  finding: FindingNote.optional(),
  /** The approval it went by. */
  consent: z.strictObject({ approval: z.string(), ticket: z.string().optional() }).optional(),
});
export type ChangeRow = z.infer<typeof ChangeRow>;

/** A write that a dead run had announced in its journal, judged afterwards by looking (rule 23). */
export const RecoveredRow = z.strictObject({
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
export const DeletionRow = z.strictObject({
  change: z.string(),
  key: ResourceKey,
  subject: z.string(),
  result: z.enum(DELETION_RESULTS),
  acceptedOn: Instant.nullable(),
  refusals: z.int(),
});
export type DeletionRow = z.infer<typeof DeletionRow>;

/** Findings that may be approved together; the members are in the attachment of groups. */
export const GroupRow = z.strictObject({
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

/** A list of the signed memory that is an attachment, bound by its digest (rule 7). */
const CarriedList = z.strictObject({ count: z.int().min(1), sha256: Digest });

const Since = { since: z.int().min(1) }; // the sequence of the report that began the entry (rule 31)

/** The signed memory handed from report to report. Nothing destructive rests on anything else (law 3). */
export const Carried = z.strictObject({
  /** Corrections per resource field in the last 24 h, to notice a second controller (rule 17). */
  corrections: z.array(z.strictObject({ key: ResourceKey, path: z.string(), on: z.array(Instant), ...Since })),
  /** Declared resources per kind at the last whole run, to notice a desired state that shrank. */
  declared: z.strictObject({ counts: z.record(z.string(), z.int()), ...Since }).nullable(),
  /** Ids taken under management where AWS has no tags (rule 19). */
  adopted: z.array(z.strictObject({ key: ResourceKey, id: z.string(), ...Since })),
  /** API calls per class at the last whole run, to predict the next one's time. */
  calls: z.strictObject({ perClass: z.record(z.string(), z.int()), ...Since }).nullable(),
  /** The last commit acted on, and HEAD's sequence (rule 25). */
  source: z.strictObject({ commit: z.string().nullable(), sequence: z.int().nullable(), ...Since }).nullable(),
  /** Open announcements of destruction, sorted by change id, in an attachment (rule 7). Empty: there are none. */
  announcements: z.union([z.array(z.never()), CarriedList]),
  /** Resources seen to be missing, in an attachment. Absent: none. */
  missing: CarriedList.optional(),
  /** Deletions under way, and refused ones. */
  deletions: z.array(Deletion).optional(),
  /** Types whose deletions are known to work. */
  canaries: z.array(Canary).optional(),
  /** What counts against the budgets of a rolling 24 h. */
  spent: z.array(Spent).optional(),
  /** Approvals used up, until they would have run out. */
  consumed: z.array(Consumed).optional(),
  /** Since when policies are known. */
  policies: z.array(PolicySeen).optional(),
});
export type Carried = z.infer<typeof Carried>;

export const Attachment = z.strictObject({
  name: z.string(),
  mediaType: z.string(),
  size: z.int(),
  digest: z.strictObject({ sha256: Digest }),
});
export type Attachment = z.infer<typeof Attachment>;

/** What a run contributes; the chain adds `chain` and `signing` when it is published. */
export const ReportBody = z.strictObject({
  schema: z.literal("0.1"),
  reporter: z.strictObject({ id: z.string(), version: z.string(), principal: z.string().nullable() }),
  source: z
    .strictObject({
      uri: z.string(),
      commit: z.string().nullable(),
      tree: z.string(),
      digest: Digest,
      dirty: z.boolean(),
      sequence: z.int().nullable(),
      fastForward: z.boolean().nullable(),
      previousCommit: z.string().nullable(),
    })
    .nullable(),
  scope: z.strictObject({
    fleet: z.string().nullable(),
    accounts: z.array(AccountId),
    regions: z.array(Region),
    partial: z.boolean(),
    exclusions: z.array(z.strictObject({ account: z.string(), reason: z.string() })),
  }),
  run: z.strictObject({
    id: z.string(),
    trigger: z.enum(["schedule", "manual", "event"]),
    mode: z.enum(["apply", "observe"]),
    startedOn: Instant,
    finishedOn: Instant,
    failure: z.strictObject({ code: z.string(), message: z.string() }).optional(),
  }),
  result: z.enum(VERDICTS),
  targets: z.array(z.strictObject({ target: Target, result: z.enum(VERDICTS) })),
  summary: z.record(z.string(), z.int()),
  resources: z.array(ResourceRow),
  held: z.array(HoldRow),
  changes: z.array(ChangeRow),
  actions: z.array(ActionRow),
  recovered: z.array(RecoveredRow),
  /** What stands announced with this report. Absent: nothing does. */
  announced: AnnouncedSummary.optional(),
  /** Deletions of earlier runs, followed up. Absent: there were none. */
  deletions: z.array(DeletionRow).optional(),
  groups: z.array(GroupRow).optional(),
  /** Points and bytes by what is wrong with them. */
  tallies: z
    .array(
      z.strictObject({
        target: Target,
        partition: z.string(),
        policy: z.string(),
        cause: z.string(),
        points: z.int(),
        bytes: z.number(),
      }),
    )
    .optional(),
  standDowns: z.array(z.strictObject({ run: z.string(), on: Instant, holder: z.string() })),
  observations: z.array(
    z.strictObject({
      target: Target,
      kind: z.string(),
      items: z.int(),
      complete: z.boolean(),
      failure: Failure.optional(),
    }),
  ),
  governed: z.array(
    z.strictObject({
      target: Target,
      kind: z.string(),
      partition: z.string(),
      complete: z.boolean(),
      counts: z.record(z.string(), z.strictObject({ points: z.int(), bytes: z.int() })),
    }),
  ),
  carried: Carried,
  /** The chain that this one takes the place of, and why: all grace clocks begin anew (rule 27). Of a genesis only. */
  supersedes: z
    .strictObject({ chain: z.uuid(), reports: z.int().min(0), reason: z.string().min(1), on: Instant })
    .optional(),
  attachments: z.array(Attachment),
  limitations: z.array(z.string()),
});
export type ReportBody = z.infer<typeof ReportBody>;

export const ChainLink = z.strictObject({
  id: z.uuid(),
  sequence: z.int().min(1),
  previous: z.strictObject({ sequence: z.int(), payloadSha256: Digest, envelopeSha256: Digest }).nullable(),
});
export type ChainLink = z.infer<typeof ChainLink>;

export const SigningKeyRow = z.strictObject({
  keyid: Digest,
  algorithm: z.enum(SIGNATURE_ALGORITHMS),
  protection: z.enum(["aws-kms", "local-file"]),
  origin: z.string().optional(),
  kmsKeyArn: z.string().optional(),
});
export type SigningKeyRow = z.infer<typeof SigningKeyRow>;

export const Report = ReportBody.extend({
  chain: ChainLink,
  signing: z.strictObject({ required: z.array(Digest), keys: z.array(SigningKeyRow) }),
});
export type Report = z.infer<typeof Report>;

/** in-toto Statement v1. Subjects: the commit (where there is one), then each manifest. */
export const Statement = z.strictObject({
  _type: z.literal("https://in-toto.io/Statement/v1"),
  predicateType: z.literal(PREDICATE_TYPE),
  subject: z.array(
    z.strictObject({
      name: z.string().optional(),
      uri: z.string().optional(),
      digest: z.record(z.string(), z.string()),
    }),
  ),
  predicate: Report,
});
export type Statement = z.infer<typeof Statement>;
