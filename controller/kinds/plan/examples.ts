import type { PlanSpec } from "./spec.ts";

export const smallest: PlanSpec = {
  rules: [{ ruleName: "daily", targetBackupVaultName: "nightly", lifecycle: { deleteAfterDays: 35 } }],
};

export const fullest: PlanSpec = {
  rules: [
    {
      ruleName: "daily",
      targetBackupVaultName: "nightly",
      scheduleExpression: "cron(0 1 ? * * *)",
      scheduleExpressionTimezone: "Europe/Berlin",
      startWindowMinutes: 60,
      completionWindowMinutes: 360,
      lifecycle: { deleteAfterDays: 35 },
      recoveryPointTags: { tier: "gold" },
      copyActions: [
        {
          destinationBackupVaultArn: "arn:aws:backup:eu-central-1:777788889999:backup-vault:central",
          lifecycle: { deleteAfterDays: 365 },
        },
      ],
      indexActions: [{ resourceTypes: ["EBS"] }],
      scanActions: [{ malwareScanner: "GUARDDUTY", scanMode: "INCREMENTAL_SCAN" }],
    },
    {
      ruleName: "monthly",
      targetBackupVaultName: "archive",
      scheduleExpression: "cron(0 3 1 * ? *)",
      lifecycle: {
        moveToColdStorageAfterDays: 30,
        deleteAfterDays: 730,
        optInToArchiveForSupportedResources: true,
      },
    },
    {
      ruleName: "continuous",
      targetBackupVaultName: "nightly",
      scheduleExpression: "cron(0 * ? * * *)",
      enableContinuousBackup: true,
      lifecycle: { deleteAfterDays: 14 },
    },
  ],
  advancedBackupSettings: [
    { resourceType: "EC2", backupOptions: { WindowsVSS: "enabled" } },
    { resourceType: "S3", backupOptions: { BackupACLs: "disabled" } },
  ],
  scanSettings: [
    {
      malwareScanner: "GUARDDUTY",
      resourceTypes: ["EBS", "S3"],
      scannerRoleArn: "arn:aws:iam::444455556666:role/backup-scanner",
    },
  ],
  tags: { owner: "platform" },
};
