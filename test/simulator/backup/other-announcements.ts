/** Events of recovery points, vaults, plans and a Region's settings (semantics §7.2). Selections, policies, notifications and tags have none. */
import { told, type Announcement } from "./announcements.ts";
import { creator } from "./job-announcements.ts";
import { calculated } from "./lifecycle.ts";
import type { Plan, RecoveryPoint, Vault } from "./state.ts";

/** A point's state is its status, its booleans are texts, and its calculated lifecycle has a capital C. */
export function pointAnnouncement(point: RecoveryPoint): Announcement {
  const { DeleteAt, MoveToColdStorageAt } = calculated(point);
  return {
    detailType: "Recovery Point State Change",
    resources: [point.arn],
    detail: {
      backupVaultName: point.vault.name,
      backupVaultArn: point.vault.arn,
      creationDate: told(point.creationDate),
      completionDate: told(point.completionDate),
      iamRoleArn: point.iamRoleArn,
      resourceType: point.resourceType,
      resourceArn: point.resourceArn,
      status: point.status,
      isEncrypted: String(point.encryptionKeyArn !== undefined),
      storageClass: point.storageClass,
      createdBy: creator(point.createdBy),
      lifecycle: {
        moveToColdStorageAfterDays: point.lifecycle.MoveToColdStorageAfterDays,
        deleteAfterDays: point.lifecycle.DeleteAfterDays,
      },
      calculatedLifeCycle: { deleteAt: told(DeleteAt), moveToColdStorageAt: told(MoveToColdStorageAt) },
    },
  };
}

/** MODIFIED is of the lock alone, and says whether there is one. */
export function vaultAnnouncement(vault: Vault, state: "CREATED" | "MODIFIED" | "DELETED"): Announcement {
  return {
    detailType: "Backup Vault State Change",
    resources: [vault.arn],
    detail: {
      backupVaultName: vault.name,
      state,
      isLocked: state === "MODIFIED" ? String(vault.lock !== undefined) : undefined,
    },
  };
}

export function planAnnouncement(plan: Plan, state: "CREATED" | "MODIFIED" | "DELETED", at: Date): Announcement {
  const when = { CREATED: "creationDate", MODIFIED: "modifiedAt", DELETED: "deletionDate" } as const;
  return {
    detailType: "Backup Plan State Change",
    resources: [plan.arn],
    detail: { backupPlanId: plan.id, versionId: plan.versions.at(-1)?.id, [when[state]]: told(at), state },
  };
}

/** With the types whose switch was set, whether or not it moved. */
export function regionSettingAnnouncement(optIn: Readonly<Record<string, boolean>>, at: Date): Announcement {
  return {
    detailType: "Region Setting State Change",
    resources: [],
    detail: { modifiedAt: told(at), ResourceTypeOptInPreference: optIn, state: "MODIFIED" },
  };
}
