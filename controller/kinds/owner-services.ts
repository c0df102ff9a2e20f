import {
  describeDbClusters,
  describeDbInstances,
  describeEfsFileSystems,
  describeFsxFileSystems,
  describeFsxVolumes,
  describeInstances,
  describeRedshiftClusters,
  describeTable,
  describeVolumes,
  getBucketLocation,
  listBuckets,
  listTables,
} from "../aws/owner-operations.ts";
import type { Call } from "../aws/operation.ts";
import { unless } from "../domain/errors.ts";
import { partitionOf, type Target } from "../domain/identity.ts";
import { markedPages, pages } from "./listing.ts";
import { type Owned, owned } from "./owned.ts";

const BOTH = [
  describeVolumes,
  describeInstances,
  describeDbInstances,
  describeDbClusters,
  describeEfsFileSystems,
  describeFsxFileSystems,
  describeFsxVolumes,
  describeRedshiftClusters,
] as const;

/** The reads that list what there is, which is half a proof (rule 3). */
export const OWNER_LISTINGS = [...BOTH, listTables, listBuckets] as const;
export type ListingCall = Call<(typeof OWNER_LISTINGS)[number]>;

/** The reads that ask for one resource, which is the other half. */
export const OWNER_READS = [...BOTH, describeTable, getBucketLocation] as const;
export type OwnerCall = Call<(typeof OWNER_READS)[number]>;

/** One sort of resource, as its own service tells it. */
export interface OwnerService {
  /** AWS Backup's types whose resources these are. */
  readonly types: readonly string[];
  /** Further types that its listing shows and that it proves nothing of (rule 3): RDS lists the clusters of every engine. */
  readonly alsoLists?: readonly string[];
  /** Of some of these AWS Backup backs up something else in their stead (`coveredBy`), which nothing but this listing tells. */
  readonly mayBeCovered?: true;
  /** Whether an ARN is of this sort. */
  readonly owns: (arn: string) => boolean;
  /** Every one there is. A listing that breaks off throws. */
  readonly list: (call: ListingCall, target: Target) => AsyncIterable<Owned>;
  /** A direct read: false is the service's own typed not-found; whatever else goes wrong throws. */
  readonly exists: (call: OwnerCall, arn: string) => Promise<boolean>;
  /** Everyone alive, with the id that outlives a new name. Present where names may move, so that absence under one proves nothing. */
  readonly renames?: (call: OwnerCall) => AsyncIterable<Owned>;
}

const after = (arn: string, separator: string): string => arn.slice(arn.lastIndexOf(separator) + 1);
const arnIn = (service: string, { account, region }: Target, resource: string): string =>
  `arn:${partitionOf(region)}:${service}:${region}:${account}:${resource}`;
const matches = (pattern: RegExp) => (arn: string) => pattern.test(arn);

/** Whether a read found anything; the service's typed not-found is a no. */
const found = async (read: Promise<unknown>): Promise<boolean> =>
  (await unless("missing", read, undefined)) !== undefined;

/** Every database there is, by its ARN and its id. */
async function* databases(call: Call<typeof describeDbInstances>): AsyncGenerator<Owned> {
  for await (const page of markedPages(describeDbInstances.name, (Marker) =>
    call(describeDbInstances, { MaxRecords: 100, Marker }),
  ))
    for (const { DBInstanceArn: arn, DbiResourceId: id, ...database } of page.DBInstances ?? [])
      if (arn !== undefined)
        yield owned(arn, {
          id,
          created: database.InstanceCreateTime,
          tagList: database.TagList,
          idle: database.DBInstanceStatus === "stopped" ? "stopped" : undefined,
          ownBackupDays: automatedDays(database),
          coveredBy: database.DBClusterIdentifier && `the cluster ${database.DBClusterIdentifier}`,
        });
}

/** Every cluster of databases there is, by its ARN and its id. */
async function* clusters(call: Call<typeof describeDbClusters>): AsyncGenerator<Owned> {
  for await (const page of markedPages(describeDbClusters.name, (Marker) =>
    call(describeDbClusters, { MaxRecords: 100, Marker }),
  ))
    for (const { DBClusterArn: arn, DbClusterResourceId: id, ...cluster } of page.DBClusters ?? [])
      if (arn !== undefined)
        yield owned(arn, {
          id,
          type: clusterType(cluster.Engine),
          created: cluster.ClusterCreateTime,
          tagList: cluster.TagList,
          idle: cluster.Status === "stopped" ? "stopped" : undefined,
          ownBackupDays: automatedDays(cluster),
        });
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

/** Where nothing is kept services say 0, or nothing. */
const daysOrNone = (days = 0): number | undefined => (days > 0 ? days : undefined);

/** AWS Backup tells clusters apart by their engine, which their ARNs do not show (semantics §4.1). */
function clusterType(engine: string | undefined): string | undefined {
  if (engine === undefined) return undefined;
  if (engine.startsWith("aurora")) return "Aurora";
  return engine === "docdb" ? "DocumentDB" : engine === "neptune" ? "Neptune" : "RDS";
}

/**
 * The services that can prove a resource gone (rule 3). Stacks and EKS clusters are not among them although they could: their points
 * are composite, and those are never judged (rule 10). Every other type is unknown.
 */
export const OWNER_SERVICES: Readonly<Record<string, OwnerService>> = {
  volume: {
    types: ["EBS"],
    owns: matches(/^arn:[^:]+:ec2:[^:]+:\d{12}:volume\//),
    list: async function* (call, target) {
      for await (const page of pages(describeVolumes.name, (NextToken) =>
        call(describeVolumes, { MaxResults: 500, NextToken }),
      ))
        for (const { VolumeId, CreateTime: created, Tags: tagList = [], State } of page.Volumes ?? [])
          if (VolumeId !== undefined)
            yield owned(arnIn("ec2", target, `volume/${VolumeId}`), {
              created,
              tagList,
              idle: State === "available" ? "unattached" : undefined,
            });
    },
    exists: (call, arn) => found(call(describeVolumes, { VolumeIds: [after(arn, "/")] })),
  },
  instance: {
    types: ["EC2"],
    owns: matches(/^arn:[^:]+:ec2:[^:]+:\d{12}:instance\//),
    list: async function* (call, target) {
      for await (const page of pages(describeInstances.name, (NextToken) =>
        call(describeInstances, { MaxResults: 500, NextToken }),
      ))
        for (const instance of (page.Reservations ?? []).flatMap(({ Instances = [] }) => Instances))
          if (instance.InstanceId !== undefined && instance.State?.Name !== "terminated")
            // LaunchTime is that of its last start, and tells nothing of when it was made.
            yield owned(arnIn("ec2", target, `instance/${instance.InstanceId}`), {
              tagList: instance.Tags ?? [],
              idle: instance.State?.Name === "stopped" ? "stopped" : undefined,
            });
    },
    // A terminated instance is still described for about an hour.
    exists: async (call, arn) => {
      const answer = await unless("missing", call(describeInstances, { InstanceIds: [after(arn, "/")] }), undefined);
      const instances = (answer?.Reservations ?? []).flatMap(({ Instances = [] }) => Instances);
      return (
        answer !== undefined && !(instances.length > 0 && instances.every(({ State }) => State?.Name === "terminated"))
      );
    },
  },
  db: {
    types: ["RDS"],
    mayBeCovered: true,
    owns: matches(/^arn:[^:]+:rds:[^:]+:\d{12}:db:/),
    list: databases,
    renames: databases,
    exists: (call, arn) => found(call(describeDbInstances, { DBInstanceIdentifier: after(arn, ":") })),
  },
  cluster: {
    types: ["Aurora", "RDS"],
    alsoLists: ["DocumentDB", "Neptune"],
    owns: matches(/^arn:[^:]+:rds:[^:]+:\d{12}:cluster:/),
    list: clusters,
    renames: clusters,
    exists: (call, arn) => found(call(describeDbClusters, { DBClusterIdentifier: after(arn, ":") })),
  },
  table: {
    types: ["DynamoDB"],
    owns: matches(/^arn:[^:]+:dynamodb:[^:]+:\d{12}:table\//),
    list: async function* (call, target) {
      let last: string | undefined;
      do {
        const page = await call(listTables, { Limit: 100, ExclusiveStartTableName: last });
        for (const name of page.TableNames ?? []) yield { arn: arnIn("dynamodb", target, `table/${name}`) };
        last = page.LastEvaluatedTableName;
      } while (last !== undefined);
    },
    exists: (call, arn) => found(call(describeTable, { TableName: after(arn, "/") })),
  },
  fileSystem: {
    types: ["EFS"],
    owns: matches(/^arn:[^:]+:elasticfilesystem:[^:]+:\d{12}:file-system\//),
    list: async function* (call, target) {
      for await (const page of markedPages(describeEfsFileSystems.name, async (Marker) => {
        const answer = await call(describeEfsFileSystems, { MaxItems: 100, Marker });
        return { ...answer, Marker: answer.NextMarker };
      }))
        for (const { FileSystemId: id, CreationTime: created, Tags: tagList } of page.FileSystems ?? [])
          if (id !== undefined)
            yield owned(arnIn("elasticfilesystem", target, `file-system/${id}`), { created, tagList });
    },
    exists: (call, arn) => found(call(describeEfsFileSystems, { FileSystemId: after(arn, "/") })),
  },
  fsxFileSystem: {
    types: ["FSx"],
    mayBeCovered: true,
    owns: matches(/^arn:[^:]+:fsx:[^:]+:\d{12}:file-system\//),
    list: async function* (call, target) {
      for await (const page of pages(describeFsxFileSystems.name, (NextToken) =>
        call(describeFsxFileSystems, { NextToken }),
      ))
        for (const { FileSystemId: id, CreationTime: created, Tags: tagList, ...system } of page.FileSystems ?? [])
          if (id !== undefined)
            yield owned(arnIn("fsx", target, `file-system/${id}`), {
              created,
              tagList,
              ownBackupDays: daysOrNone(
                (system.WindowsConfiguration ?? system.LustreConfiguration ?? system.OpenZFSConfiguration)
                  ?.AutomaticBackupRetentionDays,
              ),
              coveredBy: system.FileSystemType === "ONTAP" ? "its volumes" : undefined,
            });
    },
    exists: (call, arn) => found(call(describeFsxFileSystems, { FileSystemIds: [after(arn, "/")] })),
  },
  fsxVolume: {
    types: ["FSx"],
    mayBeCovered: true,
    owns: matches(/^arn:[^:]+:fsx:[^:]+:\d{12}:volume\//),
    list: async function* (call, target) {
      for await (const page of pages(describeFsxVolumes.name, (NextToken) => call(describeFsxVolumes, { NextToken })))
        for (const { FileSystemId, VolumeId, VolumeType, CreationTime: created, Tags: tagList } of page.Volumes ?? [])
          if (FileSystemId !== undefined && VolumeId !== undefined)
            yield owned(arnIn("fsx", target, `volume/${FileSystemId}/${VolumeId}`), {
              created,
              tagList,
              coveredBy: VolumeType === "OPENZFS" ? "its file system" : undefined,
            });
    },
    exists: (call, arn) => found(call(describeFsxVolumes, { VolumeIds: [after(arn, "/")] })),
  },
  bucket: {
    types: ["S3"],
    owns: matches(/^arn:[^:]+:s3:::[^/]+$/),
    list: async function* (call, { region }) {
      for await (const page of pages(listBuckets.name, async (ContinuationToken) => {
        const answer = await call(listBuckets, { MaxBuckets: 1_000, ContinuationToken });
        return { ...answer, NextToken: answer.ContinuationToken };
      }))
        for (const { Name, CreationDate: created, BucketRegion } of page.Buckets ?? [])
          if (Name !== undefined)
            yield owned(`arn:${partitionOf(region)}:s3:::${Name}`, { created, region: BucketRegion });
    },
    // HeadBucket has no words: its 403 and 404 prove nothing. A name that another account took since is denied, which proves nothing either.
    exists: (call, arn) => found(call(getBucketLocation, { Bucket: after(arn, ":") })),
  },
  redshiftCluster: {
    types: ["Redshift"],
    owns: matches(/^arn:[^:]+:redshift:[^:]+:\d{12}:cluster:/),
    list: async function* (call, target) {
      for await (const page of markedPages(describeRedshiftClusters.name, (Marker) =>
        call(describeRedshiftClusters, { MaxRecords: 100, Marker }),
      ))
        for (const {
          ClusterIdentifier: id,
          ClusterCreateTime: created,
          Tags: tagList,
          ClusterStatus,
          AutomatedSnapshotRetentionPeriod: kept,
        } of page.Clusters ?? [])
          if (id !== undefined)
            yield owned(arnIn("redshift", target, `cluster:${id}`), {
              created,
              tagList,
              idle: ClusterStatus === "paused" ? "paused" : undefined,
              ownBackupDays: daysOrNone(kept),
            });
    },
    exists: (call, arn) => found(call(describeRedshiftClusters, { ClusterIdentifier: after(arn, ":") })),
  },
};

/** The service that a resource of a type belongs to, if it is one that can prove anything. */
export const ownerOf = (type: string, arn: string): readonly [name: string, service: OwnerService] | undefined =>
  Object.entries(OWNER_SERVICES).find(([, service]) => service.types.includes(type) && service.owns(arn));
