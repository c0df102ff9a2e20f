/** Region settings, global settings and the list of supported types (semantics §6.5, §6.6). */
import type {
  DescribeGlobalSettingsOutput,
  DescribeRegionSettingsOutput,
  GetSupportedResourceTypesOutput,
  UpdateGlobalSettingsInput,
  UpdateRegionSettingsInput,
} from "@aws-sdk/client-backup";
import { announce } from "./announcements.ts";
import type { BackupContext } from "./contract.ts";
import { invalidParameter, invalidRequest } from "./errors.ts";
import { regionSettingAnnouncement } from "./other-announcements.ts";
import { supportedResourceTypes } from "./resource-types.ts";

export function describeRegionSettings(
  _input: Record<string, never>,
  { state }: BackupContext,
): DescribeRegionSettingsOutput {
  return {
    ResourceTypeOptInPreference: Object.fromEntries(state.optIn),
    ResourceTypeManagementPreference: Object.fromEntries(state.managementPreference),
  };
}

/** Merges the keys given; a type left out keeps its value. */
export function updateRegionSettings(input: UpdateRegionSettingsInput, { state, now }: BackupContext): void {
  const optIn = Object.entries(input.ResourceTypeOptInPreference ?? {});
  const management = Object.entries(input.ResourceTypeManagementPreference ?? {});
  for (const [type] of [...optIn, ...management]) {
    if (!supportedResourceTypes().includes(type)) throw invalidParameter(`Resource type ${type} is not supported`);
  }
  for (const [type, enabled] of management) {
    if (!state.managementPreference.has(type)) throw invalidParameter(`Full management of ${type} is not supported`);
    if (type === "EFS" && !enabled) throw invalidParameter("Full management of EFS cannot be turned off");
  }
  for (const [type, enabled] of optIn) state.optIn.set(type, enabled);
  for (const [type, enabled] of management) state.managementPreference.set(type, enabled);
  if (optIn.length > 0) announce(state, now, () => regionSettingAnnouncement(Object.fromEntries(optIn), now));
}

export function describeGlobalSettings(
  _input: Record<string, never>,
  { state }: BackupContext,
): DescribeGlobalSettingsOutput {
  const { values, lastUpdateTime } = state.world.globalSettings;
  return { GlobalSettings: Object.fromEntries(values), LastUpdateTime: lastUpdateTime };
}

/** The organization's management account alone may; values are the strings "true" and "false". */
export function updateGlobalSettings(input: UpdateGlobalSettingsInput, { state, account, now }: BackupContext): void {
  const { globalSettings, managementAccount } = state.world;
  if (account !== managementAccount) {
    throw invalidRequest("Global settings can be updated from the management account of the organization only.");
  }
  for (const [name, value] of Object.entries(input.GlobalSettings ?? {})) {
    if (!globalSettings.values.has(name)) throw invalidParameter(`Global setting ${name} is not supported`);
    if (value !== "true" && value !== "false") throw invalidParameter(`Global setting ${name} must be true or false`);
    const off = globalSettings.values.get(name) === "true" && value === "false";
    if (off && name === "isCrossAccountBackupEnabled") globalSettings.crossAccountDisabledAt = now;
    globalSettings.values.set(name, value);
  }
  globalSettings.lastUpdateTime = now;
}

export function getSupportedResourceTypes(
  _input: Record<string, never>,
  _context: BackupContext,
): GetSupportedResourceTypesOutput {
  return { ResourceTypes: [...supportedResourceTypes()] };
}
