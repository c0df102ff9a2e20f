/**
 * The simulator's AWS Backup. `handlers` answer calls; `advance` lets time pass: plans run, jobs finish, copies arrive, lifecycles end.
 * What it needs from the rest of the cloud is `BackupWorld` (world.ts); what it keeps is `BackupState` (state.ts).
 */
import type { Handlers } from "../service.ts";
import { advance } from "./engine.ts";
import {
  deleteBackupVaultNotifications,
  getBackupVaultNotifications,
  putBackupVaultNotifications,
} from "./notifications.ts";
import {
  createBackupPlan,
  deleteBackupPlan,
  getBackupPlan,
  listBackupPlans,
  listBackupPlanVersions,
  updateBackupPlan,
} from "./plans.ts";
import {
  createBackupSelection,
  deleteBackupSelection,
  getBackupSelection,
  listBackupSelections,
} from "./selections.ts";
import { createState, type BackupState } from "./state.ts";
import { listTags, tagResource, untagResource } from "./tags.ts";
import {
  deleteBackupVaultAccessPolicy,
  getBackupVaultAccessPolicy,
  putBackupVaultAccessPolicy,
} from "./vault-access-policy.ts";
import { deleteBackupVaultLockConfiguration, putBackupVaultLockConfiguration } from "./vault-lock.ts";
import {
  createBackupVault,
  createLogicallyAirGappedBackupVault,
  deleteBackupVault,
  describeBackupVault,
  listBackupVaults,
} from "./vaults.ts";
import type { BackupWorld } from "./world.ts";

interface BackupService {
  readonly handlers: Handlers<BackupState>;
  createState(account: string, region: string, world: BackupWorld): BackupState;
  /** Carries out, in order of time over all accounts and Regions, what falls due after `from` and up to `to`. */
  advance(world: BackupWorld, from: Date, to: Date): void;
}

export const backup = {
  createState,
  advance,
  handlers: {
    CreateBackupVault: createBackupVault,
    CreateLogicallyAirGappedBackupVault: createLogicallyAirGappedBackupVault,
    DescribeBackupVault: describeBackupVault,
    ListBackupVaults: listBackupVaults,
    DeleteBackupVault: deleteBackupVault,
    PutBackupVaultAccessPolicy: putBackupVaultAccessPolicy,
    GetBackupVaultAccessPolicy: getBackupVaultAccessPolicy,
    DeleteBackupVaultAccessPolicy: deleteBackupVaultAccessPolicy,
    PutBackupVaultNotifications: putBackupVaultNotifications,
    GetBackupVaultNotifications: getBackupVaultNotifications,
    DeleteBackupVaultNotifications: deleteBackupVaultNotifications,
    PutBackupVaultLockConfiguration: putBackupVaultLockConfiguration,
    DeleteBackupVaultLockConfiguration: deleteBackupVaultLockConfiguration,
    CreateBackupPlan: createBackupPlan,
    UpdateBackupPlan: updateBackupPlan,
    GetBackupPlan: getBackupPlan,
    ListBackupPlans: listBackupPlans,
    ListBackupPlanVersions: listBackupPlanVersions,
    DeleteBackupPlan: deleteBackupPlan,
    CreateBackupSelection: createBackupSelection,
    GetBackupSelection: getBackupSelection,
    ListBackupSelections: listBackupSelections,
    DeleteBackupSelection: deleteBackupSelection,
    ListTags: listTags,
    TagResource: tagResource,
    UntagResource: untagResource,
  },
} satisfies BackupService;
