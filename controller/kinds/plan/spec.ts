import * as z from "zod";
import { Tags } from "../tags.ts";

/** AWS's alphabet for rule names and option keys (semantics §2). */
export const Name50 = z.string().regex(/^[a-zA-Z0-9\-_.]{1,50}$/, "1 to 50 letters, digits, - _ .");
export const VaultName = z.string().regex(/^[a-zA-Z0-9\-_]{2,50}$/, "2 to 50 letters, digits, - and _");
export const VaultArn = z
  .string()
  .regex(/^arn:[^:]+:backup:[^:]+:\d{12}:backup-vault:[a-zA-Z0-9\-_]{2,50}$/, "a backup vault's ARN");
const Minutes = z.int().max(52_560_000);

/** Retention, in days from the start of the backup job. Absent deleteAfterDays keeps for ever. */
export const Lifecycle = z.strictObject({
  moveToColdStorageAfterDays: z.int().min(1).optional().describe("Days until cold storage, for types that have it."),
  deleteAfterDays: z
    .int()
    .min(1)
    .max(36_500)
    .optional()
    .describe("Days until deletion; absent: never. At least 90 after cold."),
  optInToArchiveForSupportedResources: z.boolean().optional().describe("Needed to archive EBS snapshots."),
});
export type Lifecycle = z.infer<typeof Lifecycle>;

export const CopyAction = z.strictObject({
  destinationBackupVaultArn: VaultArn.describe("The vault to copy into; another account or Region is allowed."),
  lifecycle: Lifecycle.optional().describe("The copy's own retention; absent: the source's."),
});
export type CopyAction = z.infer<typeof CopyAction>;

export const PlanRule = z.strictObject({
  ruleName: Name50,
  targetBackupVaultName: VaultName.describe("A vault of the same account and Region."),
  targetLogicallyAirGappedBackupVaultArn: VaultArn.optional(),
  scheduleExpression: z.string().optional().describe("AWS cron; absent: cron(0 5 ? * * *)."),
  scheduleExpressionTimezone: z.string().optional().describe("IANA time zone; absent: Etc/UTC."),
  startWindowMinutes: Minutes.min(60).optional().describe("Absent: 480."),
  completionWindowMinutes: Minutes.min(60).optional().describe("Absent: 10080."),
  lifecycle: Lifecycle.optional(),
  recoveryPointTags: Tags.optional().describe("At most 10, put on every recovery point this rule makes."),
  copyActions: z.array(CopyAction).max(5).optional(),
  enableContinuousBackup: z.boolean().optional().describe("Point-in-time restore; retention then is 1 to 35 days."),
  indexActions: z
    .array(z.strictObject({ resourceTypes: z.array(z.enum(["EBS", "S3"])).length(1) }))
    .max(1)
    .optional(),
  scanActions: z
    .array(
      z.strictObject({ malwareScanner: z.literal("GUARDDUTY"), scanMode: z.enum(["FULL_SCAN", "INCREMENTAL_SCAN"]) }),
    )
    .optional(),
});
export type PlanRule = z.infer<typeof PlanRule>;

export const AdvancedSetting = z.strictObject({
  resourceType: z.enum(["EC2", "S3"]),
  backupOptions: z.record(Name50, Name50).describe("EC2: WindowsVSS. S3: BackupACLs, BackupObjectTags."),
});
export type AdvancedSetting = z.infer<typeof AdvancedSetting>;

export const ScanSetting = z.strictObject({
  malwareScanner: z.literal("GUARDDUTY"),
  resourceTypes: z.array(z.enum(["EBS", "EC2", "S3", "ALL"])).min(1),
  scannerRoleArn: z.string(),
});
export type ScanSetting = z.infer<typeof ScanSetting>;

/** A backup plan's document. An update replaces the whole of it (semantics §2.1). */
export const PlanSpec = z.strictObject({
  rules: z.array(PlanRule).min(1).max(10),
  advancedBackupSettings: z.array(AdvancedSetting).optional(),
  scanSettings: z.array(ScanSetting).optional(),
  tags: Tags.optional().describe("Tags to keep on the plan. Tags that are not named here are left alone."),
});
export type PlanSpec = z.infer<typeof PlanSpec>;
