/** Keeping recovery points: in their vault, under their resource, and on the agenda for the next turn of their lifecycle. */
import type { Lifecycle, RecoveryPointCreator, RecoveryPointStatus } from "@aws-sdk/client-backup";
import { applicable, calculated } from "./lifecycle.ts";
import {
  nextSequence,
  type BackupState,
  type ProtectedResource,
  type RecoveryPoint,
  type Tags,
  type Vault,
} from "./state.ts";
import { later } from "./time.ts";

export interface NewPoint {
  readonly arn: string;
  readonly resourceArn: string;
  readonly resourceType: string;
  readonly creationDate: Date;
  readonly resourceName?: string | undefined;
  readonly sourceResourceId?: string | undefined;
  readonly initiationDate?: Date | undefined;
  readonly completionDate?: Date | undefined;
  readonly status?: RecoveryPointStatus;
  readonly statusMessage?: string | undefined;
  readonly sizeBytes?: number | undefined;
  readonly lifecycle?: Lifecycle | undefined;
  readonly storageClass?: "WARM" | "COLD";
  readonly continuous?: boolean;
  readonly lastSync?: Date | undefined;
  readonly createdBy?: RecoveryPointCreator | undefined;
  readonly iamRoleArn?: string | undefined;
  readonly encryptionKeyArn?: string | undefined;
  readonly sourceBackupVaultArn?: string | undefined;
  readonly isParent?: boolean;
  readonly parentArn?: string | undefined;
  readonly compositeMember?: string | undefined;
  readonly tags?: Tags | undefined;
  readonly undeletable?: string | undefined;
  readonly flagged?: boolean;
}

/** Costs the same however many points there are. The lifecycle is kept as the resource type takes it; `at` is the present. */
export function addPointTo(state: BackupState, vault: Vault, at: Date, given: NewPoint): RecoveryPoint {
  const point: RecoveryPoint = {
    sequence: nextSequence(state),
    arn: given.arn,
    vault,
    resourceArn: given.resourceArn,
    resourceType: given.resourceType,
    resourceName: given.resourceName,
    sourceResourceId: given.sourceResourceId,
    creationDate: given.creationDate,
    initiationDate: given.initiationDate ?? given.creationDate,
    completionDate: given.completionDate,
    continuous: given.continuous ?? false,
    createdBy: given.createdBy,
    iamRoleArn: given.iamRoleArn,
    encryptionKeyArn: given.encryptionKeyArn,
    sourceBackupVaultArn: given.sourceBackupVaultArn,
    isParent: given.isParent ?? false,
    compositeMember: given.compositeMember,
    tags: given.tags ?? {},
    parentArn: given.parentArn,
    status: given.status ?? (given.continuous === true ? "AVAILABLE" : "COMPLETED"),
    statusMessage: given.statusMessage,
    sizeBytes: given.sizeBytes,
    lifecycle: applicable(given.lifecycle, given.resourceType),
    storageClass: given.storageClass ?? "WARM",
    lastSync: given.lastSync,
    undeletable: given.undeletable,
    flagged: given.flagged ?? false,
  };
  vault.points.add(point.arn, point);
  const resource = resourceOf(state, point);
  resource.points.add(point);
  if (point.status === "CREATING") return point;
  recordBackup(resource, point);
  scheduleLifecycle(state, point, at);
  return point;
}

/** Takes a point away at once, as it is when deletion has finished. */
export function removePoint(state: BackupState, point: RecoveryPoint, at: Date): void {
  point.vault.points.delete(point.arn);
  point.vault.lastRemoval = at;
  state.protectedResources.get(point.resourceArn)?.points.delete(point);
}

export function isPresent(point: RecoveryPoint): boolean {
  return point.vault.points.get(point.arn) === point;
}

export function findPoint(state: BackupState, arn: string): RecoveryPoint | undefined {
  for (const vault of state.vaults.values()) {
    const point = vault.points.get(arn);
    if (point !== undefined) return point;
  }
  return undefined;
}

/** A backup that succeeded makes its resource a protected one, and is the resource's last unless a newer one is known. */
export function recordBackup(resource: ProtectedResource, point: RecoveryPoint): void {
  if (resource.lastBackup !== undefined && resource.lastBackup.at > point.creationDate) return;
  resource.lastBackup = { at: point.creationDate, vaultArn: point.vault.arn, pointArn: point.arn };
}

/** Puts the point's next cold transition or expiry on the agenda; what is overdue comes at once. */
export function scheduleLifecycle(state: BackupState, point: RecoveryPoint, now: Date): void {
  const { MoveToColdStorageAt, DeleteAt } = calculated(point);
  const cold = point.storageClass === "WARM" ? MoveToColdStorageAt : undefined;
  const next = cold !== undefined && (DeleteAt === undefined || cold < DeleteAt) ? cold : DeleteAt;
  if (next !== undefined) state.agenda.add(later(next, now), { what: "point-due", point });
}

export function resourceOf(state: BackupState, point: RecoveryPoint): ProtectedResource {
  return (
    state.protectedResources.get(point.resourceArn) ??
    state.protectedResources.add(point.resourceArn, {
      sequence: nextSequence(state),
      arn: point.resourceArn,
      type: point.resourceType,
      name: point.resourceName,
      points: new Set(),
      lastBackup: undefined,
    })
  );
}
