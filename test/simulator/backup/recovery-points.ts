/** Recovery points: reading, changing their lifecycle, deleting, disassociating (semantics §4.2-4.5). */
import type {
  DeleteRecoveryPointInput,
  DescribeRecoveryPointInput,
  DescribeRecoveryPointOutput,
  DisassociateRecoveryPointFromParentInput,
  DisassociateRecoveryPointInput,
  Lifecycle,
  ListRecoveryPointsByBackupVaultInput,
  ListRecoveryPointsByBackupVaultOutput,
  ListRecoveryPointsByResourceInput,
  ListRecoveryPointsByResourceOutput,
  UpdateRecoveryPointLifecycleInput,
  UpdateRecoveryPointLifecycleOutput,
} from "@aws-sdk/client-backup";
import { announce } from "./announcements.ts";
import type { BackupContext, Checked } from "./contract.ts";
import { beginDeletion, isHeld } from "./deletion.ts";
import { invalidParameter, invalidRequest, invalidState, notFound } from "./errors.ts";
import { applicable, calculated, given, lifecycleProblem } from "./lifecycle.ts";
import { pointAnnouncement } from "./other-announcements.ts";
import { pageOf } from "./paging.ts";
import { asDescribed, asListed, asListedByResource, nativeAsListed } from "./point-views.ts";
import { removePoint, scheduleLifecycle } from "./points.ts";
import type { RecoveryPoint } from "./state.ts";
import { day } from "./time.ts";
import { refuseLocked } from "./vault-lock.ts";
import { reachVault } from "./vault-permission.ts";

type PointInput = Checked<DescribeRecoveryPointInput>;

export function describeRecoveryPoint(input: PointInput, context: BackupContext): DescribeRecoveryPointOutput {
  return asDescribed(reachPoint(context, input, "DescribeRecoveryPoint"));
}

/** No status filter; the order is that of arrival. */
export function listRecoveryPointsByBackupVault(
  input: Checked<ListRecoveryPointsByBackupVaultInput>,
  context: BackupContext,
): ListRecoveryPointsByBackupVaultOutput {
  const listing = "ListRecoveryPointsByBackupVault";
  const vault = reachVault(context, input.BackupVaultName, listing, { owner: input.BackupVaultAccountId });
  const page = pageOf(context, listing, input, vault.points, (point) => isAskedFor(point, input));
  return { RecoveryPoints: page.rows.map(asListed), NextToken: page.NextToken };
}

/** Includes backups that the owning service made itself, unless only AWS Backup's are asked for. */
export function listRecoveryPointsByResource(
  input: Checked<ListRecoveryPointsByResourceInput>,
  context: BackupContext,
): ListRecoveryPointsByResourceOutput {
  const { state } = context;
  if (input.ResourceArn.includes(":rds:") && (input.MaxResults ?? 20) < 20) {
    throw invalidParameter("MaxResults must be at least 20 for RDS resources");
  }
  const points = Array.from(state.protectedResources.get(input.ResourceArn)?.points ?? [], (point) => ({
    sequence: point.sequence,
    view: asListedByResource(point),
  }));
  const others = state.nativeBackups
    .filter((backup) => input.ManagedByAWSBackupOnly !== true && backup.resourceArn === input.ResourceArn)
    .map((backup) => ({ sequence: backup.sequence, view: nativeAsListed(backup) }));
  const rows = [...points, ...others].toSorted((a, b) => a.sequence - b.sequence);
  const page = pageOf(context, "ListRecoveryPointsByResource", input, rows);
  return { RecoveryPoints: page.rows.map(({ view }) => view), NextToken: page.NextToken };
}

/** A day value left out is nulled: kept for ever. */
export function updateRecoveryPointLifecycle(
  input: Checked<UpdateRecoveryPointLifecycleInput>,
  context: BackupContext,
): UpdateRecoveryPointLifecycleOutput {
  const { state, now } = context;
  const point = reachPoint(context, input, "UpdateRecoveryPointLifecycle");
  refuseLocked(point.vault, "Changing the lifecycle of a recovery point");
  if (point.continuous) throw invalidRequest("The lifecycle of a continuous recovery point cannot be changed.");
  refuseBusy(point);
  const lifecycle = applicable(input.Lifecycle, point.resourceType);
  const problem = lifecycleProblem(input.Lifecycle, "snapshot") ?? coldProblem(point, lifecycle, now);
  if (problem !== undefined) throw invalidParameter(problem);
  point.lifecycle = lifecycle;
  scheduleLifecycle(state, point, now);
  return {
    BackupVaultArn: point.vault.arn,
    RecoveryPointArn: point.arn,
    Lifecycle: { ...point.lifecycle },
    CalculatedLifecycle: calculated(point),
  };
}

/** Answers at once and works later: DELETING, then gone, or EXPIRED where AWS Backup lacks the rights. */
export function deleteRecoveryPoint(input: Checked<DeleteRecoveryPointInput>, context: BackupContext): void {
  const { state, now } = context;
  const point = reachPoint(context, input, "DeleteRecoveryPoint");
  refuseLocked(point.vault, "Deleting a recovery point");
  if (isHeld(state, point)) throw invalidRequest("Recovery point cannot be deleted: it is under a legal hold.");
  refuseBusy(point);
  if (point.isParent && hasChildren(point)) {
    throw invalidRequest("Recovery point cannot be deleted: its nested recovery points must be deleted first.");
  }
  beginDeletion(state, point, now, "request");
}

/** Gives a continuous point back to its service: out of the vault for databases, STOPPED until its expiry for S3 and SAP HANA. */
export function disassociateRecoveryPoint(
  input: Checked<DisassociateRecoveryPointInput>,
  context: BackupContext,
): void {
  const { state, now } = context;
  const point = reachPoint(context, input, "DisassociateRecoveryPoint");
  if (!point.continuous) throw invalidRequest("Only continuous recovery points can be disassociated.");
  refuseLocked(point.vault, "Disassociating a recovery point");
  refuseBusy(point);
  if (point.resourceType === "RDS" || point.resourceType === "Aurora") removePoint(state, point, now);
  else {
    point.status = "STOPPED";
    announce(state, now, () => pointAnnouncement(point));
  }
}

/** The child becomes an ordinary recovery point. */
export function disassociateRecoveryPointFromParent(
  input: Checked<DisassociateRecoveryPointFromParentInput>,
  context: BackupContext,
): void {
  const point = reachPoint(context, input, "DisassociateRecoveryPointFromParent");
  if (point.parentArn === undefined) throw invalidRequest("Recovery point has no parent.");
  refuseLocked(point.vault, "Disassociating a recovery point");
  if (isHeld(context.state, point)) throw invalidRequest("Recovery point is under a legal hold.");
  point.parentArn = undefined;
}

/** Point actions are judged on the point's own ARN (semantics §8.1). */
export function reachPoint(context: BackupContext, input: PointInput, action: string): RecoveryPoint {
  const vault = reachVault(context, input.BackupVaultName, action, {
    owner: input.BackupVaultAccountId,
    resource: input.RecoveryPointArn,
  });
  const point = vault.points.get(input.RecoveryPointArn);
  if (point === undefined) throw notFound(`Cannot find recovery point ${input.RecoveryPointArn}`);
  return point;
}

function refuseBusy(point: RecoveryPoint): void {
  if (point.status === "CREATING" || point.status === "DELETING") {
    throw invalidState(`Another action on recovery point ${point.arn} is in progress`);
  }
}

function hasChildren(parent: RecoveryPoint): boolean {
  for (const point of parent.vault.points) if (point.parentArn === parent.arn) return true;
  return false;
}

/** What is cold stays so; a new cold date cannot lie in the past. */
function coldProblem(point: RecoveryPoint, lifecycle: Lifecycle, now: Date): string | undefined {
  const before = given(point.lifecycle.MoveToColdStorageAfterDays);
  const wanted = given(lifecycle.MoveToColdStorageAfterDays);
  if (wanted === before) return undefined;
  if (point.storageClass === "COLD") {
    return "Invalid lifecycle. MoveToColdStorageAfterDays cannot be changed once a recovery point is in cold storage";
  }
  const age = Math.floor((now.getTime() - point.creationDate.getTime()) / day);
  const late = wanted !== undefined && wanted < age + 1;
  return late ? `Invalid lifecycle. MoveToColdStorageAfterDays must be at least ${age + 1}` : undefined;
}

/** Both ends of the window are open. */
function isAskedFor(point: RecoveryPoint, by: Checked<ListRecoveryPointsByBackupVaultInput>): boolean {
  return (
    (by.ByCreatedAfter === undefined || point.creationDate > by.ByCreatedAfter) &&
    (by.ByCreatedBefore === undefined || point.creationDate < by.ByCreatedBefore) &&
    (by.ByResourceArn === undefined || point.resourceArn === by.ByResourceArn) &&
    (by.ByResourceType === undefined || point.resourceType === by.ByResourceType) &&
    (by.ByBackupPlanId === undefined || point.createdBy?.BackupPlanId === by.ByBackupPlanId) &&
    (by.ByParentRecoveryPointArn === undefined || point.parentArn === by.ByParentRecoveryPointArn)
  );
}
