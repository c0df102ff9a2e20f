/** How recovery points end: by their lifecycle, by request, or not at all (semantics §4.4, §4.6). */
import { announce } from "./announcements.ts";
import { fractionOf } from "./digest.ts";
import { calculated } from "./lifecycle.ts";
import { pointAnnouncement } from "./other-announcements.ts";
import { isPresent, removePoint, scheduleLifecycle } from "./points.ts";
import type { BackupState, RecoveryPoint } from "./state.ts";
import { addSeconds } from "./time.ts";

/** Expiry runs at a random moment within so long after a point is due, in seconds. */
const expirySpread = 8 * 3600;

export type DeletedBy = "lifecycle" | "request";

/** A turn of the lifecycle is due. Whether it still applies is looked up now: days change, holds come and go. */
export function pointDue(state: BackupState, point: RecoveryPoint, at: Date): void {
  if (!mayTurn(state, point)) return;
  const { MoveToColdStorageAt, DeleteAt } = calculated(point);
  if (DeleteAt !== undefined && DeleteAt <= at) {
    state.agenda.add(addSeconds(at, fractionOf(point.arn) * expirySpread), { what: "point-expiry", point });
  } else if (point.storageClass === "WARM" && MoveToColdStorageAt !== undefined && MoveToColdStorageAt <= at) {
    point.storageClass = "COLD";
    scheduleLifecycle(state, point, at);
  } else if (point.lastSync !== undefined) {
    // A continuous point's expiry moves with each run of its rule. Any other change of days has put its own entry on the agenda.
    scheduleLifecycle(state, point, at);
  }
}

export function pointExpiry(state: BackupState, point: RecoveryPoint, at: Date): void {
  const { DeleteAt } = calculated(point);
  if (DeleteAt === undefined || DeleteAt > at || !mayTurn(state, point)) return;
  beginDeletion(state, point, at, "lifecycle");
}

/** The point turns DELETING; some time later it is gone, or EXPIRED where AWS Backup lacked the rights. */
export function beginDeletion(state: BackupState, point: RecoveryPoint, at: Date, by: DeletedBy): void {
  point.status = "DELETING";
  announce(state, at, () => pointAnnouncement(point));
  state.agenda.add(addSeconds(at, state.world.options.duration.deletion), { what: "point-removal", point, by });
}

export function finishDeletion(state: BackupState, point: RecoveryPoint, by: DeletedBy, at: Date): void {
  if (!isPresent(point) || point.status !== "DELETING") return;
  const obstacle = obstacleTo(state, point, by);
  if (obstacle === undefined) return removePoint(state, point, at);
  point.status = "EXPIRED";
  point.statusMessage = obstacle;
  announce(state, at, () => pointAnnouncement(point));
}

export function isHeld(state: BackupState, point: RecoveryPoint): boolean {
  for (const hold of state.legalHolds.values()) {
    if (hold.status !== "CANCELED" && hold.points.has(point)) return true;
  }
  return false;
}

/** Lifecycle deletions use the role of the job and fall back to the service-linked role; deletions by hand use the latter.
 * An image always needs the job's role. */
function obstacleTo({ world, account, region }: BackupState, point: RecoveryPoint, by: DeletedBy): string | undefined {
  if (point.undeletable !== undefined) return point.undeletable;
  const user = world.userOf(account, region, point.arn);
  if (user !== undefined) return `AWS Backup could not delete this recovery point: it is currently in use by ${user}.`;
  const own = point.iamRoleArn !== undefined && world.roleExists(point.iamRoleArn);
  const linked = world.serviceLinkedRoleExists(account);
  const able = point.resourceType === "EC2" ? own && linked : linked || (by === "lifecycle" && own);
  return able
    ? undefined
    : "AWS Backup is not authorized to delete this recovery point: the role it would use does not exist.";
}

/** There, at rest, and under no legal hold. An EXPIRED point is not tried again. */
function mayTurn(state: BackupState, point: RecoveryPoint): boolean {
  const resting = point.status !== "CREATING" && point.status !== "DELETING" && point.status !== "EXPIRED";
  return resting && isPresent(point) && !isHeld(state, point);
}
