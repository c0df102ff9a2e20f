/** RDS: databases and clusters of databases, which keep their resource id when they are renamed (Amazon RDS API Reference). */
import { livePoint } from "../backup/continuous.ts";
import { retentionOf } from "../backup/plan-document.ts";
import { ApiError, type Handlers } from "../service.ts";
import type { Resource } from "../world.ts";
import {
  resourceNamed,
  resourcesOf,
  tagList,
  tagsFrom,
  type Owned,
  type OwnedResource,
  type OwnerState,
} from "./context.ts";
import { invalidValue, queryPage, type QueryListing } from "./query-pages.ts";
import { engineOf } from "./rds-engines.ts";
import { describeDBClusterSnapshots, describeDBSnapshots } from "./rds-snapshots.ts";
import { addOwnerTags } from "./tags.ts";

interface RdsListing extends QueryListing {
  readonly Filters?: readonly { readonly Name?: string; readonly Values?: readonly string[] }[];
}

function describeDBInstances(input: RdsListing & { readonly DBInstanceIdentifier?: string }, context: Owned): unknown {
  const found = databases(context, "db:", input.DBInstanceIdentifier, (id) => {
    return new ApiError("DBInstanceNotFoundFault", `DBInstance ${id} not found.`);
  });
  const matching = found.filter((one) => matches(input.Filters, one, ["db-instance-id", "dbi-resource-id"]));
  const page = queryPage(context, matching, input, ["rds", "DescribeDBInstances", input.Filters]);
  return { DBInstances: page.items.map((one) => instanceView(context, one)), Marker: page.next };
}

function instanceView(context: Owned, { id, resource }: OwnedResource): unknown {
  return {
    DBInstanceIdentifier: id,
    DBInstanceArn: resource.arn,
    DbiResourceId: resource.resourceId,
    DBClusterIdentifier: resource.inCluster,
    DBInstanceStatus: resource.idle ? "stopped" : "available",
    InstanceCreateTime: resource.created,
    ...automatedBackups(context, resource, 0),
    Engine: engineOf(resource.type),
    StorageEncrypted: resource.encryptedWith !== undefined,
    KmsKeyId: resource.encryptedWith,
    TagList: tagList(resource.tags),
  };
}

function describeDBClusters(input: RdsListing & { readonly DBClusterIdentifier?: string }, context: Owned): unknown {
  const found = databases(context, "cluster:", input.DBClusterIdentifier, (id) => {
    return new ApiError("DBClusterNotFoundFault", `DBCluster ${id} not found.`);
  });
  const matching = found.filter((one) => matches(input.Filters, one, ["db-cluster-id", "db-cluster-resource-id"]));
  const page = queryPage(context, matching, input, ["rds", "DescribeDBClusters", input.Filters]);
  return { DBClusters: page.items.map((one) => clusterView(context, one)), Marker: page.next };
}

function clusterView(context: Owned, { id, resource }: OwnedResource): unknown {
  return {
    DBClusterIdentifier: id,
    DBClusterArn: resource.arn,
    DbClusterResourceId: resource.resourceId,
    Status: resource.idle ? "stopped" : "available",
    ClusterCreateTime: resource.created,
    ...automatedBackups(context, resource, 1),
    Engine: engineOf(resource.type),
    StorageEncrypted: resource.encryptedWith !== undefined,
    KmsKeyId: resource.encryptedWith,
    TagList: tagList(resource.tags),
  };
}

/** AWS Backup's continuous backups of a database are its automated backups, kept as the point is. */
function automatedBackups({ state }: Owned, resource: Resource, fewest: number): object {
  const point = livePoint(state.backup, resource.arn);
  if (point === undefined) return { BackupRetentionPeriod: resource.ownBackupDays ?? fewest };
  return { BackupRetentionPeriod: retentionOf(point.lifecycle), AwsBackupRecoveryPointArn: point.arn };
}

/** All of a sort, or the one that is named by its identifier, in any case, or its ARN. */
function databases(
  context: Owned,
  sort: "db:" | "cluster:",
  named: string | undefined,
  absent: (id: string) => ApiError,
): readonly OwnedResource[] {
  if (named === undefined) return resourcesOf(context, "rds", sort);
  const id = named.startsWith("arn:") ? named.slice(named.lastIndexOf(":") + 1) : named.toLowerCase();
  const found = resourceNamed(context, "rds", sort, id);
  if (found === undefined || (named.startsWith("arn:") && found.resource.arn !== named)) throw absent(named);
  return [found];
}

/** The two filters of each listing: by identifier or ARN, and by resource id. */
function matches(
  filters: RdsListing["Filters"],
  { id, resource }: OwnedResource,
  [byName, byResourceId]: readonly [string, string],
): boolean {
  return (filters ?? []).every(({ Name = "", Values = [] }) => {
    if (Name === byName) return Values.some((value) => value === id || value === resource.arn);
    if (Name === byResourceId) return resource.resourceId !== undefined && Values.includes(resource.resourceId);
    throw invalidValue(`Unrecognized filter name: ${Name}`);
  });
}

const absences: Readonly<Record<string, string>> = {
  cluster: "DBClusterNotFoundFault",
  snapshot: "DBSnapshotNotFoundFault",
  "cluster-snapshot": "DBClusterSnapshotNotFoundFault",
};

function addTagsToResource(
  input: { readonly ResourceName: string; readonly Tags?: Parameters<typeof tagsFrom>[0] },
  context: Owned,
): void {
  const tags = tagsFrom(input.Tags, invalidValue);
  if (addOwnerTags(context.state, input.ResourceName, tags)) return;
  const sort = input.ResourceName.split(":")[5] ?? "";
  throw new ApiError(absences[sort] ?? "DBInstanceNotFoundFault", `${input.ResourceName} was not found.`);
}

export const rdsHandlers: Handlers<OwnerState> = {
  DescribeDBInstances: describeDBInstances,
  DescribeDBClusters: describeDBClusters,
  DescribeDBSnapshots: describeDBSnapshots,
  DescribeDBClusterSnapshots: describeDBClusterSnapshots,
  AddTagsToResource: addTagsToResource,
};
