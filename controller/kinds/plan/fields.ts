import type { Fields } from "../kind.ts";
import { managedTags } from "../ownership.ts";
import {
  airGap,
  airGapHazards,
  archiveHazards,
  coldHazards,
  continuity,
  copyHazards,
  copyRetention,
  optionHazards,
  optionsEffect,
  retentionHazards,
  ruleHazards,
  ruleRetention,
  ruleSchedule,
  scanActionsEffect,
  scanActionsHazards,
  scanSettingsEffect,
  scanSettingsHazards,
  vaultHazards,
  windowHazards,
} from "./effects.ts";
import type { CopyAction, PlanRule, PlanSpec } from "./spec.ts";

const lifecycle = {
  moveToColdStorageAfterDays: { effect: "neutral", on: "in-place", hazards: coldHazards },
  optInToArchiveForSupportedResources: { effect: "neutral", on: "in-place", hazards: archiveHazards },
} as const;

const copyAction: Fields<CopyAction> = {
  destinationBackupVaultArn: { effect: "neutral", on: "in-place" }, // its key: another destination is another copy action
  lifecycle: { ...lifecycle, deleteAfterDays: { effect: copyRetention, on: "in-place" } },
};

const rule: Fields<PlanRule> = {
  ruleName: { effect: "neutral", on: "in-place" }, // its key: another name is another rule
  targetBackupVaultName: { effect: "weakens", on: "in-place", hazards: vaultHazards },
  targetLogicallyAirGappedBackupVaultArn: { effect: airGap, on: "in-place", hazards: airGapHazards },
  scheduleExpression: { effect: ruleSchedule, on: "in-place" },
  scheduleExpressionTimezone: { effect: ruleSchedule, on: "in-place" },
  startWindowMinutes: { effect: "neutral", on: "in-place", hazards: windowHazards },
  completionWindowMinutes: { effect: "neutral", on: "in-place", hazards: windowHazards },
  lifecycle: { ...lifecycle, deleteAfterDays: { effect: ruleRetention, on: "in-place", hazards: retentionHazards } },
  recoveryPointTags: { effect: "neutral", on: "in-place" },
  copyActions: {
    key: (copy) => copy.destinationBackupVaultArn,
    on: "in-place",
    added: "strengthens",
    removed: "weakens",
    hazards: copyHazards,
    each: copyAction,
  },
  enableContinuousBackup: { effect: continuity, on: "in-place", hazards: () => ["interrupts"] },
  indexActions: { effect: "neutral", on: "in-place" }, // an index finds files; restores do without
  scanActions: { effect: scanActionsEffect, on: "in-place", hazards: scanActionsHazards },
};

/** Every field of a plan changes in place: an update replaces the document (semantics §2.1). */
export const planFields: Fields<PlanSpec> = {
  rules: {
    key: ({ ruleName }) => ruleName,
    on: "in-place",
    added: "strengthens",
    removed: "weakens",
    hazards: ruleHazards,
    each: rule,
  },
  advancedBackupSettings: {
    key: ({ resourceType }) => resourceType,
    on: "in-place",
    added: "strengthens",
    removed: "weakens",
    each: {
      resourceType: { effect: "neutral", on: "in-place" },
      backupOptions: { effect: optionsEffect, on: "in-place", hazards: optionHazards },
    },
  },
  scanSettings: { effect: scanSettingsEffect, on: "in-place", hazards: scanSettingsHazards },
  tags: { effect: "neutral", on: "in-place", unset: "not-managed", managed: managedTags },
};
