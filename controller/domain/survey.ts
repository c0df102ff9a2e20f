import * as z from "zod";
import { AccountId, Digest, Instant, Region, Target } from "./identity.ts";

/**
 * What a report says of the whole population, beyond what manifests select: how much is protected, how the jobs went, what was restored
 * as a test, which vaults there are, and the reads that all of it rests on (evidence §2.4). Written in JCS: counts and seconds are whole
 * numbers, times RFC 3339 UTC, `null` is "AWS says nothing of it".
 */

/** Why a read came to nothing, as AWS put it. */
const Failure = z.strictObject({
  kind: z.string(),
  operation: z.string(),
  message: z.string(),
  code: z.string().optional(),
  requestId: z.string().optional(),
});

/**
 * One question put to AWS with all its pages: the auditor's "which query, which parameters, how many". Every try counts among the
 * request ids, the refused ones too: they are the join to CloudTrail.
 */
export const Observation = z.strictObject({
  /** The IAM action: `backup:ListBackupVaults`. */
  api: z.string(),
  region: Region,
  accountId: AccountId,
  /** What was asked, without page tokens. */
  parameters: z.record(z.string(), z.json()),
  /** Answers. 0: none came. */
  pages: z.int().min(0),
  /** Members of the lists that the answers hold. */
  items: z.int().min(0),
  requestIds: z.array(z.string()),
  from: Instant,
  to: Instant,
  /** The last page named no further one, and nothing failed. */
  complete: z.boolean(),
  failure: Failure.optional(),
});
export type Observation = z.infer<typeof Observation>;

/** A resource of which AWS Backup has no recovery point. */
const UnprotectedRow = z.strictObject({ arn: z.string(), type: z.string(), reason: z.enum(["no-recovery-point"]) });

/** How many resources one policy wants protected in the whole fleet, and how they stand (design §5). */
const PolicyRow = z.strictObject({
  policy: z.string(),
  /** met + breaching + unknown + notYetDue */
  required: z.int().min(0),
  met: z.int().min(0),
  /** Waived ones too. */
  breaching: z.int().min(0),
  unknown: z.int().min(0),
  /** So young that their first backup has its time yet. */
  notYetDue: z.int().min(0),
  /** Of the required ones: stopped, unattached or paused. */
  idle: z.int().min(0),
  /** Of the required ones: backed up by several plans. */
  overlapping: z.int().min(0),
});

/**
 * The resources of the fleet's targets that AWS Backup can protect, and those that it made recovery points of. Where a listing broke
 * off, nobody can tell of some: they are neither protected nor unprotected.
 */
export const Coverage = z.strictObject({
  /** Whether every listing that it rests on was read to its end. */
  complete: z.boolean(),
  /** What has or once had a tag, and what was ever backed up, deleted or not. */
  population: z.int().min(0),
  protected: z.int().min(0),
  unprotected: z.array(UnprotectedRow),
  /** Resources with a completed backup job in the window of `jobs`, by the name of the plan that started it. */
  byPlan: z.record(z.string(), z.int().min(1)),
  /** By policy, in their order. Absent: none asks for anything. */
  policies: z.array(PolicyRow).optional(),
});
export type Coverage = z.infer<typeof Coverage>;

const JobWindow = z.strictObject({ from: Instant, to: Instant });
const JobCounts = z.record(z.string(), z.int().min(1));

/** A job that did not do all it should: `COMPLETED` is here where AWS adds a message to it. */
export const FailedJob = z.strictObject({
  jobId: z.string(),
  kind: z.enum(["backup", "copy"]),
  /** Where it ran. Absent in reports from before it was told. */
  target: Target.optional(),
  /** Of the resource. */
  arn: z.string(),
  /** By the first of the Fleet's ownership tags that the resource bears. Absent: none, or its tags could not be read. */
  owner: z.string().optional(),
  /** Of a copy: ARN of the vault that it was to go to. */
  destination: z.string().optional(),
  /** The plan that started it, by name where AWS tells it. */
  plan: z.string().optional(),
  state: z.string(),
  /** Empty where AWS gave none. */
  message: z.string(),
  /** When it ended; where AWS does not say, when it could not begin any more or else when it was created. */
  on: Instant,
  /** The first later job of the same sort for the same resource that completed without a message, in the same window. */
  retriedBy: z.string().optional(),
});
export type FailedJob = z.infer<typeof FailedJob>;

/** A job that did all it should, of work that earlier reports tell a failure of: the last of its sort in the window. */
export const MendedJob = z.strictObject({ jobId: z.string(), work: z.string(), on: Instant });
export type MendedJob = z.infer<typeof MendedJob>;

/** What a job is to do: one line for each sort, resource and, of a copy, destination. A copy elsewhere does not make up for one that failed. */
export const workOf = ({
  kind,
  arn,
  destination,
}: {
  readonly kind: string;
  readonly arn: string;
  readonly destination?: string | undefined;
}): string => `${kind} ${arn}${destination === undefined ? "" : ` ${destination}`}`;

const RpoBreachRow = z.strictObject({
  arn: z.string(),
  type: z.string(),
  policy: z.string(),
  rpoSeconds: z.int().min(1),
  /** Creation of its newest usable recovery point. Null: none is known. */
  lastGoodOn: Instant.nullable(),
});

export const Jobs = z.strictObject({
  complete: z.boolean(),
  /** Of the jobs' end, `from` ≤ end < `to`: over a chain's reports every job is counted once. */
  window: JobWindow,
  byState: JobCounts,
  copyByState: JobCounts,
  failed: z.array(FailedJob),
  /** Absent: no earlier failure was asked about. */
  mended: z.array(MendedJob).optional(),
  /**
   * Creation of the oldest restorable recovery point in the vaults that RecoveryPointPolicies reach. Null: no policy reaches any, not all of
   * those could be read to their end, or none holds one. What lies in other vaults nobody reads whole.
   */
  oldestRecoveryPointOn: Instant.nullable(),
  /** Resources without a recovery point as young as a policy asks for: the gravest of each target, the policies' figures count them all. */
  rpoBreaches: z.array(RpoBreachRow),
});
export type Jobs = z.infer<typeof Jobs>;

/**
 * Of a run over a part of the fleet: the jobs of its targets that did not do all they should, since the last survey of the whole fleet. The
 * next report of the whole fleet tells each of them again, and counts it; these are counted by nobody.
 */
export const JobsSinceSurvey = z.strictObject({
  /** Of the jobs' end, `from` ≤ end < `to`. */
  from: Instant,
  to: Instant,
  complete: z.boolean(),
  /** Targets whose lists of jobs were not read to their end. Absent: there are none. */
  unread: z.array(Target).optional(),
  failed: z.array(FailedJob),
  /** Absent: no earlier failure was asked about. */
  mended: z.array(MendedJob).optional(),
});
export type JobsSinceSurvey = z.infer<typeof JobsSinceSurvey>;

/** A restore job that a restore testing plan started, told when it has ended and again until its validation is decided. */
export const RestoreTest = z.strictObject({
  jobId: z.string(),
  recoveryPointArn: z.string(),
  /** ARN of the resource that the recovery point is of. */
  resource: z.string().nullable(),
  resourceType: z.string().nullable(),
  startedOn: Instant,
  finishedOn: Instant.nullable(),
  status: z.string(),
  validationStatus: z.string().nullable(),
  /** Of the validation; where it has none, of the job. */
  message: z.string().nullable(),
  /** From creation to completion of the job. */
  rtoSeconds: z.int().min(0).nullable(),
  /** ARN of the restore testing plan. */
  plan: z.string().nullable(),
  /** How long it might have taken, and whether it took no longer. Absent: no manifest says so; null: it was not restored. */
  rtoTargetSeconds: z.int().min(1).optional(),
  rtoMet: z.boolean().nullable().optional(),
});
export type RestoreTest = z.infer<typeof RestoreTest>;

export const VaultRow = z.strictObject({
  arn: z.string(),
  type: z.string(),
  locked: z.boolean(),
  /** From when on nobody can take the lock off. */
  lockDate: Instant.nullable(),
  minDays: z.int().nullable(),
  maxDays: z.int().nullable(),
  kmsKeyArn: z.string().nullable(),
  /** Of the access policy's text as AWS returns it. Null: there is none, or it was not read. */
  policySha256: Digest.nullable(),
  recoveryPointCount: z.int().min(0),
});
export type VaultRow = z.infer<typeof VaultRow>;

/** What a survey asks of every target alike. */
export interface Asking {
  /** Half-open, by when jobs ended. */
  readonly window: { readonly from: Date; readonly to: Date };
  /** Restore tests told before that nobody had validated. */
  readonly undecided: readonly string[];
  /** Jobs told before of which AWS does not say when they ended. */
  readonly undated?: readonly string[];
  /** Work that earlier reports tell a failure of (`workOf`): whether it has been done since. */
  readonly watched?: readonly string[];
  /** Keys of tags that name a resource's owner, the first that it bears. */
  readonly ownerTags?: readonly string[];
}

/** What a survey of the fleet came to. */
export interface Survey {
  readonly coverage: Coverage;
  readonly jobs: Jobs;
  readonly restoreTests: readonly RestoreTest[];
  readonly leftOff: LeftOff;
}

/** Where the next survey goes on. */
export const LeftOff = z.object({
  /** The end of the window of jobs. */
  to: Instant,
  /** Restore tests that nobody had validated yet, by job. */
  undecided: z.array(z.string()),
  /** Jobs told of which AWS does not say when they ended, as long as its lists may show them again. Absent: none. */
  undated: z.array(z.string()).optional(),
});
export type LeftOff = z.infer<typeof LeftOff>;
