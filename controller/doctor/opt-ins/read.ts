import { describeGlobalSettings, describeRegionSettings } from "../../aws/backup-operations.ts";
import { step } from "../../aws/operation.ts";
import { look } from "../fact.ts";

/** Types of resource by AWS Backup's names, and whether the Region backs them up unnamed. */
export const regionOptIns = step("observe")([describeRegionSettings], (call) =>
  look(async () => new Map(Object.entries((await call(describeRegionSettings, {})).ResourceTypeOptInPreference ?? {}))),
);

/** Whether the organization lets backups be copied from one account to another. */
export const crossAccountBackup = step("observe")([describeGlobalSettings], (call) =>
  look(async () => (await call(describeGlobalSettings, {})).GlobalSettings?.["isCrossAccountBackupEnabled"] === "true"),
);
