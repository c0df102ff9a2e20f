import {
  CreateBackupVaultCommand,
  DeleteBackupVaultAccessPolicyCommand,
  DeleteBackupVaultCommand,
  DeleteBackupVaultLockConfigurationCommand,
  DeleteBackupVaultNotificationsCommand,
  GetBackupVaultAccessPolicyCommand,
  GetBackupVaultNotificationsCommand,
  ListBackupVaultsCommand,
  ListTagsCommand,
  PutBackupVaultAccessPolicyCommand,
  PutBackupVaultLockConfigurationCommand,
  PutBackupVaultNotificationsCommand,
  TagResourceCommand,
} from "@aws-sdk/client-backup";
import { DescribeKeyCommand } from "@aws-sdk/client-kms";
import { reads, writes } from "./operation.ts";

/** AWS Backup's operations, each declared once for all kinds. The rate classes are those of AWS's general reference. */

export const listTags = reads("backup:ListTags", ListTagsCommand, { pace: "list" });
export const tagResource = writes("backup:TagResource", TagResourceCommand, { pace: "slow" });

export const listBackupVaults = reads("backup:ListBackupVaults", ListBackupVaultsCommand, { pace: "list" });
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

export const getVaultPolicy = reads("backup:GetBackupVaultAccessPolicy", GetBackupVaultAccessPolicyCommand, { pace: "get" });
export const putVaultPolicy = writes("backup:PutBackupVaultAccessPolicy", PutBackupVaultAccessPolicyCommand, {
  pace: "slow",
});
export const deleteVaultPolicy = writes("backup:DeleteBackupVaultAccessPolicy", DeleteBackupVaultAccessPolicyCommand, {
  pace: "slow",
});

export const getVaultNotifications = reads(
  "backup:GetBackupVaultNotifications",
  GetBackupVaultNotificationsCommand,
  { pace: "get" },
);
export const putVaultNotifications = writes(
  "backup:PutBackupVaultNotifications",
  PutBackupVaultNotificationsCommand,
  { pace: "slow" },
);
export const deleteVaultNotifications = writes(
  "backup:DeleteBackupVaultNotifications",
  DeleteBackupVaultNotificationsCommand,
  { pace: "slow" },
);

/** Turns a key's alias into its ARN: AWS Backup takes no alias for a vault's key (rule 15). */
export const describeKey = reads("kms:DescribeKey", DescribeKeyCommand, { pace: "other" });
