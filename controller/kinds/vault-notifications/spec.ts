import * as z from "zod";

/** Events AWS documents as delivered (semantics §1.5). */
export const DELIVERED_EVENTS = [
  "BACKUP_JOB_STARTED",
  "BACKUP_JOB_COMPLETED",
  "COPY_JOB_STARTED",
  "COPY_JOB_SUCCESSFUL",
  "COPY_JOB_FAILED",
  "RESTORE_JOB_STARTED",
  "RESTORE_JOB_COMPLETED",
  "RECOVERY_POINT_MODIFIED",
  "CONTINUOUS_BACKUP_INTERRUPTED",
  "RECOVERY_POINT_INDEX_COMPLETED",
  "RECOVERY_POINT_INDEX_DELETED",
  "RECOVERY_POINT_INDEXING_FAILED",
  "S3_BACKUP_OBJECT_FAILED",
  "S3_RESTORE_OBJECT_FAILED",
  "EKS_BACKUP_OBJECT_FAILED",
  "EKS_RESTORE_OBJECT_FAILED",
  "EKS_RESTORE_OBJECT_SKIPPED",
] as const;

/** Accepted by AWS and never delivered: worth a warning. */
export const UNDELIVERED_EVENTS = [
  "BACKUP_JOB_SUCCESSFUL",
  "BACKUP_JOB_FAILED",
  "BACKUP_JOB_EXPIRED",
  "RESTORE_JOB_SUCCESSFUL",
  "RESTORE_JOB_FAILED",
  "BACKUP_PLAN_CREATED",
  "BACKUP_PLAN_MODIFIED",
] as const;

/** Where a vault announces its jobs. A set: AWS keeps no order. */
export const VaultNotificationsSpec = z.strictObject({
  snsTopicArn: z
    .string()
    .regex(/^arn:[^:]+:sns:[^:]+:\d{12}:(?!.*\.fifo$).+$/, "the ARN of a standard SNS topic in the vault's Region")
    .describe("A standard topic in the vault's own Region whose policy lets backup.amazonaws.com publish."),
  events: z
    .array(z.enum([...DELIVERED_EVENTS, ...UNDELIVERED_EVENTS]))
    .min(1)
    .describe("Events to announce."),
});
export type VaultNotificationsSpec = z.infer<typeof VaultNotificationsSpec>;
