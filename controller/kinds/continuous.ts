import type { RecoveryPointByBackupVault } from "@aws-sdk/client-backup";

/** Types whose points may be continuous: one such point is as old as it likes, and restores to now (semantics §4.1). */
export const CONTINUOUS_TYPES: readonly string[] = ["Aurora", "RDS", "S3", "SAP HANA on Amazon EC2"];

/**
 * No member says that a point is continuous. Its status does (semantics §4.2), or its ARN: an id that begins `continuous:`, or a
 * bucket's name with a hash and no time between (§4.1). AWS refuses what this might miss (§4.3).
 */
export function isContinuous({ Status, ResourceArn, ResourceType }: RecoveryPointByBackupVault, arn: string): boolean {
  if (Status === "AVAILABLE" || Status === "STOPPED" || arn.includes(":continuous:")) return true;
  if (ResourceType !== "S3") return false;
  const bucket = ResourceArn?.split(":").at(-1);
  const id = arn.split(":recovery-point:")[1];
  return id?.startsWith(`${bucket}-`) === true && /^[0-9a-f]+$/i.test(id.slice(`${bucket}-`.length));
}
