/** What is read of a target for the report alone: nothing is decided by it. Every read is the observe role's. */
import type { BackupJob, CopyJob } from "@aws-sdk/client-backup";
import { listBackupJobs, listCopyJobs, listProtectedResources, listRestoreJobs } from "../aws/backup-operations.ts";
import { step } from "../aws/operation.ts";
import { getTaggedResources } from "../aws/owner-operations.ts";
import type { RestoreTest } from "../domain/survey.ts";
import { instant } from "../domain/identity.ts";
import { isClean, isEnded } from "../domain/jobs.ts";
import { declaredSteps } from "../kinds/define-kind.ts";
import { pages } from "../aws/pages.ts";
import { taggedProtectables } from "../kinds/protectable-listing.ts";
import { tagsOf } from "../kinds/tagged.ts";

/** AWS's most rows a page. */
const PAGE = 1_000;
/** AWS does not say whether a filter by time includes its bound: a second more is asked for than is counted. Milliseconds. */
const OVERLAP_MS = 1_000;

/** A job that is over, as far as reports tell of it. Small: a month's jobs of an account are many. */
export interface EndedJob {
  readonly id: string;
  readonly kind: "backup" | "copy";
  readonly resource: string;
  /** Of a job that went wrong, where a tag of its resource says so. */
  readonly owner?: string;
  /** Of a copy: the vault it goes to. */
  readonly destination: string | undefined;
  readonly state: string;
  readonly message: string;
  /** It did all it should: completed, and AWS adds nothing to that. */
  readonly clean: boolean;
  readonly createdOn: Date;
  readonly endedOn: Date;
  /** The plan that started it, by name; by id where AWS does not tell its name. */
  readonly plan: string | undefined;
}

const endedJob = (
  kind: EndedJob["kind"],
  id: string | undefined,
  job: BackupJob | CopyJob,
  destination?: string,
): EndedJob | undefined => {
  const { ResourceArn, State, StatusMessage, CreationDate, CompletionDate, CreatedBy } = job;
  if (id === undefined || State === undefined || CreationDate === undefined || CompletionDate === undefined)
    return undefined;
  return {
    id,
    kind,
    resource: ResourceArn ?? "",
    destination,
    state: State,
    message: StatusMessage ?? "",
    clean: isClean(job),
    createdOn: CreationDate,
    endedOn: CompletionDate,
    plan: CreatedBy?.BackupPlanName ?? CreatedBy?.BackupPlanId,
  };
};

const justBefore = (on: Date): Date => new Date(on.getTime() - OVERLAP_MS);

/** Backup jobs that ended since a moment, each once. What has not ended yet ends in a later report. */
export const backupJobs = step("observe")([listBackupJobs], async function* (call, _target, since: Date) {
  const ByCompleteAfter = justBefore(since);
  const read = (NextToken: string | undefined) =>
    call(listBackupJobs, { ByCompleteAfter, MaxResults: PAGE, NextToken });
  for await (const page of pages(listBackupJobs.name, read))
    for (const job of page.BackupJobs ?? []) {
      const ended = endedJob("backup", job.BackupJobId, job);
      if (ended) yield ended;
    }
});

/**
 * Backup jobs that are over, and of which AWS does not tell when they ended: a listing by the end leaves them out (semantics §10.6). Of those
 * created since a moment. One that expired ended when it could not begin any more; of the others there is only their beginning.
 */
export const undatedJobs = step("observe")([listBackupJobs], async function* (call, _target, since: Date) {
  const ByCreatedAfter = justBefore(since);
  const read = (NextToken: string | undefined) => call(listBackupJobs, { ByCreatedAfter, MaxResults: PAGE, NextToken });
  for await (const page of pages(listBackupJobs.name, read))
    for (const job of page.BackupJobs ?? []) {
      if (job.CompletionDate !== undefined || !isEnded(job.State ?? "")) continue;
      const CompletionDate = job.State === "EXPIRED" ? (job.StartBy ?? job.CreationDate) : job.CreationDate;
      const ended = endedJob("backup", job.BackupJobId, { ...job, CompletionDate });
      if (ended) yield ended;
    }
});

export const copyJobs = step("observe")([listCopyJobs], async function* (call, _target, since: Date) {
  const ByCompleteAfter = justBefore(since);
  const read = (NextToken: string | undefined) => call(listCopyJobs, { ByCompleteAfter, MaxResults: PAGE, NextToken });
  for await (const page of pages(listCopyJobs.name, read))
    for (const job of page.CopyJobs ?? []) {
      const ended = endedJob("copy", job.CopyJobId, job, job.DestinationBackupVaultArn);
      if (ended) yield ended;
    }
});

/** Restore jobs of restore testing plans that ended since a moment. A person's restore is no test. */
export const restoreTests = step("observe")([listRestoreJobs], async function* (call, _target, since: Date) {
  const ByCompleteAfter = justBefore(since);
  const read = (NextToken: string | undefined) =>
    call(listRestoreJobs, { ByCompleteAfter, MaxResults: PAGE, NextToken });
  for await (const page of pages(listRestoreJobs.name, read))
    for (const job of page.RestoreJobs ?? []) {
      const plan = job.CreatedBy?.RestoreTestingPlanArn;
      const { RestoreJobId: jobId, CreationDate: startedOn, CompletionDate: finishedOn } = job;
      if (plan === undefined || jobId === undefined || startedOn === undefined || finishedOn === undefined) continue;
      yield {
        jobId,
        recoveryPointArn: job.RecoveryPointArn ?? "",
        resource: job.SourceResourceArn ?? null,
        resourceType: job.ResourceType ?? null,
        startedOn: instant(startedOn),
        finishedOn: instant(finishedOn),
        status: job.Status ?? "",
        validationStatus: job.ValidationStatus ?? null,
        message: (job.ValidationStatusMessage || job.StatusMessage) ?? null,
        rtoSeconds: Math.round((finishedOn.getTime() - startedOn.getTime()) / 1000),
        plan,
      } satisfies RestoreTest;
    }
});

/** Everything that AWS Backup ever made a recovery point of, and whether it knows when. */
export const protectedResources = step("observe")([listProtectedResources], async function* (call) {
  const read = (NextToken: string | undefined) => call(listProtectedResources, { MaxResults: PAGE, NextToken });
  for await (const page of pages(listProtectedResources.name, read))
    for (const { ResourceArn: arn, ResourceType: type, LastBackupTime } of page.Results ?? [])
      if (arn !== undefined) yield { arn, type, hasBackup: LastBackupTime !== undefined };
});

/** ARNs of everything that has or once had a tag, of the types that AWS Backup can protect and perhaps of others. */
export const taggedResources = step("observe")([getTaggedResources], async function* (call) {
  for await (const { arn } of taggedProtectables(call)) yield arn;
});

/** Tags of these resources. One that is gone, or never had any, is not told. */
export const tagsOfResources = step("observe")(
  [getTaggedResources],
  async function* (call, _target, arns: readonly string[]) {
    yield* tagsOf(call, arns);
  },
);

/** What the observe role's policy is drawn from, besides the kinds. */
export const SURVEY_STEPS = declaredSteps("survey", {
  backupJobs,
  undatedJobs,
  copyJobs,
  restoreTests,
  protectedResources,
  taggedResources,
  tagsOfResources,
});
