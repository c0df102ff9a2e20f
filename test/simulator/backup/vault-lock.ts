/** Vault Lock (semantics §1.6). ChangeableForDays is write-only: it makes the lock irreversible and is never told again. */
import type {
  DeleteBackupVaultLockConfigurationInput,
  PutBackupVaultLockConfigurationInput,
} from "@aws-sdk/client-backup";
import { announce } from "./announcements.ts";
import type { BackupContext, Checked } from "./contract.ts";
import { invalidParameter, invalidRequest, notFound } from "./errors.ts";
import { vaultAnnouncement } from "./other-announcements.ts";
import type { Vault } from "./state.ts";
import { addDays } from "./time.ts";
import { reachVault } from "./vault-permission.ts";

export function putBackupVaultLockConfiguration(
  input: Checked<PutBackupVaultLockConfigurationInput>,
  context: BackupContext,
): void {
  const vault = reachVault(context, input.BackupVaultName, "PutBackupVaultLockConfiguration");
  refuseImmutable(vault, context.now);
  checkBounds(input);
  vault.lock = {
    minRetentionDays: input.MinRetentionDays,
    maxRetentionDays: input.MaxRetentionDays,
    lockDate: lockDate(vault, input.ChangeableForDays, context),
  };
  announce(context.state, context.now, () => vaultAnnouncement(vault, "MODIFIED"));
}

export function deleteBackupVaultLockConfiguration(
  input: Checked<DeleteBackupVaultLockConfigurationInput>,
  context: BackupContext,
): void {
  const vault = reachVault(context, input.BackupVaultName, "DeleteBackupVaultLockConfiguration");
  refuseImmutable(vault, context.now);
  if (vault.lock === undefined && context.state.world.options.deleteAbsent === "not-found") {
    throw notFound(`Backup vault ${vault.name} has no lock configuration`);
  }
  if (vault.lock === undefined) return;
  vault.lock = undefined;
  announce(context.state, context.now, () => vaultAnnouncement(vault, "MODIFIED"));
}

/** Locked vaults refuse deletes, disassociation and lifecycle edits, in both modes and in grace time too. */
export function refuseLocked(vault: Vault, act: string): void {
  if (vault.lock !== undefined) throw invalidRequest(`${act} is not allowed: backup vault ${vault.name} is locked.`);
}

/** Checked when a job runs into the vault. "For ever" violates any maximum and satisfies any minimum. */
export function retentionFits(vault: Vault, deleteAfterDays: number | undefined): boolean {
  if (vault.lock === undefined) return true;
  const days = deleteAfterDays === undefined || deleteAfterDays === -1 ? Number.POSITIVE_INFINITY : deleteAfterDays;
  return (
    days >= (vault.lock.minRetentionDays ?? 0) && days <= (vault.lock.maxRetentionDays ?? Number.POSITIVE_INFINITY)
  );
}

function refuseImmutable(vault: Vault, now: Date): void {
  if (vault.type === "LOGICALLY_AIR_GAPPED_BACKUP_VAULT") {
    throw invalidRequest("Vault lock configuration of a logically air-gapped backup vault cannot be changed.");
  }
  if (vault.lock?.lockDate !== undefined && now >= vault.lock.lockDate) {
    throw invalidRequest(`Vault lock configuration of backup vault ${vault.name} can no longer be changed or deleted.`);
  }
}

function checkBounds(input: Checked<PutBackupVaultLockConfigurationInput>): void {
  const { ChangeableForDays: changeable, MinRetentionDays: minimum, MaxRetentionDays: maximum } = input;
  if (changeable !== undefined && (changeable < 3 || changeable > 36_500)) {
    throw invalidParameter("ChangeableForDays must be between 3 and 36500 days");
  }
  if (minimum !== undefined && minimum < 1) throw invalidParameter("MinRetentionDays must be at least 1 day");
  if (maximum !== undefined && (maximum < 1 || maximum > 36_500)) {
    throw invalidParameter("MaxRetentionDays must be between 1 and 36500 days");
  }
  if (minimum !== undefined && maximum !== undefined && minimum > maximum) {
    throw invalidParameter("MinRetentionDays cannot be greater than MaxRetentionDays");
  }
}

function lockDate(vault: Vault, changeableForDays: number | undefined, context: BackupContext): Date | undefined {
  if (changeableForDays !== undefined) return addDays(context.now, changeableForDays);
  const keeps = context.state.world.options.lockWithoutDaysInGrace === "keeps-lock-date";
  return keeps ? vault.lock?.lockDate : undefined;
}
