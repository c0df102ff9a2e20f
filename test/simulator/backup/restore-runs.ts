/** Restore jobs in time: PENDING, RUNNING, and how they end; then the validation of restore tests (semantics §5.1, §6.1). */
import type { RestoreJobStatus } from "@aws-sdk/client-backup";
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
  state.agenda.add(addSeconds(at, state.world.options.duration.jobStart), { what: "restore-step", job });
  return job;
}

export function restoreStep(state: BackupState, job: RestoreJob, at: Date): void {
  if (job.view.Status === "PENDING") start(state, job, at);
  else finish(state, job, at);
}

/** Nobody said anything in time; what was restored for the test goes. */
export function validationOver({ view }: RestoreJob): void {
  if (view.ValidationStatus === "VALIDATING") view.ValidationStatus = "TIMED_OUT";
  view.DeletionStatus = "SUCCESSFUL";
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
  view.Status = "RUNNING";
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
  if (validationWindowHours === 0) return;
  view.ValidationStatus = "VALIDATING";
  state.agenda.add(addMinutes(at, validationWindowHours * 60), { what: "validation-over", job });
}

/** Beside its source, under a name of its own. The resource itself is not placed in the world. */
function restoredArn({ id, point }: RestoreJob): string {
  return point.resourceArn.replace(/[^:/]+$/, `awsbackup-restore-${id.toLowerCase()}`);
}

function end(state: BackupState, { id, view }: RestoreJob, at: Date, final: RestoreJobStatus, message?: string): void {
  view.Status = final;
  view.StatusMessage = message;
  view.CompletionDate = at;
  state.agenda.add(addDays(at, jobRecordDays), { what: "restore-forgotten", id });
}
