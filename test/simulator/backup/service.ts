/**
 * The simulator's AWS Backup. `handlers` answer calls; `advance` lets time pass: plans run, jobs finish, copies arrive, lifecycles end.
 * What it needs from the rest of the cloud is `BackupWorld` (world.ts); what it keeps is `BackupState` (state.ts).
 */
import type { Handlers } from "../service.ts";
import { describeBackupJob, listBackupJobs, startBackupJob, stopBackupJob } from "./backup-jobs.ts";
import { describeCopyJob, listCopyJobs, startCopyJob } from "./copy-jobs.ts";
import { advance } from "./engine.ts";
import {
  cancelLegalHold,
  createLegalHold,
  getLegalHold,
  listLegalHolds,
  listRecoveryPointsByLegalHold,
} from "./legal-holds.ts";
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
  describeProtectedResource,
  listProtectedResources,
  listProtectedResourcesByBackupVault,
} from "./protected-resources.ts";
import {
  deleteRecoveryPoint,
  describeRecoveryPoint,
  disassociateRecoveryPoint,
  disassociateRecoveryPointFromParent,
  listRecoveryPointsByBackupVault,
  listRecoveryPointsByResource,
  updateRecoveryPointLifecycle,
} from "./recovery-points.ts";
import { describeRestoreJob, listRestoreJobs, putRestoreValidationResult, startRestoreJob } from "./restore-jobs.ts";
import { getRestoreTestingInferredMetadata } from "./restore-metadata.ts";
import {
  createRestoreTestingPlan,
  deleteRestoreTestingPlan,
  getRestoreTestingPlan,
  listRestoreTestingPlans,
  updateRestoreTestingPlan,
} from "./restore-testing-plans.ts";
import {
  createRestoreTestingSelection,
  deleteRestoreTestingSelection,
  getRestoreTestingSelection,
  listRestoreTestingSelections,
  updateRestoreTestingSelection,
} from "./restore-testing-selections.ts";
import {
  createBackupSelection,
  deleteBackupSelection,
  getBackupSelection,
  listBackupSelections,
} from "./selections.ts";
import {
  describeGlobalSettings,
  describeRegionSettings,
  getSupportedResourceTypes,
  updateGlobalSettings,
  updateRegionSettings,
} from "./settings.ts";
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
    ListRecoveryPointsByBackupVault: listRecoveryPointsByBackupVault,
    ListRecoveryPointsByResource: listRecoveryPointsByResource,
    DescribeRecoveryPoint: describeRecoveryPoint,
    UpdateRecoveryPointLifecycle: updateRecoveryPointLifecycle,
    DeleteRecoveryPoint: deleteRecoveryPoint,
    DisassociateRecoveryPoint: disassociateRecoveryPoint,
    DisassociateRecoveryPointFromParent: disassociateRecoveryPointFromParent,
    ListProtectedResources: listProtectedResources,
    ListProtectedResourcesByBackupVault: listProtectedResourcesByBackupVault,
    DescribeProtectedResource: describeProtectedResource,
    CreateLegalHold: createLegalHold,
    GetLegalHold: getLegalHold,
    ListLegalHolds: listLegalHolds,
    CancelLegalHold: cancelLegalHold,
    ListRecoveryPointsByLegalHold: listRecoveryPointsByLegalHold,
    StartBackupJob: startBackupJob,
    StopBackupJob: stopBackupJob,
    DescribeBackupJob: describeBackupJob,
    ListBackupJobs: listBackupJobs,
    StartCopyJob: startCopyJob,
    DescribeCopyJob: describeCopyJob,
    ListCopyJobs: listCopyJobs,
    StartRestoreJob: startRestoreJob,
    DescribeRestoreJob: describeRestoreJob,
    ListRestoreJobs: listRestoreJobs,
    PutRestoreValidationResult: putRestoreValidationResult,
    CreateRestoreTestingPlan: createRestoreTestingPlan,
    GetRestoreTestingPlan: getRestoreTestingPlan,
    ListRestoreTestingPlans: listRestoreTestingPlans,
    UpdateRestoreTestingPlan: updateRestoreTestingPlan,
    DeleteRestoreTestingPlan: deleteRestoreTestingPlan,
    CreateRestoreTestingSelection: createRestoreTestingSelection,
    GetRestoreTestingSelection: getRestoreTestingSelection,
    ListRestoreTestingSelections: listRestoreTestingSelections,
    UpdateRestoreTestingSelection: updateRestoreTestingSelection,
    DeleteRestoreTestingSelection: deleteRestoreTestingSelection,
    GetRestoreTestingInferredMetadata: getRestoreTestingInferredMetadata,
    DescribeRegionSettings: describeRegionSettings,
    UpdateRegionSettings: updateRegionSettings,
    DescribeGlobalSettings: describeGlobalSettings,
    UpdateGlobalSettings: updateGlobalSettings,
    GetSupportedResourceTypes: getSupportedResourceTypes,
    ListTags: listTags,
    TagResource: tagResource,
    UntagResource: untagResource,
  },
} satisfies BackupService;
