import type {
  AdvancedBackupSetting,
  BackupPlanInput,
  BackupRule,
  BackupRuleInput,
  Lifecycle as WireLifecycle,
  ScanSetting as WireScanSetting,
} from "@aws-sdk/client-backup";
import type { LiveRule, PlanState } from "../plan-state.ts";
import type { Lifecycle, PlanRule, PlanSpec } from "./spec.ts";

/** The whole document, as create and update send it: what is left out here is taken out there (semantics §2.1). */
export const toDocument = (name: string, spec: PlanSpec): BackupPlanInput => ({
  BackupPlanName: name,
  Rules: spec.rules.map(toRule),
  AdvancedBackupSettings: spec.advancedBackupSettings?.map(({ resourceType, backupOptions }) => ({
    ResourceType: resourceType,
    BackupOptions: backupOptions,
  })),
  ScanSettings: spec.scanSettings?.map(({ malwareScanner, resourceTypes, scannerRoleArn }) => ({
    MalwareScanner: malwareScanner,
    ResourceTypes: resourceTypes,
    ScannerRoleArn: scannerRoleArn,
  })),
});

const toRule = (rule: PlanRule): BackupRuleInput => ({
  RuleName: rule.ruleName,
  TargetBackupVaultName: rule.targetBackupVaultName,
  TargetLogicallyAirGappedBackupVaultArn: rule.targetLogicallyAirGappedBackupVaultArn,
  ScheduleExpression: rule.scheduleExpression,
  ScheduleExpressionTimezone: rule.scheduleExpressionTimezone,
  StartWindowMinutes: rule.startWindowMinutes,
  CompletionWindowMinutes: rule.completionWindowMinutes,
  Lifecycle: toLifecycle(rule.lifecycle),
  RecoveryPointTags: rule.recoveryPointTags,
  CopyActions: rule.copyActions?.map(({ destinationBackupVaultArn, lifecycle }) => ({
    DestinationBackupVaultArn: destinationBackupVaultArn,
    Lifecycle: toLifecycle(lifecycle),
  })),
  EnableContinuousBackup: rule.enableContinuousBackup,
  IndexActions: rule.indexActions?.map(({ resourceTypes }) => ({ ResourceTypes: resourceTypes })),
  ScanActions: rule.scanActions?.map(({ malwareScanner, scanMode }) => ({
    MalwareScanner: malwareScanner,
    ScanMode: scanMode,
  })),
});

const toLifecycle = (lifecycle: Lifecycle | undefined): WireLifecycle | undefined =>
  lifecycle && {
    MoveToColdStorageAfterDays: lifecycle.moveToColdStorageAfterDays,
    DeleteAfterDays: lifecycle.deleteAfterDays,
    OptInToArchiveForSupportedResources: lifecycle.optInToArchiveForSupportedResources,
  };

/** A rule as GetBackupPlan reports it, without the id AWS gave it: ids need not outlive an update, names do (semantics §2.1). */
export const fromRule = (rule: BackupRule): LiveRule => ({
  ruleName: rule.RuleName ?? "",
  targetBackupVaultName: rule.TargetBackupVaultName ?? "",
  targetLogicallyAirGappedBackupVaultArn: rule.TargetLogicallyAirGappedBackupVaultArn,
  scheduleExpression: rule.ScheduleExpression,
  scheduleExpressionTimezone: rule.ScheduleExpressionTimezone,
  startWindowMinutes: rule.StartWindowMinutes,
  completionWindowMinutes: rule.CompletionWindowMinutes,
  lifecycle: fromLifecycle(rule.Lifecycle),
  recoveryPointTags: rule.RecoveryPointTags,
  copyActions: rule.CopyActions?.map((copy) => ({
    destinationBackupVaultArn: copy.DestinationBackupVaultArn ?? "",
    lifecycle: fromLifecycle(copy.Lifecycle),
  })),
  enableContinuousBackup: rule.EnableContinuousBackup,
  indexActions: rule.IndexActions?.map((action) => ({ resourceTypes: action.ResourceTypes ?? [] })),
  scanActions: rule.ScanActions?.map(({ MalwareScanner, ScanMode }) => ({
    malwareScanner: MalwareScanner,
    scanMode: ScanMode,
  })),
});

const fromLifecycle = (lifecycle: WireLifecycle | undefined): LiveRule["lifecycle"] =>
  lifecycle && {
    moveToColdStorageAfterDays: days(lifecycle.MoveToColdStorageAfterDays),
    deleteAfterDays: days(lifecycle.DeleteAfterDays),
    optInToArchiveForSupportedResources: lifecycle.OptInToArchiveForSupportedResources,
  };

/** AWS says "for ever" by -1 as well as by leaving the number out (semantics §2.2). */
const days = (value: number | undefined): number | undefined => (value !== undefined && value > 0 ? value : undefined);

export const fromAdvancedSettings = (
  settings: readonly AdvancedBackupSetting[] | undefined,
): PlanState["advancedBackupSettings"] =>
  (settings ?? []).map(({ ResourceType, BackupOptions }) => ({
    resourceType: ResourceType ?? "",
    backupOptions: { ...BackupOptions },
  }));

export const fromScanSettings = (settings: readonly WireScanSetting[] | undefined): PlanState["scanSettings"] =>
  (settings ?? []).map(({ MalwareScanner, ResourceTypes, ScannerRoleArn }) => ({
    malwareScanner: MalwareScanner,
    resourceTypes: [...(ResourceTypes ?? [])],
    scannerRoleArn: ScannerRoleArn,
  }));
