import type { RecoveryPointByBackupVault } from "@aws-sdk/client-backup";
import * as z from "zod";
import { isContinuous } from "./continuous.ts";

/** As much of a recovery point as it is judged by. Times are epoch milliseconds. A million of these may stream by. */
export const RecoveryPointRow = z.strictObject({
  arn: z.string(),
  resourceArn: z.string(),
  resourceType: z.string(),
  status: z.string(),
  createdOn: z.int(),
  /** Absent: for ever. */
  deleteAfterDays: z.number().optional(),
  moveToColdStorageAfterDays: z.number().optional(),
  optInToArchive: z.boolean().optional(),
  /** Bound to an event besides its days: AWS Backup's own, while it copies (semantics §2.3). */
  deleteAfterEvent: z.boolean(),
  deleteOn: z.int().optional(),
  completedOn: z.int().optional(),
  coldOn: z.int().optional(),
  /** Absent and 0 both occur on good backups (semantics §10.6). */
  bytes: z.number(),
  form: z.enum(["snapshot", "continuous", "parent", "child"]),
  /** A malware scan found something, or failed: it does not count as a survivor (rule 1). */
  flagged: z.boolean(),
  /** Of copies only. */
  sourceVaultArn: z.string().optional(),
  /** Absent: made by hand. */
  planArn: z.string().optional(),
  planVersion: z.string().optional(),
  ruleName: z.string().optional(),
  /** The role of the job that made it. */
  roleArn: z.string().optional(),
  encrypted: z.boolean().optional(),
  keyArn: z.string().optional(),
  /** Which part of a composite resource it is of. */
  member: z.string().optional(),
  statusMessage: z.string().optional(),
});
export type RecoveryPointRow = z.infer<typeof RecoveryPointRow>;

/**
 * A row from what AWS lists, or undefined where it has no ARN or no time, so that nothing can be said of it. Structs may be there
 * and empty, numbers absent (semantics §10): members decide, never the presence of a struct.
 */
export function toRow(point: RecoveryPointByBackupVault): RecoveryPointRow | undefined {
  const { RecoveryPointArn: arn, CreationDate, Lifecycle, CalculatedLifecycle, CreatedBy } = point;
  if (arn === undefined || CreationDate === undefined) return undefined;
  const deleteOn = CalculatedLifecycle?.DeleteAt?.getTime();
  return {
    arn,
    // A point that does not say what it is of has no newer sibling that could stand in for it.
    resourceArn: point.ResourceArn ?? arn,
    resourceType: point.ResourceType ?? "",
    status: point.Status ?? "",
    createdOn: CreationDate.getTime(),
    deleteAfterDays: days(Lifecycle?.DeleteAfterDays) ?? daysBetween(CreationDate.getTime(), deleteOn),
    moveToColdStorageAfterDays: days(Lifecycle?.MoveToColdStorageAfterDays),
    optInToArchive: Lifecycle?.OptInToArchiveForSupportedResources === true ? true : undefined,
    deleteAfterEvent: Lifecycle?.DeleteAfterEvent !== undefined,
    deleteOn,
    completedOn: point.CompletionDate?.getTime(),
    coldOn: CalculatedLifecycle?.MoveToColdStorageAt?.getTime(),
    bytes: point.BackupSizeInBytes ?? 0,
    form: formOf(point, arn),
    flagged: (point.AggregatedScanResult?.Findings ?? []).length > 0 || point.AggregatedScanResult?.FailedScan === true,
    sourceVaultArn: point.SourceBackupVaultArn,
    planArn: CreatedBy?.BackupPlanArn,
    planVersion: CreatedBy?.BackupPlanVersion,
    ruleName: CreatedBy?.BackupRuleName,
    roleArn: point.IamRoleArn,
    encrypted: point.IsEncrypted,
    keyArn: point.EncryptionKeyArn,
    member: point.CompositeMemberIdentifier,
    statusMessage: point.StatusMessage,
  };
}

/** -1 says "for ever", as leaving the number out does (semantics §2.2). */
const days = (value: number | undefined): number | undefined => (value !== undefined && value > 0 ? value : undefined);

const DAY = 86_400_000;
const daysBetween = (from: number, to: number | undefined): number | undefined =>
  to === undefined ? undefined : Math.ceil((to - from) / DAY);

function formOf(point: RecoveryPointByBackupVault, arn: string): RecoveryPointRow["form"] {
  if (point.IsParent === true) return "parent";
  if (point.ParentRecoveryPointArn !== undefined) return "child";
  return isContinuous(point, arn) ? "continuous" : "snapshot";
}
