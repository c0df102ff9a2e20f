/** The snapshots behind recovery points of databases: they remember the resource id of what they were taken of. */
import { findPoint } from "../backup/points.ts";
import type { RecoveryPoint } from "../backup/state.ts";
import { ApiError } from "../service.ts";
import { ownArn, tagList, type Owned } from "./context.ts";
import { queryPage, type QueryListing } from "./query-pages.ts";
import { engineOf } from "./rds-engines.ts";

/** All kinds of snapshot are told where none is asked for; all there are here are AWS Backup's. */
interface SnapshotListing extends QueryListing {
  readonly SnapshotType?: string;
}

interface DBSnapshotsInput extends SnapshotListing {
  readonly DBSnapshotIdentifier?: string;
  readonly DBInstanceIdentifier?: string;
  readonly DbiResourceId?: string;
}

export function describeDBSnapshots(input: DBSnapshotsInput, context: Owned): unknown {
  const absent = (id: string) => new ApiError("DBSnapshotNotFoundFault", `DBSnapshot ${id} not found.`);
  const points = snapshots(context, "snapshot:", input.DBSnapshotIdentifier, input, absent).filter(
    ({ resourceArn, sourceResourceId }) =>
      (input.DBInstanceIdentifier ?? nameIn(resourceArn)) === nameIn(resourceArn) &&
      (input.DbiResourceId ?? sourceResourceId) === sourceResourceId,
  );
  const { MaxRecords: _most, Marker: _marker, ...asked } = input;
  const page = queryPage(context, points, input, ["rds", "DescribeDBSnapshots", asked]);
  return { DBSnapshots: page.items.map(snapshotView), Marker: page.next };
}

function snapshotView(point: RecoveryPoint): unknown {
  return {
    DBSnapshotIdentifier: idOf(point.arn),
    DBSnapshotArn: point.arn,
    DBInstanceIdentifier: nameIn(point.resourceArn),
    DbiResourceId: point.sourceResourceId,
    Encrypted: point.encryptionKeyArn !== undefined,
    ...common(point),
  };
}

interface DBClusterSnapshotsInput extends SnapshotListing {
  readonly DBClusterSnapshotIdentifier?: string;
  readonly DBClusterIdentifier?: string;
  readonly DbClusterResourceId?: string;
}

export function describeDBClusterSnapshots(input: DBClusterSnapshotsInput, context: Owned): unknown {
  const absent = (id: string) => new ApiError("DBClusterSnapshotNotFoundFault", `DBClusterSnapshot ${id} not found.`);
  const points = snapshots(context, "cluster-snapshot:", input.DBClusterSnapshotIdentifier, input, absent).filter(
    ({ resourceArn, sourceResourceId }) =>
      (input.DBClusterIdentifier ?? nameIn(resourceArn)) === nameIn(resourceArn) &&
      (input.DbClusterResourceId ?? sourceResourceId) === sourceResourceId,
  );
  const { MaxRecords: _most, Marker: _marker, ...asked } = input;
  const page = queryPage(context, points, input, ["rds", "DescribeDBClusterSnapshots", asked]);
  return { DBClusterSnapshots: page.items.map(clusterSnapshotView), Marker: page.next };
}

function clusterSnapshotView(point: RecoveryPoint): unknown {
  return {
    DBClusterSnapshotIdentifier: idOf(point.arn),
    DBClusterSnapshotArn: point.arn,
    DBClusterIdentifier: nameIn(point.resourceArn),
    DbClusterResourceId: point.sourceResourceId,
    StorageEncrypted: point.encryptionKeyArn !== undefined,
    ...common(point),
  };
}

function common(point: RecoveryPoint) {
  return {
    SnapshotType: "awsbackup",
    Status: point.status === "CREATING" ? "creating" : "available",
    SnapshotCreateTime: point.creationDate,
    Engine: engineOf(point.resourceType),
    KmsKeyId: point.encryptionKeyArn,
    TagList: tagList(point.tags),
  };
}

/** By identifier or ARN, or all there are in the account and Region. */
function snapshots(
  context: Owned,
  sort: "snapshot:" | "cluster-snapshot:",
  named: string | undefined,
  { SnapshotType }: SnapshotListing,
  absent: (id: string) => ApiError,
): readonly RecoveryPoint[] {
  const prefix = ownArn(context, "rds", sort);
  if (named === undefined) return (SnapshotType ?? "awsbackup") === "awsbackup" ? pointsUnder(context, prefix) : [];
  const arn = named.startsWith("arn:") ? named : `${prefix}${named}`;
  const point = arn.startsWith(prefix) ? findPoint(context.state.backup, arn) : undefined;
  if (point === undefined) throw absent(named);
  return [point];
}

function pointsUnder({ state }: Owned, prefix: string): readonly RecoveryPoint[] {
  const found: RecoveryPoint[] = [];
  for (const vault of state.backup.vaults.values()) {
    for (const point of vault.points) if (point.arn.startsWith(prefix)) found.push(point);
  }
  return found.toSorted((a, b) => (a.arn < b.arn ? -1 : 1));
}

/** `awsbackup:job-…`. */
function idOf(arn: string): string {
  return arn.split(":").slice(6).join(":");
}

function nameIn(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}
