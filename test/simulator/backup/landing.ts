/** Where a backup lands: in its rule's vault, straight in an air-gapped one, or in the first on its way to the second (semantics §2.3). */
import type { Lifecycle } from "@aws-sdk/client-backup";
import { parseVaultArn } from "./arns.ts";
import { isFullyManaged } from "./point-arns.ts";
import { resourceType } from "./resource-types.ts";
import type { BackupOrder, BackupState, Vault } from "./state.ts";
import { retentionFits } from "./vault-lock.ts";

export interface Landing {
  readonly vault: Vault;
  readonly lifecycle: Lifecycle;
  /** Why the air-gapped vault that was asked for cannot be used: the job completes, with issues. */
  readonly unsupported: string | undefined;
}

const outsideBounds = "Backup job failed because the lifecycle is outside the valid range for backup vault.";

/** The landing, or the text with which the job fails. */
export function landingOf(state: BackupState, order: BackupOrder): Landing | string {
  const vault = state.vaults.get(order.vaultName);
  if (vault === undefined) return `Backup job failed because backup vault ${order.vaultName} does not exist.`;
  if (order.airGappedVaultArn === undefined)
    return within({ vault, lifecycle: order.lifecycle, unsupported: undefined });
  const airGapped = state.vaults.get(parseVaultArn(order.airGappedVaultArn)?.name ?? "");
  if (airGapped?.type !== "LOGICALLY_AIR_GAPPED_BACKUP_VAULT") {
    return `Backup job failed because backup vault ${order.airGappedVaultArn} does not exist.`;
  }
  if (!isSupported(state, order)) {
    return within({
      vault,
      lifecycle: order.lifecycle,
      unsupported: "Logically air-gapped backup vault is not supported for this resource.",
    });
  }
  if (isFullyManaged(state, order.resource.type)) {
    return within({ vault: airGapped, lifecycle: order.lifecycle, unsupported: undefined });
  }
  const temporary: Lifecycle = { ...order.lifecycle, DeleteAfterEvent: "DELETE_AFTER_COPY" };
  return within({ vault, lifecycle: temporary, unsupported: undefined });
}

function within(landing: Landing): Landing | string {
  return retentionFits(landing.vault, landing.lifecycle.DeleteAfterDays) ? landing : outsideBounds;
}

/** What is not fully managed keeps its own key, and AWS managed keys cannot be shared with an air-gapped vault. */
function isSupported(state: BackupState, { resource }: BackupOrder): boolean {
  if (resourceType(resource.type)?.airGapped !== true) return false;
  if (isFullyManaged(state, resource.type) || resource.encryptedWith === undefined) return true;
  return state.world.key(state.account, state.region, resource.encryptedWith)?.manager === "CUSTOMER";
}
