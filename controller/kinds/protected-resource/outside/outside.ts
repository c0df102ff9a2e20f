import type { AwsFailure } from "../../../domain/errors.ts";
import type { ResourceRow } from "../row.ts";

/**
 * What keeps backups of a resource without AWS Backup. It is told, and never taken for protection: policies ask for recovery points,
 * which have vaults, locks and copies.
 */
export type Outside =
  /** Its own service, by itself, for so many days. */
  | { readonly by: "its-service"; readonly days: number }
  /** DynamoDB's point-in-time recovery, so many days back. */
  | { readonly by: "point-in-time"; readonly days: number }
  /** Data Lifecycle Manager's snapshots, the newest of that time. Epoch milliseconds. */
  | { readonly by: "lifecycle-manager"; readonly newestOn: number };

/** `kept` undefined: nothing is. `unread`: nobody can tell. */
export type Heard = { readonly kept: Outside | undefined } | { readonly unread: AwsFailure };

type Resource = Pick<ResourceRow, "arn" | "type">;

/** `RDS keeps automated backups of it for 7 days, which are deleted with it unless whoever deletes it has them kept`. */
export function outsideText(outside: Outside, { arn, type }: Resource): string {
  switch (outside.by) {
    case "its-service":
      return `${type} keeps automated backups of it for ${daysText(outside.days)}, which are deleted with it${canBeKept(arn, type) ? " unless whoever deletes it has them kept" : ""}`;
    case "point-in-time":
      return `DynamoDB's point-in-time recovery reaches back up to ${daysText(outside.days)}; of a deleted table it leaves the last state, for ${daysText(AFTER_DELETION_DAYS)}`;
    case "lifecycle-manager":
      return `Data Lifecycle Manager keeps snapshots of it, the newest of ${new Date(outside.newestOn).toISOString().slice(0, 10)}`;
    default:
      return outside satisfies never;
  }
}

/** `dynamodb:DescribeContinuousBackups: not authorized`, with what it leaves open. */
export const unreadText = ({ operation, message }: AwsFailure, { type }: Pick<Resource, "type">): string =>
  `whether ${type === "EBS" ? "Data Lifecycle Manager keeps snapshots of it" : "its point-in-time recovery is on"} is not known: ${operation}: ${message}`;

/** Amazon DynamoDB Developer Guide, "Point-in-time backups for DynamoDB": a table that had it on leaves a system backup for so long. */
const AFTER_DELETION_DAYS = 35;

/**
 * RDS and Aurora alone let automated backups outlive what they are of, where its deletion asks for it (DeleteAutomatedBackups: Amazon
 * RDS API Reference, DeleteDBInstance and DeleteDBCluster; RDS User Guide, "Retaining automated backups": no Multi-AZ clusters).
 */
const canBeKept = (arn: string, type: string): boolean => type === "Aurora" || (type === "RDS" && arn.includes(":db:"));

const daysText = (days: number): string => `${days} ${days === 1 ? "day" : "days"}`;
