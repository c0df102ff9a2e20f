/**
 * Events of jobs, in the spellings of AWS's own samples: sizes are strings in events of backups and restores and numbers in those of copies,
 * restores have a status where the others have a state, and a first event says next to nothing (semantics §7.2, §10.7).
 */
import type { RecoveryPointCreator } from "@aws-sdk/client-backup";
import { told, type Announcement } from "./announcements.ts";
import type { BackupJob, CopyJob, RestoreJob } from "./state.ts";

/** How often AWS Backup has tried a job that came to an end by running, in its samples. */
const triedAgain = 3;

export function backupJobAnnouncement({ view, point }: BackupJob): Announcement {
  const first = { backupJobId: view.BackupJobId, state: view.State, creationDate: told(view.CreationDate) };
  const detailType = "Backup Job State Change";
  if (view.State === "CREATED") return { detailType, resources: [], detail: first };
  const isRunning = view.State === "RUNNING";
  const isDone = view.State === "COMPLETED" || view.State === "PARTIAL";
  const hasFailed = view.State === "FAILED";
  const completed = isDone ? (point?.arn ?? view.RecoveryPointArn) : undefined;
  return {
    detailType,
    resources: completed === undefined ? [] : [completed],
    detail: {
      ...first,
      backupSizeInBytes: isRunning || isDone ? String(view.BackupSizeInBytes ?? 0) : undefined,
      bytesTransferred: String(view.BytesTransferred ?? 0),
      backupVaultArn: view.BackupVaultArn,
      backupVaultName: view.BackupVaultName,
      iamRoleArn: view.IamRoleArn,
      resourceArn: view.ResourceArn,
      resourceType: view.ResourceType,
      // Within quotes of its own.
      statusMessage: view.StatusMessage === undefined ? undefined : JSON.stringify(view.StatusMessage),
      // A failed job's samples tell none.
      completionDate: hasFailed ? undefined : told(view.CompletionDate),
      startBy: told(view.StartBy),
      expectedCompletionDate: isRunning ? clockTime(view.ExpectedCompletionDate) : undefined,
      percentDone: isDone ? 100 : 0,
      createdBy: creator(view.CreatedBy),
      retryCount: isDone || hasFailed ? triedAgain : undefined,
    },
  };
}

/** The first event has no id; until there is a copy, where its ARN will be is an empty object. */
export function copyJobAnnouncement({ view, order }: CopyJob): Announcement {
  return {
    detailType: "Copy Job State Change",
    resources: [order.source.arn],
    detail: {
      copyJobId: view.State === "CREATED" ? undefined : view.CopyJobId,
      backupSizeInBytes: view.BackupSizeInBytes ?? order.source.sizeBytes ?? 0,
      creationDate: told(view.CreationDate),
      iamRoleArn: view.IamRoleArn,
      resourceArn: view.ResourceArn,
      resourceType: view.ResourceType,
      sourceBackupVaultArn: view.SourceBackupVaultArn,
      state: view.State,
      statusMessage: view.StatusMessage,
      completionDate: told(view.CompletionDate),
      destinationBackupVaultArn: view.DestinationBackupVaultArn,
      destinationRecoveryPointArn: view.DestinationRecoveryPointArn ?? {},
      createdBy: creator(view.CreatedBy),
    },
  };
}

/** CREATED, which no listing knows, is a state; everything after it is a status. Where it went is told once it has ended. */
export function restoreJobAnnouncement({ view, point }: RestoreJob, phase: "created" | "later"): Announcement {
  const first = { restoreJobId: view.RestoreJobId, creationDate: told(view.CreationDate) };
  const event = { detailType: "Restore Job State Change", resources: [point.arn] };
  if (phase === "created") return { ...event, detail: { ...first, state: "CREATED" } };
  const common = {
    ...first,
    backupSizeInBytes: String(view.BackupSizeInBytes ?? 0),
    iamRoleArn: view.IamRoleArn,
    // Always 0 in AWS's samples, when it is done as well.
    percentDone: 0,
    resourceType: view.ResourceType,
    status: view.Status,
    restoreTestingPlanArn: view.CreatedBy?.RestoreTestingPlanArn,
  };
  if (view.CompletionDate === undefined) return { ...event, detail: common };
  return {
    ...event,
    detail: {
      ...common,
      backupVaultArn: view.BackupVaultArn,
      recoveryPointArn: view.RecoveryPointArn,
      sourceResourceArn: view.SourceResourceArn,
      createdResourceArn: view.CreatedResourceArn,
      statusMessage: view.StatusMessage,
      completionDate: told(view.CompletionDate),
    },
  };
}

/** The rule is `backupPlanRuleId` here. Jobs on demand have no creator at all. */
export function creator(by: RecoveryPointCreator | undefined): Readonly<Record<string, unknown>> | undefined {
  if (by?.BackupPlanId === undefined) return undefined;
  return {
    backupPlanId: by.BackupPlanId,
    backupPlanArn: by.BackupPlanArn,
    backupPlanVersion: by.BackupPlanVersion,
    backupPlanRuleId: by.BackupRuleId,
  };
}

/** `Jul 15, 2020 9:39:07 PM`, in UTC. */
function clockTime(at: Date | undefined): string | undefined {
  if (at === undefined) return undefined;
  const [day, time] = [
    at.toLocaleDateString("en-US", { dateStyle: "medium", timeZone: "UTC" }),
    at.toLocaleTimeString("en-US", { timeStyle: "medium", timeZone: "UTC" }),
  ];
  return `${day} ${time.replace(/\s/u, " ")}`;
}
