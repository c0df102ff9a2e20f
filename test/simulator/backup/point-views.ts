/** Recovery points as the four reads tell them (semantics §4.2). Structures are there even when they hold nothing (§10.1). */
import type {
  DescribeRecoveryPointOutput,
  RecoveryPointByBackupVault,
  RecoveryPointByResource,
} from "@aws-sdk/client-backup";
import { calculated } from "./lifecycle.ts";
import type { NativeBackup, RecoveryPoint } from "./state.ts";
import { encryptionKeyType } from "./vaults.ts";

/** No StorageClass: only Describe has it. */
export function asListed(point: RecoveryPoint): RecoveryPointByBackupVault {
  const { vault } = point;
  return {
    RecoveryPointArn: point.arn,
    BackupVaultName: vault.name,
    BackupVaultArn: vault.arn,
    SourceBackupVaultArn: point.sourceBackupVaultArn,
    ResourceArn: point.resourceArn,
    ResourceType: point.resourceType,
    ResourceName: point.resourceName,
    CreatedBy: { ...point.createdBy },
    IamRoleArn: point.iamRoleArn,
    Status: point.status,
    StatusMessage: point.statusMessage,
    CreationDate: point.creationDate,
    InitiationDate: point.initiationDate,
    CompletionDate: point.completionDate,
    BackupSizeInBytes: point.sizeBytes,
    CalculatedLifecycle: calculated(point),
    Lifecycle: { ...point.lifecycle },
    EncryptionKeyArn: point.encryptionKeyArn,
    IsEncrypted: isEncrypted(point),
    ParentRecoveryPointArn: point.parentArn,
    CompositeMemberIdentifier: point.compositeMember,
    IsParent: point.isParent,
    VaultType: vault.type,
    EncryptionKeyType: encryptionKeyType(vault),
    ...(point.flagged && { AggregatedScanResult: { FailedScan: false, Findings: ["MALWARE"] } }),
  };
}

export function asDescribed(point: RecoveryPoint): DescribeRecoveryPointOutput {
  return { ...asListed(point), StorageClass: point.storageClass };
}

/** The size has another name here. */
export function asListedByResource(point: RecoveryPoint): RecoveryPointByResource {
  const { vault } = point;
  return {
    RecoveryPointArn: point.arn,
    CreationDate: point.creationDate,
    Status: point.status,
    StatusMessage: point.statusMessage,
    EncryptionKeyArn: point.encryptionKeyArn,
    BackupSizeBytes: point.sizeBytes,
    BackupVaultName: vault.name,
    IsParent: point.isParent,
    ParentRecoveryPointArn: point.parentArn,
    ResourceName: point.resourceName,
    VaultType: vault.type,
    EncryptionKeyType: encryptionKeyType(vault),
  };
}

/** A backup made without AWS Backup is in no vault. */
export function nativeAsListed(backup: NativeBackup): RecoveryPointByResource {
  return {
    RecoveryPointArn: backup.arn,
    CreationDate: backup.creationDate,
    Status: "COMPLETED",
    BackupSizeBytes: backup.sizeBytes,
    BackupVaultName: "",
    IsParent: false,
  };
}

/** Everything in an air-gapped vault is, under the key that AWS owns if no other. */
function isEncrypted(point: RecoveryPoint): boolean {
  return point.encryptionKeyArn !== undefined || point.vault.type === "LOGICALLY_AIR_GAPPED_BACKUP_VAULT";
}
