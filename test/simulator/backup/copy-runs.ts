/** Copy jobs in time (semantics §4.8, §5). They run in the source's account and Region; what they make is at home elsewhere. */
import type { CopyJobState, Lifecycle, RecoveryPointCreator } from "@aws-sdk/client-backup";
import { announce } from "./announcements.ts";
import { destinationOf, obstacleToCopy, type Destination } from "./copy-prerequisites.ts";
import { beginDeletion } from "./deletion.ts";
import { copyJobAnnouncement } from "./job-announcements.ts";
import { applicable, given } from "./lifecycle.ts";
import { mishapOf } from "./mishaps.ts";
import { pointAnnouncement } from "./other-announcements.ts";
import { retentionOf } from "./plan-document.ts";
import { isFullyManaged, newPointArn } from "./point-arns.ts";
import { addPointTo, isPresent } from "./points.ts";
import { nextSequence, type BackupState, type CopyJob, type CopyOrder, type RecoveryPoint } from "./state.ts";
import { addDays, addSeconds, jobRecordDays } from "./time.ts";

/** A copy whose resource is busy is tried again after so many seconds. */
const retryEvery = 60;
const gigabyte = 2 ** 30;

interface NewCopy {
  readonly order: CopyOrder;
  readonly destination: string;
  readonly role: string;
  readonly createdBy?: RecoveryPointCreator | undefined;
  readonly createdByBackupJob?: string;
}

export function addCopyJob(state: BackupState, at: Date, copy: NewCopy): CopyJob {
  const { source } = copy.order;
  const id = state.world.uuid().toUpperCase();
  const vault = destinationOf(state, copy.destination)?.vault;
  const job: CopyJob = {
    id,
    sequence: nextSequence(state),
    order: copy.order,
    view: {
      AccountId: state.account,
      CopyJobId: id,
      SourceBackupVaultArn: source.vault.arn,
      SourceRecoveryPointArn: source.arn,
      DestinationBackupVaultArn: copy.destination,
      DestinationVaultType: vault?.type,
      DestinationVaultLockState: vault?.lock === undefined ? "UNLOCKED" : "LOCKED",
      DestinationRecoveryPointLifecycle: lifecycleOf(copy.order),
      ResourceArn: source.resourceArn,
      ResourceType: source.resourceType,
      ResourceName: source.resourceName,
      CreationDate: at,
      State: "CREATED",
      IamRoleArn: copy.role,
      CreatedBy: copy.createdBy ?? {},
      CreatedByBackupJobId: copy.createdByBackupJob,
      IsParent: source.isParent,
      CompositeMemberIdentifier: source.compositeMember,
    },
  };
  state.copyJobs.add(id, job);
  announce(state, at, () => copyJobAnnouncement(job));
  state.agenda.add(addSeconds(at, state.world.options.duration.jobStart), { what: "copy-step", job });
  return job;
}

export function copyStep(state: BackupState, job: CopyJob, at: Date): void {
  if (job.view.State === "CREATED") start(state, job, at);
  else finish(state, job, at);
}

function start(state: BackupState, job: CopyJob, at: Date): void {
  const { source } = job.order;
  const obstacle = obstacleToCopy(state, job, lifecycleOf(job.order), at);
  if (obstacle !== undefined) return end(state, job, at, "FAILED", obstacle);
  const mishap = mishapOf(state, "copy", source.resourceArn, at);
  if (mishap?.end === "FAILED") return end(state, job, at, "FAILED", mishap.message ?? "Copy job failed.");
  if (state.busy.has(source.resourceArn)) {
    return state.agenda.add(addSeconds(at, retryEvery), { what: "copy-step", job });
  }
  state.busy.set(source.resourceArn, job.id);
  job.view.State = "RUNNING";
  // What will be said of a copy that arrives all the same.
  job.view.StatusMessage = mishap?.message;
  announce(state, at, () => copyJobAnnouncement(job));
  const { duration } = state.world.options;
  const seconds = duration.job + (duration.perGigabyte * (source.sizeBytes ?? 0)) / gigabyte;
  state.agenda.add(addSeconds(at, seconds), { what: "copy-step", job });
}

/** The destination is looked up again: a vault may have gone while the copy ran. */
function finish(state: BackupState, job: CopyJob, at: Date): void {
  state.busy.delete(job.order.source.resourceArn);
  const destination = destinationOf(state, job.view.DestinationBackupVaultArn ?? "");
  if (destination === undefined) {
    return end(state, job, at, "FAILED", "Access Denied trying to call AWS Backup service");
  }
  const copy = makeCopy(state, job, destination, at);
  job.view.DestinationRecoveryPointArn = copy.arn;
  job.view.DestinationEncryptionKeyArn = copy.encryptionKeyArn;
  job.view.BackupSizeInBytes = copy.sizeBytes;
  end(state, job, at, "COMPLETED", job.view.StatusMessage);
  announce(destination.state, at, () => pointAnnouncement(copy));
}

/** A new ARN, the source's creation date, resource and tags; legal holds are not carried. */
function makeCopy(state: BackupState, { order, view }: CopyJob, destination: Destination, at: Date): RecoveryPoint {
  const { source } = order;
  const { vault } = destination;
  const kind = vault.type === "LOGICALLY_AIR_GAPPED_BACKUP_VAULT" ? "air-gapped" : "snapshot";
  const resource = { arn: source.resourceArn, type: source.resourceType };
  const uuid = state.world.uuid();
  const full = kind === "air-gapped" || isFullyManaged(destination.state, resource.type);
  return addPointTo(destination.state, vault, at, {
    arn: newPointArn(destination.state, resource, { kind, uuid, at, by: "copyjob" }),
    resourceArn: source.resourceArn,
    resourceType: source.resourceType,
    resourceName: source.resourceName,
    sourceResourceId: source.sourceResourceId,
    creationDate: source.creationDate,
    initiationDate: view.CreationDate,
    completionDate: at,
    sizeBytes: source.sizeBytes,
    lifecycle: lifecycleOf(order),
    createdBy: source.createdBy,
    iamRoleArn: view.IamRoleArn,
    encryptionKeyArn: full || source.encryptionKeyArn !== undefined ? vault.encryptionKeyArn : undefined,
    sourceBackupVaultArn: source.vault.arn,
    isParent: source.isParent,
    compositeMember: source.compositeMember,
    tags: { ...source.tags },
  });
}

function end(state: BackupState, job: CopyJob, at: Date, final: CopyJobState, message?: string): void {
  job.view.State = final;
  job.view.StatusMessage = message;
  job.view.MessageCategory = final === "COMPLETED" ? "SUCCESS" : "FAILURE";
  job.view.CompletionDate = at;
  announce(state, at, () => copyJobAnnouncement(job));
  state.agenda.add(addDays(at, jobRecordDays), { what: "copy-forgotten", id: job.id });
  settleTemporary(state, job, at);
}

/** No days, or "for ever", means as long as the source; an explicit number outlives it (semantics §2.4). */
function lifecycleOf({ source, lifecycle }: CopyOrder): Lifecycle {
  const { DeleteAfterEvent: _event, ...inherited } = source.lifecycle;
  if (lifecycle === undefined) return inherited;
  const days = given(lifecycle.DeleteAfterDays) ?? inherited.DeleteAfterDays;
  return applicable({ ...lifecycle, ...(days !== undefined && { DeleteAfterDays: days }) }, source.resourceType);
}

/** A point on its way into an air-gapped vault goes once all its copies are done and that one succeeded; else it is kept (semantics §2.3). */
function settleTemporary(state: BackupState, { order, view }: CopyJob, at: Date): void {
  const { source } = order;
  if (source.lifecycle.DeleteAfterEvent === undefined || !isPresent(source)) return;
  const copies = Array.from(state.copyJobs).filter((job) => job.order.source === source);
  if (copies.some((job) => job.view.CompletionDate === undefined)) return;
  const arrived = copies.some(
    (job) =>
      job.view.State === "COMPLETED" &&
      job.view.DestinationVaultType === "LOGICALLY_AIR_GAPPED_BACKUP_VAULT" &&
      retentionOf(job.view.DestinationRecoveryPointLifecycle) >= retentionOf(source.lifecycle),
  );
  if (arrived) return beginDeletion(state, source, at, "lifecycle");
  const { DeleteAfterEvent: _event, ...kept } = source.lifecycle;
  source.lifecycle = kept;
  source.statusMessage = view.StatusMessage;
}
