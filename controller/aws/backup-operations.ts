import {
  CreateBackupPlanCommand,
  CreateBackupSelectionCommand,
  CreateBackupVaultCommand,
  CreateRestoreTestingPlanCommand,
  CreateRestoreTestingSelectionCommand,
  DeleteBackupPlanCommand,
  DeleteBackupSelectionCommand,
  DeleteBackupVaultAccessPolicyCommand,
  DeleteBackupVaultCommand,
  DeleteBackupVaultLockConfigurationCommand,
  DeleteBackupVaultNotificationsCommand,
  DeleteRecoveryPointCommand,
  DeleteRestoreTestingPlanCommand,
  DeleteRestoreTestingSelectionCommand,
  DescribeBackupVaultCommand,
  DescribeGlobalSettingsCommand,
  DescribeRecoveryPointCommand,
  DescribeRegionSettingsCommand,
  GetBackupPlanCommand,
  GetBackupSelectionCommand,
  GetBackupVaultAccessPolicyCommand,
  GetBackupVaultNotificationsCommand,
  GetRestoreTestingPlanCommand,
  GetRestoreTestingSelectionCommand,
  ListBackupJobsCommand,
  ListBackupPlansCommand,
  ListBackupSelectionsCommand,
  ListBackupVaultsCommand,
  ListCopyJobsCommand,
  ListLegalHoldsCommand,
  ListProtectedResourcesCommand,
  ListRecoveryPointsByBackupVaultCommand,
  ListRecoveryPointsByLegalHoldCommand,
  ListRestoreJobsCommand,
  ListRestoreTestingPlansCommand,
  ListRestoreTestingSelectionsCommand,
  ListTagsCommand,
  PutBackupVaultAccessPolicyCommand,
  PutBackupVaultLockConfigurationCommand,
  PutBackupVaultNotificationsCommand,
  PutRestoreValidationResultCommand,
  StartBackupJobCommand,
  StartCopyJobCommand,
  TagResourceCommand,
  UpdateBackupPlanCommand,
  UpdateRecoveryPointLifecycleCommand,
  UpdateRegionSettingsCommand,
  UpdateRestoreTestingPlanCommand,
  UpdateRestoreTestingSelectionCommand,
} from "@aws-sdk/client-backup";
import { DescribeKeyCommand } from "@aws-sdk/client-kms";
import { reads, writes } from "./operation.ts";

/** AWS Backup's operations, each declared once for all kinds. The rate classes are those of AWS's general reference. */

export const listTags = reads("backup:ListTags", ListTagsCommand, { pace: "list", rows: "Tags" });
export const tagResource = writes("backup:TagResource", TagResourceCommand, { pace: "slow" });

export const listBackupVaults = reads("backup:ListBackupVaults", ListBackupVaultsCommand, {
  pace: "list",
  rows: "BackupVaultList",
});
export const describeBackupVault = reads("backup:DescribeBackupVault", DescribeBackupVaultCommand, { pace: "slow" });
/** The further actions are what AWS asks of the caller when the vault has a customer managed key (semantics §1.1). */
export const createBackupVault = writes("backup:CreateBackupVault", CreateBackupVaultCommand, {
  pace: "slow",
  also: [
    "backup:TagResource",
    "backup-storage:MountCapsule",
    "kms:CreateGrant",
    "kms:DescribeKey",
    "kms:RetireGrant",
    "kms:Decrypt",
    "kms:GenerateDataKey",
  ],
});
export const deleteBackupVault = writes("backup:DeleteBackupVault", DeleteBackupVaultCommand, { pace: "slow" });

export const putVaultLock = writes("backup:PutBackupVaultLockConfiguration", PutBackupVaultLockConfigurationCommand, {
  pace: "slow",
});
export const deleteVaultLock = writes(
  "backup:DeleteBackupVaultLockConfiguration",
  DeleteBackupVaultLockConfigurationCommand,
  { pace: "slow" },
);

export const getVaultPolicy = reads("backup:GetBackupVaultAccessPolicy", GetBackupVaultAccessPolicyCommand, {
  pace: "get",
});
export const putVaultPolicy = writes("backup:PutBackupVaultAccessPolicy", PutBackupVaultAccessPolicyCommand, {
  pace: "slow",
});
export const deleteVaultPolicy = writes("backup:DeleteBackupVaultAccessPolicy", DeleteBackupVaultAccessPolicyCommand, {
  pace: "slow",
});

export const getVaultNotifications = reads("backup:GetBackupVaultNotifications", GetBackupVaultNotificationsCommand, {
  pace: "get",
});
export const putVaultNotifications = writes("backup:PutBackupVaultNotifications", PutBackupVaultNotificationsCommand, {
  pace: "slow",
});
export const deleteVaultNotifications = writes(
  "backup:DeleteBackupVaultNotifications",
  DeleteBackupVaultNotificationsCommand,
  { pace: "slow" },
);

/** Turns a key's alias into its ARN: AWS Backup takes no alias for a vault's key (rule 15). */
export const describeKey = reads("kms:DescribeKey", DescribeKeyCommand, { pace: "other" });

export const listBackupPlans = reads("backup:ListBackupPlans", ListBackupPlansCommand, {
  pace: "list",
  rows: "BackupPlansList",
});
export const getBackupPlan = reads("backup:GetBackupPlan", GetBackupPlanCommand, { pace: "get" });
/** Tags in the call need TagResource; a scanner role in the document is passed (semantics §2.1). */
export const createBackupPlan = writes("backup:CreateBackupPlan", CreateBackupPlanCommand, {
  pace: "slow",
  also: ["backup:TagResource", "iam:PassRole"],
});
/** Has no token, and the last write wins (rule 17). */
export const updateBackupPlan = writes("backup:UpdateBackupPlan", UpdateBackupPlanCommand, {
  pace: "slow",
  also: ["iam:PassRole"],
});
export const deleteBackupPlan = writes("backup:DeleteBackupPlan", DeleteBackupPlanCommand, { pace: "slow" });

export const listBackupSelections = reads("backup:ListBackupSelections", ListBackupSelectionsCommand, {
  pace: "list",
  rows: "BackupSelectionsList",
});
export const getBackupSelection = reads("backup:GetBackupSelection", GetBackupSelectionCommand, { pace: "get" });
/** The role that AWS Backup assumes is passed (semantics §3.6). */
export const createBackupSelection = writes("backup:CreateBackupSelection", CreateBackupSelectionCommand, {
  pace: "slow",
  also: ["iam:PassRole"],
});
export const deleteBackupSelection = writes("backup:DeleteBackupSelection", DeleteBackupSelectionCommand, {
  pace: "slow",
});

export const listRecoveryPoints = reads(
  "backup:ListRecoveryPointsByBackupVault",
  ListRecoveryPointsByBackupVaultCommand,
  { pace: "list", rows: "RecoveryPoints" },
);
export const describeRecoveryPoint = reads("backup:DescribeRecoveryPoint", DescribeRecoveryPointCommand, {
  pace: "slow",
});
export const updateRecoveryPointLifecycle = writes(
  "backup:UpdateRecoveryPointLifecycle",
  UpdateRecoveryPointLifecycleCommand,
  { pace: "slow" },
);
/** Answers before anything is deleted, and may turn a healthy point EXPIRED instead (rule 9). */
export const deleteRecoveryPoint = writes("backup:DeleteRecoveryPoint", DeleteRecoveryPointCommand, {
  pace: "delete-point",
});

export const listLegalHolds = reads("backup:ListLegalHolds", ListLegalHoldsCommand, {
  pace: "list",
  rows: "LegalHolds",
});
export const listRecoveryPointsByLegalHold = reads(
  "backup:ListRecoveryPointsByLegalHold",
  ListRecoveryPointsByLegalHoldCommand,
  { pace: "list", rows: "RecoveryPoints" },
);

/** Everything that was ever backed up, not what a plan selects (semantics §6.9). */
export const listProtectedResources = reads("backup:ListProtectedResources", ListProtectedResourcesCommand, {
  pace: "list",
  rows: "Results",
});

export const listBackupJobs = reads("backup:ListBackupJobs", ListBackupJobsCommand, {
  pace: "list",
  rows: "BackupJobs",
});
/** The role that AWS Backup backs up with is passed. */
export const startBackupJob = writes("backup:StartBackupJob", StartBackupJobCommand, {
  pace: "slow",
  also: ["iam:PassRole"],
});
export const listRestoreJobs = reads("backup:ListRestoreJobs", ListRestoreJobsCommand, {
  pace: "list",
  rows: "RestoreJobs",
});
export const listCopyJobs = reads("backup:ListCopyJobs", ListCopyJobsCommand, { pace: "list", rows: "CopyJobs" });
/** The role that AWS Backup copies with is passed. */
export const startCopyJob = writes("backup:StartCopyJob", StartCopyJobCommand, {
  pace: "slow",
  also: ["iam:PassRole"],
});

/** Which types of resource the Region backs up where a selection does not name them (semantics §3.4). */
export const describeRegionSettings = reads("backup:DescribeRegionSettings", DescribeRegionSettingsCommand, {
  pace: "slow",
});
export const updateRegionSettings = writes("backup:UpdateRegionSettings", UpdateRegionSettingsCommand, {
  pace: "slow",
});
/** The organization's switches, as any member sees them (semantics §6.6). */
export const describeGlobalSettings = reads("backup:DescribeGlobalSettings", DescribeGlobalSettingsCommand, {
  pace: "slow",
});

export const listRestoreTestingPlans = reads("backup:ListRestoreTestingPlans", ListRestoreTestingPlansCommand, {
  pace: "list",
  rows: "RestoreTestingPlans",
});
export const getRestoreTestingPlan = reads("backup:GetRestoreTestingPlan", GetRestoreTestingPlanCommand, {
  pace: "slow",
});
export const createRestoreTestingPlan = writes("backup:CreateRestoreTestingPlan", CreateRestoreTestingPlanCommand, {
  pace: "slow",
  also: ["backup:TagResource"],
});
export const updateRestoreTestingPlan = writes("backup:UpdateRestoreTestingPlan", UpdateRestoreTestingPlanCommand, {
  pace: "slow",
});
export const deleteRestoreTestingPlan = writes("backup:DeleteRestoreTestingPlan", DeleteRestoreTestingPlanCommand, {
  pace: "slow",
});

export const listRestoreTestingSelections = reads(
  "backup:ListRestoreTestingSelections",
  ListRestoreTestingSelectionsCommand,
  { pace: "list", rows: "RestoreTestingSelections" },
);
export const getRestoreTestingSelection = reads(
  "backup:GetRestoreTestingSelection",
  GetRestoreTestingSelectionCommand,
  { pace: "slow" },
);
/** The role that AWS Backup restores with is passed (semantics §8.3). */
export const createRestoreTestingSelection = writes(
  "backup:CreateRestoreTestingSelection",
  CreateRestoreTestingSelectionCommand,
  { pace: "slow", also: ["iam:PassRole"] },
);
export const updateRestoreTestingSelection = writes(
  "backup:UpdateRestoreTestingSelection",
  UpdateRestoreTestingSelectionCommand,
  { pace: "slow", also: ["iam:PassRole"] },
);
export const deleteRestoreTestingSelection = writes(
  "backup:DeleteRestoreTestingSelection",
  DeleteRestoreTestingSelectionCommand,
  { pace: "slow" },
);

/** Taken of completed restore tests while their window is open, and final (semantics §6.1). */
export const putRestoreValidationResult = writes(
  "backup:PutRestoreValidationResult",
  PutRestoreValidationResultCommand,
  { pace: "slow" },
);
