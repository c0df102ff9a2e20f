import * as z from "zod";
import { Lifecycle } from "./lifecycle.ts";

/** A rule as AWS reports it. Wider than a manifest's: a live plan may hold what a manifest may not say. */
const LiveRule = z.strictObject({
  ruleName: z.string(),
  targetBackupVaultName: z.string(),
  targetLogicallyAirGappedBackupVaultArn: z.string().optional(),
  scheduleExpression: z.string().optional(),
  scheduleExpressionTimezone: z.string().optional(),
  startWindowMinutes: z.number().optional(),
  completionWindowMinutes: z.number().optional(),
  lifecycle: Lifecycle.optional(),
  recoveryPointTags: z.record(z.string(), z.string()).optional(),
  copyActions: z
    .array(z.strictObject({ destinationBackupVaultArn: z.string(), lifecycle: Lifecycle.optional() }))
    .optional(),
  enableContinuousBackup: z.boolean().optional(),
  indexActions: z.array(z.strictObject({ resourceTypes: z.array(z.string()) })).optional(),
  scanActions: z
    .array(z.strictObject({ malwareScanner: z.string().optional(), scanMode: z.string().optional() }))
    .optional(),
});
export type LiveRule = z.infer<typeof LiveRule>;

/** A plan's document, with the facts beside it that its steps need. Kinds that judge by plans read them by this as well. */
export const PlanState = z.strictObject({
  planId: z.string(),
  /** BackupPlanName. The plan's own name is that of its ownership mark, where it has one: AWS's cannot be edited. */
  name: z.string(),
  /** Changes with every update: what was planned against is recognised by it (rule 17). */
  versionId: z.string(),
  creatorRequestId: z.string().optional(),
  rules: z.array(LiveRule),
  advancedBackupSettings: z.array(
    z.strictObject({ resourceType: z.string(), backupOptions: z.record(z.string(), z.string()) }),
  ),
  scanSettings: z.array(
    z.strictObject({
      malwareScanner: z.string().optional(),
      resourceTypes: z.array(z.string()),
      scannerRoleArn: z.string().optional(),
    }),
  ),
  tags: z.record(z.string(), z.string()),
});
export type PlanState = z.infer<typeof PlanState>;
