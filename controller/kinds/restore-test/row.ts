import type { RestoreJobsListMember } from "@aws-sdk/client-backup";
import { type RestoreTestRow, testingPlanName } from "../../domain/tested.ts";

/** A row of a restore test; undefined: somebody's own restore, or nothing can be said of it. Absent members decide nothing (semantics §10). */
export function toRow(job: RestoreJobsListMember): RestoreTestRow | undefined {
  const { RestoreJobId: jobId, CreationDate, CreatedBy } = job;
  const plan = testingPlanName(CreatedBy?.RestoreTestingPlanArn ?? "");
  if (jobId === undefined || CreationDate === undefined || plan === "") return undefined;
  return {
    jobId,
    plan,
    type: job.ResourceType ?? "",
    resource: job.SourceResourceArn ?? "",
    point: job.RecoveryPointArn ?? "",
    status: job.Status ?? "",
    createdOn: CreationDate.getTime(),
    endedOn: job.CompletionDate?.getTime(),
    created: job.CreatedResourceArn,
    validation: job.ValidationStatus,
    message: job.ValidationStatusMessage || job.StatusMessage || undefined,
    deletion: job.DeletionStatus,
    bytes: job.BackupSizeInBytes ?? 0,
  };
}

/** How long the restore took, where it is done. Seconds. */
export const secondsOf = ({ status, createdOn, endedOn }: RestoreTestRow): number | undefined =>
  status === "COMPLETED" && endedOn !== undefined ? Math.round((endedOn - createdOn) / 1000) : undefined;

export const isEnded = ({ status }: Pick<RestoreTestRow, "status">): boolean =>
  status !== "" && status !== "PENDING" && status !== "RUNNING" && status !== "CREATED";
