import { canonical } from "../../domain/digest.ts";
import { present } from "../present.ts";
import { DEFAULT_SCHEDULE } from "../schedule.ts";
import type { AdvancedSetting, CopyAction, Lifecycle, PlanRule, PlanSpec, ScanSetting } from "./spec.ts";

/** What AWS reads back where a rule leaves it out (semantics §2.2, §2.3). */
const START_WINDOW_MINUTES = 480;
const COMPLETION_WINDOW_MINUTES = 10_080;
/** Options in force where a plan has no setting for the type (semantics §2.1). */
const OPTION_DEFAULTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  EC2: { WindowsVSS: "disabled" },
  S3: { BackupACLs: "enabled", BackupObjectTags: "enabled" },
};

/** A plan with AWS's defaults spelled out, its sets in order, and nothing that says no more than leaving it out would. */
export const normalisePlan = ({ rules, advancedBackupSettings, scanSettings, tags }: PlanSpec): PlanSpec =>
  present({
    rules: sorted(rules.map(normaliseRule), (rule) => rule.ruleName),
    advancedBackupSettings: normaliseOptions(advancedBackupSettings ?? []),
    scanSettings: filled((scanSettings ?? []).map(normaliseScan)),
    tags,
  });

const normaliseRule = (rule: PlanRule): PlanRule => ({
  ...rule,
  scheduleExpression: rule.scheduleExpression ?? DEFAULT_SCHEDULE.expression,
  scheduleExpressionTimezone: zone(rule.scheduleExpressionTimezone),
  startWindowMinutes: rule.startWindowMinutes ?? START_WINDOW_MINUTES,
  completionWindowMinutes: rule.completionWindowMinutes ?? COMPLETION_WINDOW_MINUTES,
  enableContinuousBackup: rule.enableContinuousBackup ?? false,
  lifecycle: normaliseLifecycle(rule.lifecycle),
  recoveryPointTags: Object.keys(rule.recoveryPointTags ?? {}).length > 0 ? rule.recoveryPointTags : undefined,
  copyActions: filled((rule.copyActions ?? []).map(normaliseCopy)),
  indexActions: filled(
    (rule.indexActions ?? []).map(({ resourceTypes }) => ({ resourceTypes: resourceTypes.toSorted() })),
  ),
  scanActions: filled(rule.scanActions ?? []),
});

/** UTC reads back under its IANA name (semantics §2.3). */
const zone = (timezone: string | undefined): string =>
  timezone === undefined || timezone === "UTC" ? DEFAULT_SCHEDULE.timezone : timezone;

const normaliseCopy = ({ destinationBackupVaultArn, lifecycle }: CopyAction): CopyAction => ({
  destinationBackupVaultArn,
  lifecycle: normaliseLifecycle(lifecycle),
});

/** A lifecycle that says nothing is the same as none, and not to opt in is the default. */
const normaliseLifecycle = (lifecycle: Lifecycle | undefined): Lifecycle | undefined => {
  const { moveToColdStorageAfterDays, deleteAfterDays } = lifecycle ?? {};
  const optIn = lifecycle?.optInToArchiveForSupportedResources === true ? true : undefined;
  const silent = moveToColdStorageAfterDays === undefined && deleteAfterDays === undefined && optIn === undefined;
  return silent
    ? undefined
    : { moveToColdStorageAfterDays, deleteAfterDays, optInToArchiveForSupportedResources: optIn };
};

function normaliseOptions(settings: readonly AdvancedSetting[]): AdvancedSetting[] {
  const options = new Map<string, Readonly<Record<string, string>>>(Object.entries(OPTION_DEFAULTS));
  for (const { resourceType, backupOptions } of settings)
    options.set(resourceType, { ...options.get(resourceType), ...backupOptions });
  const named = [...options].map(([resourceType, backupOptions]) => ({ resourceType, backupOptions }));
  // A live plan may name a type that manifests do not know yet: it is compared, never sent.
  return sorted(named as AdvancedSetting[], (setting) => setting.resourceType);
}

const normaliseScan = ({ resourceTypes, ...scan }: ScanSetting): ScanSetting => ({
  ...scan,
  resourceTypes: [...new Set(resourceTypes)].toSorted(),
});

/** In order of content, so that the order AWS or a person wrote it in never counts; an empty list is no list. */
const filled = <T>(list: readonly T[]): T[] | undefined =>
  list.length > 0 ? sorted(list, (element) => canonical(element)) : undefined;

const sorted = <T>(list: readonly T[], by: (element: T) => string): T[] =>
  list.toSorted((a, b) => (by(a) < by(b) ? -1 : by(a) > by(b) ? 1 : 0));
