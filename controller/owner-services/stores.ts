import type { DescribeClustersCommandOutput } from "@aws-sdk/client-redshift";
import {
  describeRedshiftClusters,
  describeTable,
  getBucketLocation,
  listBuckets,
  listTables,
} from "../aws/owner-operations.ts";
import { partitionOf } from "../domain/identity.ts";
import { markedPages, pages } from "../aws/pages.ts";
import { type Owned, owned } from "./owned.ts";
import { after, arnIn, daysOrNone, matches, type OwnerService, toldOf } from "./service.ts";

/** DynamoDB, which lists tables by name alone. */
export const table: OwnerService = {
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
  read: (call, arn) =>
    toldOf(arn, call(describeTable, { TableName: after(arn, "/") }), ({ Table }) => [
      owned(arn, { created: Table?.CreationDateTime }),
    ]),
};

/** S3. */
export const bucket: OwnerService = {
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
  read: (call, arn) => toldOf(arn, call(getBucketLocation, { Bucket: after(arn, ":") }), () => []),
};

const redshiftIn = (
  { Clusters = [] }: Pick<DescribeClustersCommandOutput, "Clusters">,
  arnOf: (id: string) => string,
): readonly Owned[] =>
  Clusters.flatMap(({ ClusterIdentifier: id, ClusterCreateTime: created, Tags: tagList, ...cluster }) =>
    id === undefined
      ? []
      : [
          owned(arnOf(id), {
            created,
            tagList,
            idle: cluster.ClusterStatus === "paused" ? "paused" : undefined,
            ownBackupDays: daysOrNone(cluster.AutomatedSnapshotRetentionPeriod),
          }),
        ],
  );

/** Redshift. */
export const redshiftCluster: OwnerService = {
  types: ["Redshift"],
  owns: matches(/^arn:[^:]+:redshift:[^:]+:\d{12}:cluster:/),
  list: async function* (call, target) {
    for await (const page of markedPages(describeRedshiftClusters.name, (Marker) =>
      call(describeRedshiftClusters, { MaxRecords: 100, Marker }),
    ))
      yield* redshiftIn(page, (id) => arnIn("redshift", target, `cluster:${id}`));
  },
  read: (call, arn) => toldOf(arn, call(describeRedshiftClusters, { ClusterIdentifier: after(arn, ":") }), redshiftIn),
};
