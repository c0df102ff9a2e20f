/** Restore jobs in time: PENDING, RUNNING, and how they end; then the validation of restore tests (semantics §5.1, §6.1). */
import type { RestoreJobStatus } from "@aws-sdk/client-backup";
import { announce } from "./announcements.ts";
import { restoreJobAnnouncement } from "./job-announcements.ts";
import { mishapOf } from "./mishaps.ts";
import { isPresent } from "./points.ts";
import { nextSequence, type BackupState, type RecoveryPoint, type RestoreJob } from "./state.ts";
import { addDays, addMinutes, addSeconds, jobRecordDays } from "./time.ts";

const gigabyte = 2 ** 30;

export interface NewRestore {
  readonly point: RecoveryPoint;
  readonly role?: string | undefined;
  readonly request?: string | undefined;
  /** Of a restore test. */
  readonly testing?: {
    readonly planArn: string;
    /** How long a result is taken after the restore. 0: none is. */
    readonly validationWindowHours: number;
  };
  /** What the owning service will refuse it with. */
  readonly obstacle?: string;
}

export function addRestoreJobTo(state: BackupState, at: Date, given: NewRestore): RestoreJob {
  const { point, role, request, testing, obstacle } = given;
  const id = state.world.uuid().toUpperCase();
  const job: RestoreJob = {
    id,
    sequence: nextSequence(state),
    point,
    request,
    obstacle,
    validationWindowHours: testing?.validationWindowHours ?? 0,
    view: {
      AccountId: state.account,
      RestoreJobId: id,
      RecoveryPointArn: point.arn,
      RecoveryPointCreationDate: point.creationDate,
      SourceResourceArn: point.resourceArn,
      BackupVaultArn: point.vault.arn,
      ResourceType: point.resourceType,
      IamRoleArn: role,
      CreationDate: at,
      Status: "PENDING",
      PercentDone: "0.00%",
      BackupSizeInBytes: point.sizeBytes,
      IsParent: point.isParent,
      CreatedBy: testing === undefined ? undefined : { RestoreTestingPlanArn: testing.planArn },
    },
  };
  state.restoreJobs.add(id, job);
  announce(state, at, () => restoreJobAnnouncement(job, "created"));
  announce(state, at, () => restoreJobAnnouncement(job, "later"));
  state.agenda.add(addSeconds(at, state.world.options.duration.jobStart), { what: "restore-step", job });
  return job;
}

export function restoreStep(state: BackupState, job: RestoreJob, at: Date): void {
  if (job.view.Status === "PENDING") start(state, job, at);
  else finish(state, job, at);
}

/** Nobody said anything in time. */
export function validationOver(state: BackupState, job: RestoreJob, at: Date): void {
  if (job.view.ValidationStatus === "VALIDATING") job.view.ValidationStatus = "TIMED_OUT";
  cleanUp(state, job, at);
}

/** What was restored for a test goes once its validation has ended, by a result or by time; once only. */
export function cleanUp(state: BackupState, job: RestoreJob, at: Date): void {
  const { view } = job;
  if (view.DeletionStatus !== undefined) return;
  if (state.uncleanable.has(job.point.resourceType)) {
    view.DeletionStatus = "FAILED";
    view.DeletionStatusMessage = "The restored resource could not be deleted.";
    return;
  }
  view.DeletionStatus = "DELETING";
  state.agenda.add(addSeconds(at, state.world.options.duration.deletion), { what: "restored-removal", job });
}

export function removeRestored({ world, account, region }: BackupState, { view }: RestoreJob): void {
  view.DeletionStatus = "SUCCESSFUL";
  if (view.CreatedResourceArn !== undefined) world.removeRestored(account, region, view.CreatedResourceArn);
}

/** Whether a result is still taken: a final one stays. */
export function isUnderValidation({ view, validationWindowHours }: RestoreJob, now: Date): boolean {
  return (
    view.ValidationStatus === "VALIDATING" &&
    view.CompletionDate !== undefined &&
    now < addMinutes(view.CompletionDate, validationWindowHours * 60)
  );
}

function start(state: BackupState, job: RestoreJob, at: Date): void {
  const { point, view } = job;
  if (view.IamRoleArn !== undefined && !state.world.roleExists(view.IamRoleArn)) {
    return end(state, job, at, "FAILED", `IAM Role ${view.IamRoleArn} cannot be assumed by AWS Backup`);
  }
  if (!isPresent(point)) return end(state, job, at, "FAILED", `Recovery point ${point.arn} does not exist.`);
  const mishap = mishapOf(state, "restore", point.resourceArn, at);
  if (mishap?.end === "FAILED" || mishap?.end === "ABORTED") {
    return end(state, job, at, mishap.end, mishap.message ?? "Restore job failed.");
  }
  view.Status = "RUNNING";
  announce(state, at, () => restoreJobAnnouncement(job, "later"));
  const { duration } = state.world.options;
  const seconds = duration.job + (duration.perGigabyte * (point.sizeBytes ?? 0)) / gigabyte;
  view.ExpectedCompletionTimeMinutes = Math.ceil(seconds / 60);
  state.agenda.add(addSeconds(at, seconds), { what: "restore-step", job });
}

function finish(state: BackupState, job: RestoreJob, at: Date): void {
  const { view, obstacle, validationWindowHours } = job;
  if (obstacle !== undefined) return end(state, job, at, "FAILED", obstacle);
  view.PercentDone = "100.00%";
  view.CreatedResourceArn = restoredArn(job);
  end(state, job, at, "COMPLETED");
  if (view.CreatedBy?.RestoreTestingPlanArn === undefined) return;
  placeRestored(state, job, view.CreatedResourceArn);
  if (validationWindowHours === 0) return cleanUp(state, job, at);
  view.ValidationStatus = "VALIDATING";
  state.agenda.add(addMinutes(at, validationWindowHours * 60), { what: "validation-over", job });
}

/** What restore tests make is named and tagged so (semantics §6.1), by which backups leave it out. */
const mark = "awsbackup-restore-test";

/** What EC2 makes bears an id, and no name. */
const idPrefix: Readonly<Record<string, string>> = { EBS: "vol-", EC2: "i-" };

/** Beside its source, under a name of its own. */
function restoredArn({ id, point, view }: RestoreJob): string {
  const isTest = view.CreatedBy?.RestoreTestingPlanArn !== undefined;
  const prefix = isTest ? idPrefix[point.resourceType] : undefined;
  const name = prefix === undefined ? `${isTest ? mark : "awsbackup-restore"}-${id.toLowerCase()}` : idFor(prefix, id);
  return point.resourceArn.replace(/[^:/]+$/, name);
}

/** Seventeen hexadecimal digits. */
const idFor = (prefix: string, jobId: string): string =>
  `${prefix}${jobId.toLowerCase().replaceAll("-", "").slice(0, 17).padEnd(17, "0")}`;

function placeRestored({ world, account, region }: BackupState, { id, point }: RestoreJob, arn: string): void {
  const { resourceType: type, sizeBytes = 0 } = point;
  world.placeRestored(account, region, { arn, type, sizeBytes, tags: { [mark]: id } });
}

function end(state: BackupState, job: RestoreJob, at: Date, final: RestoreJobStatus, message?: string): void {
  const { id, view } = job;
  view.Status = final;
  view.StatusMessage = message;
  view.CompletionDate = at;
  announce(state, at, () => restoreJobAnnouncement(job, "later"));
  state.agenda.add(addDays(at, jobRecordDays), { what: "restore-forgotten", id });
}
