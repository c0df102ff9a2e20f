/**
 * Placing a world as it already was: vaults, plans, selections and recovery points with their dates in the past.
 * Nothing is checked and nothing lags; what seeds and tests say is so.
 */
import type { BackupSelection } from "@aws-sdk/client-backup";
import type { Checked } from "./contract.ts";
import { addHoldTo, type NewHold } from "./legal-holds.ts";
import type { PlanInput } from "./plan-document.ts";
import { addPlanTo } from "./plans.ts";
import { newPointArn, isFullyManaged } from "./point-arns.ts";
import { addPointTo, type NewPoint } from "./points.ts";
import { normalised } from "./selection-document.ts";
import { addRestoreJobTo, type NewRestore } from "./restore-runs.ts";
import { addSelectionTo } from "./selections.ts";
import {
  nextSequence,
  type BackupState,
  type LegalHold,
  type NativeBackup,
  type Plan,
  type RecoveryPoint,
  type RestoreJob,
  type Selection,
  type Tags,
  type Vault,
  type VaultLock,
} from "./state.ts";
import { addSeconds } from "./time.ts";
import { addVaultTo } from "./vaults.ts";

export interface GivenVault {
  readonly name: string;
  readonly type?: Vault["type"];
  readonly creationDate?: Date;
  /** A key's ARN; by default the key of `aws/backup`. */
  readonly encryptionKeyArn?: string;
  readonly tags?: Tags;
  readonly creatorRequestId?: string;
  readonly lock?: Partial<VaultLock>;
  readonly accessPolicy?: string;
  readonly notifications?: Vault["notifications"];
}

/** System vaults (`Default`, `aws/efs/automatic-backup-vault`) are placed in the same way. */
export function addVault(state: BackupState, given: GivenVault): Vault {
  const type = given.type ?? "BACKUP_VAULT";
  const managed = state.world.key(state.account, state.region, "alias/aws/backup")?.arn;
  const vault = addVaultTo(state, {
    name: given.name,
    type,
    creationDate: given.creationDate ?? state.world.now(),
    creatorRequestId: given.creatorRequestId,
    encryptionKeyArn: given.encryptionKeyArn ?? (type === "BACKUP_VAULT" ? managed : undefined),
    tags: given.tags,
  });
  const { minRetentionDays, maxRetentionDays, lockDate } = given.lock ?? {};
  if (given.lock !== undefined) vault.lock = { minRetentionDays, maxRetentionDays, lockDate };
  vault.accessPolicy = given.accessPolicy;
  vault.notifications = given.notifications;
  return vault;
}

export interface GivenPlan {
  readonly document: PlanInput;
  /** `orgs/<uuid>` and `aws/efs/<uuid>` make the plan read-only. */
  readonly id?: string;
  readonly creationDate?: Date;
  readonly tags?: Tags;
  readonly creatorRequestId?: string;
}

/** Its rules run from now on. */
export function addPlan(state: BackupState, given: GivenPlan): Plan {
  return addPlanTo(state, {
    id: given.id ?? state.world.uuid(),
    document: given.document,
    creationDate: given.creationDate ?? state.world.now(),
    creatorRequestId: given.creatorRequestId,
    tags: given.tags,
  });
}

export interface GivenSelection {
  readonly content: Checked<BackupSelection>;
  readonly id?: string;
  readonly creationDate?: Date;
  readonly creatorRequestId?: string;
}

/** Visible from the start. */
export function addSelection(state: BackupState, plan: Plan, given: GivenSelection): Selection {
  return addSelectionTo(state, plan, {
    id: given.id ?? state.world.uuid(),
    content: normalised(given.content),
    creationDate: given.creationDate ?? addSeconds(state.world.now(), -state.world.options.lag.selectionVisible),
    creatorRequestId: given.creatorRequestId,
  });
}

/** The ARN, where none is given, and the key follow from the resource's type. */
export type GivenPoint = Omit<NewPoint, "arn"> & { readonly arn?: string; readonly vault: Vault | string };

export function addRecoveryPoint(state: BackupState, { vault: place, ...given }: GivenPoint): RecoveryPoint {
  const vault = typeof place === "string" ? vaultNamed(state, place) : place;
  const resource = { arn: given.resourceArn, type: given.resourceType };
  const kind = vault.type === "LOGICALLY_AIR_GAPPED_BACKUP_VAULT" ? "air-gapped" : "snapshot";
  const making = { kind: given.continuous === true ? "continuous" : kind, at: given.creationDate, by: "job" } as const;
  return addPointTo(state, vault, state.world.now(), {
    ...given,
    arn: given.arn ?? newPointArn(state, resource, { ...making, uuid: state.world.uuid() }),
    completionDate: given.completionDate ?? given.creationDate,
    encryptionKeyArn:
      given.encryptionKeyArn ?? (isFullyManaged(state, resource.type) ? vault.encryptionKeyArn : undefined),
    lastSync: given.lastSync ?? (given.continuous === true ? state.world.now() : undefined),
  });
}

function vaultNamed(state: BackupState, name: string): Vault {
  const vault = state.vaults.get(name);
  if (vault === undefined) throw new Error(`there is no vault ${name} to put a recovery point in`);
  return vault;
}

/** A backup that the owning service made itself: seen by ListRecoveryPointsByResource, in no vault. */
export function addNativeBackup(state: BackupState, given: Omit<NativeBackup, "sequence">): NativeBackup {
  const backup = { ...given, sequence: nextSequence(state) };
  state.nativeBackups.push(backup);
  return backup;
}

/** ACTIVE, over what its selection names now. */
export function addLegalHold(state: BackupState, given: Omit<NewHold, "id"> & { readonly id?: string }): LegalHold {
  return addHoldTo(state, { ...given, id: given.id ?? state.world.uuid() });
}

/** A restore that begins now. With `testing` it is one that a restore testing plan started; plans themselves are not simulated. */
export function addRestoreJob(state: BackupState, given: NewRestore): RestoreJob {
  return addRestoreJobTo(state, state.world.now(), given);
}
