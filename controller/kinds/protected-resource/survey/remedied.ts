import type { RecoveryPointByBackupVault } from "@aws-sdk/client-backup";
import { type RecoveryPointRow, toRow } from "../../point-row.ts";

/** A backup that was made up for: the point, and the job that failed, or `MISSED`. */
export interface Remedied {
  readonly vault: string;
  readonly vaultArn: string;
  readonly row: RecoveryPointRow;
  readonly failedJob: string;
}

/** By ARN, what bears the remedy's tag: the job that each makes up for. */
export type Marks = ReadonlyMap<string, string>;

/**
 * The row of a point that a remedy made, or undefined. Copies keep their source's tags (semantics §4.8) and so bear the mark as well; what
 * a plan made bears it only where a person put it there. As with every copy, only whole snapshots are looked after (rule 20).
 */
export function remediedRow(point: RecoveryPointByBackupVault, marks: Marks): RecoveryPointRow | undefined {
  if (!marks.has(point.RecoveryPointArn ?? "")) return undefined;
  const row = toRow(point);
  if (!row || row.sourceVaultArn !== undefined || row.planArn !== undefined) return undefined;
  return row.form === "snapshot" && row.status === "COMPLETED" && !row.deleteAfterEvent ? row : undefined;
}
