import type { RecoveryPointRow } from "./point-row.ts";

/** What a copy keeps of its source (semantics §4.8). */
export const joinKey = ({ resourceArn, createdOn, member = "" }: RecoveryPointRow): string =>
  JSON.stringify([resourceArn, createdOn, member]);

/** Whether a point may have come from a vault: what does not say where it is from may (rule 20). */
export const mayBeFrom = (vaultArn: string, { sourceVaultArn }: RecoveryPointRow): boolean =>
  sourceVaultArn === undefined || sourceVaultArn === vaultArn;
