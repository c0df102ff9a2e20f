import type { RecoveryPointByBackupVault } from "@aws-sdk/client-backup";
import { isContinuous } from "../../continuous.ts";

/** A recovery point that proves protection. */
export interface UsablePoint {
  readonly arn: string;
  readonly resourceArn: string;
  readonly createdOn: number;
  /** It restores to any moment until now. */
  readonly continuous: boolean;
}

/**
 * A point as proof of protection, or undefined where it is none. Stricter than what is kept from deletion (rule 1), since here a point
 * that turns out useless is a false promise: PARTIAL lacks part of its resource; STOPPED restores to a time that no listing tells;
 * EXPIRED is past its retention, and what becomes of it is AWS's affair; CREATING and DELETING are not there yet or any more
 * (semantics §4.2). What a scan flagged, or failed to scan, does not count (rule 1).
 */
export function usable(point: RecoveryPointByBackupVault): UsablePoint | undefined {
  const { RecoveryPointArn: arn, ResourceArn: resourceArn, CreationDate, Status, AggregatedScanResult } = point;
  if (arn === undefined || resourceArn === undefined || CreationDate === undefined) return undefined;
  if (Status !== "COMPLETED" && Status !== "AVAILABLE") return undefined;
  if ((AggregatedScanResult?.Findings ?? []).length > 0 || AggregatedScanResult?.FailedScan === true) return undefined;
  return { arn, resourceArn, createdOn: CreationDate.getTime(), continuous: isContinuous(point, arn) };
}
