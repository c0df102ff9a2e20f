import * as z from "zod";
import { AnnouncedSummary } from "./announcement.ts";
import { Carried } from "./carried.ts";
import { ConcernsSummary } from "./concern.ts";
import { KeyShape, PolicyShape, SIGNATURE_ALGORITHMS } from "./chain-keys.ts";
import { CoverageEffect } from "./coverage-effect.ts";
import { AccountId, Digest, Instant, Region, Target } from "./identity.ts";
import {
  ActionRow,
  ChangeRow,
  DeletionRow,
  ExceptionRow,
  GovernedRow,
  GroupRow,
  HoldRow,
  ListingRow,
  MisnamedRow,
  RecoveredRow,
  ResourceRow,
  TallyRow,
} from "./report-rows.ts";
import { RestoreTimes } from "./restore-times.ts";
import { Coverage, Jobs, JobsSinceSurvey, Observation, RestoreTest, VaultRow } from "./survey.ts";
import { VERDICTS } from "./verdict.ts";

/**
 * What a report says: the predicate of the in-toto statement. Written in JCS, signed as bytes. A section that is absent means "not looked
 * at". Times are RFC 3339 UTC; field names of times end in `On`. What a later minor revision adds is passed over on reading.
 */
export const PREDICATE_TYPE = "https://holdfast.dev/reconciliation-report/v1";
/** The same form in which, besides, one set of keys hands the chain over to another (evidence §2.5). */
export const TRANSITION_TYPE = "https://holdfast.dev/key-transition/v1";

export const Attachment = z.object({
  name: z.string(),
  mediaType: z.string(),
  size: z.int(),
  digest: z.object({ sha256: Digest }),
});
export type Attachment = z.infer<typeof Attachment>;

/** Which desired state a run read, and how that can be shown without its repository. */
export const SourceSection = z.object({
  uri: z.string(),
  ref: z.string().nullable(),
  commit: z.string().nullable(),
  /** Git's tree of the folder of manifests. */
  tree: z.string(),
  digest: Digest,
  dirty: z.boolean(),
  sequence: z.int().nullable(),
  committedOn: Instant.nullable(),
  /** False: history was rewritten since the commit before. */
  fastForward: z.boolean().nullable(),
  previousCommit: z.string().nullable(),
  /** The folder of manifests in the repository, to which their names are relative; empty: the repository's root. */
  manifestRoot: z.string(),
  /** What the commit says of its own signature. Who may sign is the auditor's to know, so it is not judged here. */
  commitSignature: z.object({
    format: z.enum(["none", "gpg", "ssh", "x509", "unknown"]),
    status: z.enum(["none", "not-checked"]),
    signer: z.string().nullable(),
  }),
  /** The commit, its trees and the manifests' blobs, stored once beside the reports; null where git could not make it. */
  pack: z.object({ sha256: Digest, size: z.int() }).nullable(),
});
export type SourceSection = z.infer<typeof SourceSection>;

/** Who wrote a report, by its own word: CloudTrail knows the principal too. */
export const ReporterSection = z.object({
  id: z.string(),
  version: z.string(),
  /** SHA-256 of the code that ran; null where it ran from a checkout. */
  imageDigest: Digest.nullable(),
  /** SHA-256 of the settings' canonical JSON. */
  configSha256: Digest,
  principalArn: z.string().nullable(),
  accountId: AccountId.nullable(),
  region: z.string().nullable(),
});
export type ReporterSection = z.infer<typeof ReporterSection>;

/** From the report after this one on, other keys sign. */
export const Transition = z.object({
  reason: z.string().min(1),
  /** Keys that sign no longer. */
  from: z.array(Digest),
  /** Keys that sign from now on. This report is signed by them too: whoever names a key has it. */
  to: z.array(KeyShape),
  newPolicy: PolicyShape,
  /** A key was revoked, and did not sign its own end. */
  emergency: z.boolean().optional(),
});
export type Transition = z.infer<typeof Transition>;

/** What a run contributes; the chain adds `chain` and `signing` when it is published. */
export const ReportBody = z.object({
  schema: z.literal("1.0"),
  reporter: ReporterSection,
  source: SourceSection.nullable(),
  scope: z.object({
    fleet: z.string().nullable(),
    accounts: z.array(AccountId),
    regions: z.array(Region),
    /** Types that policies are about, as AWS Backup names them; `*`: one of them is about every type. */
    resourceTypes: z.array(z.string()),
    partial: z.boolean(),
    exclusions: z.array(z.object({ selector: z.string(), reason: z.string(), manifest: z.string().nullable() })),
  }),
  run: z.object({
    id: z.string(),
    trigger: z.enum(["schedule", "commit", "manual", "event"]),
    mode: z.enum(["apply", "observe"]),
    startedOn: Instant,
    finishedOn: Instant,
    /** How often it was begun: more than once, where one was broken off and resumed. */
    attempts: z.int().min(1),
    /** Whose time it went by: the evidence or desired-state store's, or the machine's own. `maxErrorMs`: how far off it may be. */
    clock: z.object({ source: z.enum(["store", "system"]), maxErrorMs: z.int().nullable() }),
    failure: z.object({ code: z.string(), message: z.string() }).optional(),
  }),
  result: z.enum(VERDICTS),
  targets: z.array(z.object({ target: Target, result: z.enum(VERDICTS) })),
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
  tallies: z.array(TallyRow).optional(),
  standDowns: z.array(z.object({ run: z.string(), on: Instant, holder: z.string() })),
  coverage: Coverage,
  /** Of the run's changes, made or held. Absent: none touches what selections take in, or nobody looked. */
  coverageEffect: CoverageEffect.optional(),
  jobs: Jobs,
  /** What is wrong with protection, in numbers; the list is an attachment. Absent: nobody drew it up. */
  concerns: ConcernsSummary.optional(),
  /** Of a run over a part of the fleet. Absent: nobody looked. */
  jobsSinceSurvey: JobsSinceSurvey.optional(),
  restoreTests: z.array(RestoreTest),
  /** Of every class that restores were ever tested of, as far as reports remember. Absent: of none. */
  restoreTimes: z.array(RestoreTimes).optional(),
  vaults: z.array(VaultRow),
  /** Of what was listed. Absent: the Fleet has no rules of naming, or nobody looked. */
  misnamed: z.array(MisnamedRow).optional(),
  exceptions: z.array(ExceptionRow),
  listings: z.array(ListingRow),
  /** Every question that was put to AWS about the fleet; in an attachment (rule 34). */
  observations: z.array(Observation),
  governed: z.array(GovernedRow),
  /** A "no change" report: these lists are as an earlier report has them, whose rows the summary counts (evidence §2.8). */
  unchanged: z
    .object({ since: z.object({ sequence: z.int().min(1), payloadSha256: Digest }), sections: z.array(z.string()) })
    .optional(),
  /** How the chain's keys change with this report: of a key transition only. */
  transition: Transition.optional(),
  carried: Carried,
  attachments: z.array(Attachment),
  limitations: z.array(z.string()),
});
export type ReportBody = z.infer<typeof ReportBody>;

/** Why a chain begins: of its first report only. */
export const Genesis = z.object({
  reason: z.string().min(1),
  /** The chain that it takes the place of: all grace clocks begin anew (rule 27). Its last report, as far as it could be read. */
  supersedes: z.object({ chainId: z.uuid(), sequence: z.int().min(0), payloadSha256: Digest.nullable() }).optional(),
});
export type Genesis = z.infer<typeof Genesis>;

export const ChainLink = z.object({
  id: z.uuid(),
  sequence: z.int().min(1),
  previous: z.object({ sequence: z.int(), payloadSha256: Digest, envelopeSha256: Digest }).nullable(),
  /** The RFC 6962 tree over the payload digests of all reports before: one of many can be shown to belong with a few hashes. */
  log: z.object({ size: z.int().min(0), rootHash: Digest }),
  /** The time that this report answers for; it begins where the one before ends. */
  window: z.object({ from: Instant, to: Instant }),
  /** When the next one is due at the latest: past it, with none there, the tail was cut off or the controller is silent. */
  nextDueBefore: Instant,
  genesis: Genesis.optional(),
});
export type ChainLink = z.infer<typeof ChainLink>;

export const SigningKeyRow = z.object({
  keyid: Digest,
  algorithm: z.enum(SIGNATURE_ALGORITHMS),
  protection: z.enum(["aws-kms", "local-file"]),
  kmsKeyArn: z.string().optional(),
  /** As KMS says (`EXTERNAL`: imported, so that a copy may exist elsewhere), `NOT_KNOWN` where it does not say, or `local`. */
  origin: z.string(),
});
export type SigningKeyRow = z.infer<typeof SigningKeyRow>;

export const Report = ReportBody.extend({
  chain: ChainLink,
  signing: z.object({ required: z.array(Digest), keys: z.array(SigningKeyRow) }),
});
export type Report = z.infer<typeof Report>;

/** in-toto Statement v1. Subjects: the commit (where there is one), then each manifest, or what stands for very many. */
export const Statement = z.object({
  _type: z.literal("https://in-toto.io/Statement/v1"),
  predicateType: z.enum([PREDICATE_TYPE, TRANSITION_TYPE]),
  subject: z.array(
    z.object({
      name: z.string().optional(),
      uri: z.string().optional(),
      digest: z.record(z.string(), z.string()),
      annotations: z.record(z.string(), z.json()).optional(),
    }),
  ),
  predicate: Report,
});
export type Statement = z.infer<typeof Statement>;
