import type { DescribeDBClustersCommandOutput, DescribeDBInstancesCommandOutput } from "@aws-sdk/client-rds";
import { describeDbClusters, describeDbInstances } from "../aws/owner-operations.ts";
import type { Call } from "../aws/operation.ts";
import { markedPages } from "../aws/pages.ts";
import { type Owned, owned } from "./owned.ts";
import { after, daysOrNone, matches, type OwnerService, toldOf } from "./service.ts";

const databasesIn = ({ DBInstances = [] }: Pick<DescribeDBInstancesCommandOutput, "DBInstances">): readonly Owned[] =>
  DBInstances.flatMap(({ DBInstanceArn: arn, DbiResourceId: id, ...database }) =>
    arn === undefined
      ? []
      : [
          owned(arn, {
            id,
            created: database.InstanceCreateTime,
            tagList: database.TagList,
            idle: database.DBInstanceStatus === "stopped" ? "stopped" : undefined,
            ownBackupDays: automatedDays(database),
            coveredBy: database.DBClusterIdentifier && `the cluster ${database.DBClusterIdentifier}`,
          }),
        ],
  );

/** Every database there is, by its ARN and its id. */
async function* databases(call: Call<typeof describeDbInstances>): AsyncGenerator<Owned> {
  for await (const page of markedPages(describeDbInstances.name, (Marker) =>
    call(describeDbInstances, { MaxRecords: 100, Marker }),
  ))
    yield* databasesIn(page);
}

const clustersIn = ({ DBClusters = [] }: Pick<DescribeDBClustersCommandOutput, "DBClusters">): readonly Owned[] =>
  DBClusters.flatMap(({ DBClusterArn: arn, DbClusterResourceId: id, ...cluster }) =>
    arn === undefined
      ? []
      : [
          owned(arn, {
            id,
            type: clusterType(cluster.Engine),
            created: cluster.ClusterCreateTime,
            tagList: cluster.TagList,
            idle: cluster.Status === "stopped" ? "stopped" : undefined,
            ownBackupDays: automatedDays(cluster),
          }),
        ],
  );

/** Every cluster of databases there is, by its ARN and its id. */
async function* clusters(call: Call<typeof describeDbClusters>): AsyncGenerator<Owned> {
  for await (const page of markedPages(describeDbClusters.name, (Marker) =>
    call(describeDbClusters, { MaxRecords: 100, Marker }),
  ))
    yield* clustersIn(page);
}

/** AWS Backup tells clusters apart by their engine, which their ARNs do not show (semantics §4.1). */
function clusterType(engine: string | undefined): string | undefined {
  if (engine === undefined) return undefined;
  if (engine.startsWith("aurora")) return "Aurora";
  return engine === "docdb" ? "DocumentDB" : engine === "neptune" ? "Neptune" : "RDS";
}

/**
 * For how long RDS keeps automated backups that are its own, if it does. AWS Backup's continuous backups are the same automated backups
 * (AWS Backup Developer Guide, "Continuous backups and point-in-time recovery"): where a database names the recovery point that they
 * are, AWS Backup keeps them. A change that waits for the maintenance window, as to switch them off does, counts already.
 */
function automatedDays({
  AwsBackupRecoveryPointArn,
  BackupRetentionPeriod = 0,
  PendingModifiedValues,
}: Automated): number | undefined {
  if (AwsBackupRecoveryPointArn !== undefined) return undefined;
  return daysOrNone(Math.min(BackupRetentionPeriod, PendingModifiedValues?.BackupRetentionPeriod ?? Infinity));
}

/** What databases and clusters of them tell alike. */
interface Automated {
  readonly AwsBackupRecoveryPointArn?: string | undefined;
  readonly BackupRetentionPeriod?: number | undefined;
  readonly PendingModifiedValues?: { readonly BackupRetentionPeriod?: number | undefined } | undefined;
}

/** RDS's databases, those of clusters among them. */
export const db: OwnerService = {
  types: ["RDS"],
  mayBeCovered: true,
  owns: matches(/^arn:[^:]+:rds:[^:]+:\d{12}:db:/),
  list: databases,
  renames: databases,
  read: (call, arn) => toldOf(arn, call(describeDbInstances, { DBInstanceIdentifier: after(arn, ":") }), databasesIn),
};

/** Clusters of databases, whose ARNs are alike whatever their engine is. */
export const cluster: OwnerService = {
  types: ["Aurora", "RDS"],
  alsoLists: ["DocumentDB", "Neptune"],
  owns: matches(/^arn:[^:]+:rds:[^:]+:\d{12}:cluster:/),
  list: clusters,
  renames: clusters,
  read: (call, arn) => toldOf(arn, call(describeDbClusters, { DBClusterIdentifier: after(arn, ":") }), clustersIn),
};
