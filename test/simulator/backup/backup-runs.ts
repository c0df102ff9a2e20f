/** Backup jobs in time: CREATED, RUNNING, and how they end (semantics §5.1, §5.5). */
import type { BackupJobState, RecoveryPointCreator } from "@aws-sdk/client-backup";
import { announce } from "./announcements.ts";
import { vaultArn } from "./arns.ts";
import { continuousBackup } from "./continuous.ts";
import { addCopyJob } from "./copy-runs.ts";
import { backupJobAnnouncement } from "./job-announcements.ts";
import { landingOf, type Landing } from "./landing.ts";
import { mishapOf } from "./mishaps.ts";
import { pointAnnouncement } from "./other-announcements.ts";
import { isFullyManaged, newPointArn } from "./point-arns.ts";
import { addPointTo, recordBackup, removePoint, resourceOf, scheduleLifecycle } from "./points.ts";
import { resourceType } from "./resource-types.ts";
import {
  nextSequence,
  type BackupJob,
  type BackupOrder,
  type BackupState,
  type RecoveryPoint,
  type Tags,
} from "./state.ts";
import { addDays, addMinutes, addSeconds, jobRecordDays } from "./time.ts";

/** AWS Backup tries a waiting job again at least so often, in minutes. */
const retryEvery = 10;
const running = "Backup job failed because there was a running job for the same resource.";
const outOfTime = "Backup job did not finish within its completion window.";
/** Of a mishap that says nothing of its own. */
const failure = "Backup job failed.";
const gigabyte = 2 ** 30;

interface NewJob {
  readonly order: BackupOrder;
  readonly role: string;
  readonly createdBy?: RecoveryPointCreator;
}

export function addBackupJob(state: BackupState, at: Date, { order, role, createdBy }: NewJob): BackupJob {
  const { resource, vaultName } = order;
  const vault = state.vaults.get(vaultName);
  const id = state.world.uuid().toUpperCase();
  const job: BackupJob = {
    id,
    sequence: nextSequence(state),
    order,
    nextStep: undefined,
    point: undefined,
    mishap: undefined,
    view: {
      AccountId: state.account,
      BackupJobId: id,
      BackupVaultName: vaultName,
      BackupVaultArn: vaultArn(state, vaultName),
      VaultType: vault?.type,
      VaultLockState: vault?.lock === undefined ? "UNLOCKED" : "LOCKED",
      RecoveryPointLifecycle: order.lifecycle,
      ResourceArn: resource.arn,
      ResourceType: resource.type,
      ResourceName: resource.name,
      IamRoleArn: role,
      CreatedBy: createdBy ?? {},
      CreationDate: at,
      InitiationDate: at,
      StartBy: addMinutes(at, order.startWindow),
      State: "CREATED",
      PercentDone: "0.0",
      BackupType: order.kind === "continuous" ? "CONTINUOUS" : "SNAPSHOT",
      IsParent: resourceType(resource.type)?.composite === true,
      RecoveryPointArn: knownBeforehand(state, order, at),
    },
  };
  state.backupJobs.add(id, job);
  announce(state, at, () => backupJobAnnouncement(job));
  stepAt(state, job, addSeconds(at, state.world.options.duration.jobStart));
  return job;
}

/** The job's state changes, unless it was changed by hand meanwhile. */
export function backupStep(state: BackupState, job: BackupJob, at: Date): void {
  if (job.nextStep?.getTime() !== at.getTime()) return;
  job.nextStep = undefined;
  switch (job.view.State) {
    case "CREATED":
      return start(state, job, at);
    case "RUNNING":
      return finish(state, job, at);
    case "ABORTING":
      return abort(state, job, at, "Backup job was stopped by user.");
    default:
      throw new Error(`backup job ${job.id} has no step after ${job.view.State}`);
  }
}

/** The caller has checked that the job may be stopped. */
export function stop(state: BackupState, job: BackupJob, at: Date): void {
  job.view.State = "ABORTING";
  stepAt(state, job, addSeconds(at, 10));
}

function start(state: BackupState, job: BackupJob, at: Date): void {
  const { order, view } = job;
  const obstacle = obstacleTo(state, job);
  if (obstacle !== undefined) return end(state, job, at, "FAILED", obstacle.message, obstacle.category);
  if (state.busy.has(order.resource.arn)) return wait(state, job, at);
  const mishap = mishapOf(state, "backup", order.resource.arn, at);
  if (mishap?.end === "EXPIRED") return wait(state, job, at, mishap.message);
  if (mishap?.end === "FAILED") return end(state, job, at, "FAILED", mishap.message ?? failure, mishap.category);
  job.mishap = mishap;
  const landing = landingOf(state, order);
  if (typeof landing === "string") return end(state, job, at, "FAILED", landing, "INVALIDPARAMETERS");
  state.busy.set(order.resource.arn, job.id);
  view.State = "RUNNING";
  view.BackupVaultName = landing.vault.name;
  view.BackupVaultArn = landing.vault.arn;
  view.VaultType = landing.vault.type;
  job.point = makePoint(state, job, landing, at);
  view.RecoveryPointArn = job.point?.arn ?? view.RecoveryPointArn;
  view.IsEncrypted = job.point?.encryptionKeyArn !== undefined;
  view.EncryptionKeyArn = job.point?.encryptionKeyArn;
  scheduleEnd(state, job, at);
  announce(state, at, () => backupJobAnnouncement(job));
}

/** The completion window cuts a job off. */
function scheduleEnd(state: BackupState, job: BackupJob, at: Date): void {
  const { order, view } = job;
  const { duration } = state.world.options;
  const needed = addSeconds(at, duration.job + (duration.perGigabyte * order.resource.sizeBytes) / gigabyte);
  const most = addMinutes(view.CreationDate ?? at, order.completionWindow);
  view.ExpectedCompletionDate = needed;
  stepAt(state, job, needed < most ? needed : most);
}

/** The roles and bounds are looked at when a job runs, not when its plan is saved. */
function obstacleTo(state: BackupState, { order, view }: BackupJob): { message: string; category: string } | undefined {
  const role = view.IamRoleArn ?? "";
  if (!state.world.roleExists(role)) {
    return { message: `IAM Role ${role} cannot be assumed by AWS Backup`, category: "AccessDenied" };
  }
  if (!state.vaults.has(order.vaultName)) {
    const arn = vaultArn(state, order.vaultName);
    return { message: `Backup job failed because backup vault ${arn} does not exist.`, category: "INVALIDPARAMETERS" };
  }
  return undefined;
}

/** One backup or copy at a time for a resource; the start window goes on meanwhile. */
function wait(state: BackupState, job: BackupJob, at: Date, why: string = running): void {
  const startBy = job.view.StartBy ?? at;
  const retry = addMinutes(at, retryEvery);
  if (at >= startBy) {
    return end(state, job, at, "EXPIRED", why);
  }
  stepAt(state, job, retry < startBy ? retry : startBy);
}

/** Absent for the run of a continuous rule whose point is there already: that point is carried on when the job finishes. */
function makePoint(state: BackupState, job: BackupJob, landing: Landing, at: Date): RecoveryPoint | undefined {
  const { order, view } = job;
  const continuous = continuousBackup(state, order, landing, view.CreatedBy, at);
  view.StatusMessage = continuous.message ?? landing.unsupported;
  view.MessageCategory =
    landing.unsupported === undefined ? undefined : "LOGICALLY_AIR_GAPPED_BACKUP_VAULT_NOT_SUPPORTED";
  if (continuous.what === "carry-on") {
    view.RecoveryPointArn = continuous.point.arn;
    return undefined;
  }
  const kind = landing.vault.type === "LOGICALLY_AIR_GAPPED_BACKUP_VAULT" ? "air-gapped" : continuous.what;
  const arn =
    view.RecoveryPointArn ?? newPointArn(state, order.resource, { kind, uuid: state.world.uuid(), at, by: "job" });
  const point = addPointTo(state, landing.vault, at, {
    arn,
    resourceArn: order.resource.arn,
    resourceType: order.resource.type,
    resourceName: order.resource.name,
    sourceResourceId: order.resource.resourceId,
    creationDate: view.CreationDate ?? at,
    initiationDate: view.InitiationDate,
    status: "CREATING",
    lifecycle: landing.lifecycle,
    continuous: continuous.what === "continuous",
    lastSync: continuous.what === "continuous" ? at : undefined,
    createdBy: view.CreatedBy?.BackupPlanId === undefined ? undefined : view.CreatedBy,
    iamRoleArn: view.IamRoleArn,
    encryptionKeyArn: isFullyManaged(state, order.resource.type)
      ? landing.vault.encryptionKeyArn
      : order.resource.encryptedWith,
    isParent: view.IsParent === true,
    tags: pointTags(state, order),
  });
  announce(state, at, () => pointAnnouncement(point));
  return point;
}

function finish(state: BackupState, job: BackupJob, at: Date): void {
  const { order, view, point } = job;
  const isEarly = view.ExpectedCompletionDate !== undefined && at < view.ExpectedCompletionDate;
  if (isEarly || job.mishap?.end === "ABORTED") return abort(state, job, at, job.mishap?.message ?? outOfTime);
  view.BackupSizeInBytes = order.resource.sizeBytes;
  view.BytesTransferred = order.resource.sizeBytes;
  view.PercentDone = "100.0";
  const isPartial = job.mishap?.end === "PARTIAL";
  const message = job.mishap?.message ?? view.StatusMessage;
  // With a message it is "completed with issues", which is no state of its own.
  const issue = job.mishap?.category ?? view.MessageCategory ?? "INVALIDPARAMETERS";
  end(state, job, at, isPartial ? "PARTIAL" : "COMPLETED", message, message === undefined ? "SUCCESS" : issue);
  if (point === undefined) return;
  point.status = isPartial ? "PARTIAL" : point.continuous ? "AVAILABLE" : "COMPLETED";
  point.completionDate = at;
  point.sizeBytes = order.resource.sizeBytes;
  announce(state, at, () => pointAnnouncement(point));
  scheduleLifecycle(state, point, at);
  if (isPartial) return;
  recordBackup(resourceOf(state, point), point);
  startCopies(state, job, point, at);
}

/** The rule's copies, and the one that takes a temporary point into its air-gapped vault. */
function startCopies(state: BackupState, job: BackupJob, point: RecoveryPoint, at: Date): void {
  const { order, view } = job;
  const common = { role: view.IamRoleArn ?? "", createdBy: view.CreatedBy, createdByBackupJob: job.id };
  if (point.lifecycle.DeleteAfterEvent !== undefined && order.airGappedVaultArn !== undefined) {
    const copyOrder = { source: point, lifecycle: order.lifecycle, request: undefined };
    addCopyJob(state, at, { ...common, order: copyOrder, destination: order.airGappedVaultArn });
  }
  for (const copy of order.copies) {
    const copyOrder = { source: point, lifecycle: copy.Lifecycle, request: undefined };
    addCopyJob(state, at, { ...common, order: copyOrder, destination: copy.DestinationBackupVaultArn ?? "" });
  }
}

function abort(state: BackupState, job: BackupJob, at: Date, message: string): void {
  if (job.point !== undefined) removePoint(state, job.point, at);
  job.view.RecoveryPointArn = undefined;
  end(state, job, at, "ABORTED", message);
}

function end(
  state: BackupState,
  job: BackupJob,
  at: Date,
  final: BackupJobState,
  message?: string,
  category?: string,
): void {
  const { view, order } = job;
  if (state.busy.get(order.resource.arn) === job.id) state.busy.delete(order.resource.arn);
  view.State = final;
  view.StatusMessage = message;
  view.MessageCategory = category;
  const isUndated = mishapOf(state, "backup", order.resource.arn, at)?.undated ?? false;
  view.CompletionDate = isUndated ? undefined : at;
  announce(state, at, () => backupJobAnnouncement(job));
  state.agenda.add(addDays(at, jobRecordDays), { what: "backup-forgotten", id: job.id });
}

function stepAt(state: BackupState, job: BackupJob, at: Date): void {
  job.nextStep = at;
  state.agenda.add(at, { what: "backup-step", job });
}

/** EFS and DynamoDB with advanced features know the point's ARN when the job is started (semantics §5.2). */
function knownBeforehand(state: BackupState, { resource }: BackupOrder, at: Date): string | undefined {
  const known = resource.type === "EFS" || (resource.type === "DynamoDB" && isFullyManaged(state, "DynamoDB"));
  if (!known) return undefined;
  return newPointArn(state, resource, { kind: "snapshot", uuid: state.world.uuid(), at, by: "job" });
}

/** The resource's tags are copied, the rule's are added. Native DynamoDB backups take none. */
function pointTags(state: BackupState, { resource, tags }: BackupOrder): Tags {
  if (resource.type === "DynamoDB" && !isFullyManaged(state, "DynamoDB")) return {};
  return { ...resource.tags, ...tags };
}
