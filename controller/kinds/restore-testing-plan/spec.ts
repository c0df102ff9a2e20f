import * as z from "zod";
import { Tags } from "../tags.ts";

const VaultPattern = z
  .string()
  .regex(/^(\*|arn:[^:]+:backup:[^:]+:[^:]+:backup-vault:.+)$/, "a backup vault's ARN, which may have a *, or * alone");

const RecoveryPointSelection = z.strictObject({
  algorithm: z
    .enum(["LATEST_WITHIN_WINDOW", "RANDOM_WITHIN_WINDOW"])
    .describe("Which point of each resource is restored: the latest, or any."),
  recoveryPointTypes: z
    .array(z.enum(["SNAPSHOT", "CONTINUOUS"]))
    .min(1)
    .describe("Which kinds of points are tested."),
  includeVaults: z.array(VaultPattern).min(1).max(30).describe("Vaults that points are taken from; * is every vault."),
  excludeVaults: z.array(VaultPattern).max(30).optional().describe("Vaults that none is taken from."),
  selectionWindowDays: z.int().min(1).max(365).optional().describe("How old a point may be, in days. Absent: 30."),
});
export type RecoveryPointSelection = z.infer<typeof RecoveryPointSelection>;

/** When restores are tested, and of which points. What of, its selections say. */
export const RestoreTestingPlanSpec = z.strictObject({
  scheduleExpression: z.string().describe("AWS cron: when tests start."),
  scheduleExpressionTimezone: z.string().optional().describe("IANA time zone; absent: Etc/UTC."),
  startWindowHours: z.int().min(1).max(168).optional().describe("Hours in which the tests of a run begin. Absent: 24."),
  recoveryPointSelection: RecoveryPointSelection.describe("Which recovery points are tested."),
  tags: Tags.optional().describe("Tags to keep on the plan. Tags that are not named here are left alone."),
});
export type RestoreTestingPlanSpec = z.infer<typeof RestoreTestingPlanSpec>;

/** The same as AWS reports it, whatever it holds, with what tells one writing from the next. */
export const RestoreTestingPlanState = z.strictObject({
  scheduleExpression: z.string(),
  scheduleExpressionTimezone: z.string().optional(),
  startWindowHours: z.number().optional(),
  recoveryPointSelection: z.strictObject({
    algorithm: z.string(),
    recoveryPointTypes: z.array(z.string()),
    includeVaults: z.array(z.string()),
    excludeVaults: z.array(z.string()).optional(),
    selectionWindowDays: z.number().optional(),
  }),
  tags: z.record(z.string(), z.string()),
  /** Absent: never since it was made. */
  updatedOn: z.iso.datetime().optional(),
});
export type RestoreTestingPlanState = z.infer<typeof RestoreTestingPlanState>;
