/** Continuous backup: one point per resource, made and carried on by plans alone (semantics §4.7). */
import type { RecoveryPointCreator } from "@aws-sdk/client-backup";
import { announce } from "./announcements.ts";
import type { Landing } from "./landing.ts";
import { pointAnnouncement } from "./other-announcements.ts";
import { retentionOf } from "./plan-document.ts";
import { isCluster } from "./point-arns.ts";
import { resourceType } from "./resource-types.ts";
import type { BackupOrder, BackupState, RecoveryPoint } from "./state.ts";

/** What the run of a rule makes: an ordinary snapshot, the first (or a new) continuous point, or nothing new because the point goes on. */
export type ContinuousBackup =
  | { readonly what: "snapshot" | "continuous"; readonly message: string | undefined }
  | { readonly what: "carry-on"; readonly point: RecoveryPoint; readonly message: undefined };

/** Settles it, and does to the existing point what the run does to it. */
export function continuousBackup(
  state: BackupState,
  order: BackupOrder,
  landing: Landing,
  createdBy: RecoveryPointCreator | undefined,
  at: Date,
): ContinuousBackup {
  if (order.kind === "snapshot" || !isCapable(order)) return { what: "snapshot", message: undefined };
  const existing = livePoint(state, order.resource.arn);
  if (existing === undefined) return { what: "continuous", message: undefined };
  if (existing.vault !== landing.vault) return { what: "snapshot", message: takenElsewhere(order, existing) };
  const change = retentionOf(order.lifecycle) - retentionOf(existing.lifecycle);
  const ofAnotherRule = existing.createdBy?.BackupRuleId !== createdBy?.BackupRuleId;
  if (change !== 0 && order.resource.type === "S3" && !(ofAnotherRule && change < 0)) {
    existing.status = "STOPPED";
    announce(state, at, () => pointAnnouncement(existing));
    return { what: "continuous", message: undefined };
  }
  // Of several rules in one vault the longest retention wins; a rule's own change takes effect either way.
  if (change > 0 || !ofAnotherRule) existing.lifecycle = { ...order.lifecycle };
  existing.lastSync = at;
  return { what: "carry-on", point: existing, message: undefined };
}

/** Multi-AZ clusters of RDS have no point-in-time recovery here. */
function isCapable({ resource }: BackupOrder): boolean {
  return resourceType(resource.type)?.continuous === true && !(resource.type === "RDS" && isCluster(resource.arn));
}

/** The one continuous point of a resource, if it has one that goes on. */
export function livePoint(state: BackupState, resourceArn: string): RecoveryPoint | undefined {
  for (const point of state.protectedResources.get(resourceArn)?.points ?? []) {
    if (point.continuous && (point.status === "AVAILABLE" || point.status === "CREATING")) return point;
  }
  return undefined;
}

/** The first rule has the continuous point; rules for other vaults make snapshots, completed with issues. */
function takenElsewhere({ resource }: BackupOrder, existing: RecoveryPoint): string {
  if (resource.type === "S3") {
    const bucket = resource.arn.split(":").at(-1) ?? "";
    return `Bucket ${bucket} already has continuous backup enabled for another vault Backup job failed.`;
  }
  const plan = existing.createdBy?.BackupPlanArn ?? "";
  return `Enabling continuous backup failed, because of the following error: PITR already configured in backup plan: [${plan}]`;
}
