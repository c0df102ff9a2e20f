/**
 * Operations of the services that own what is backed up: proof that a resource is deleted (rule 3), marks on recovery points that
 * AWS Backup cannot tag (rule 12), the role a point was made with (rule 9), what they keep beside AWS Backup, and their owners' validators of what was restored. AWS Backup's rates are not theirs, and theirs are higher.
 */
import { GetBucketLocationCommand, ListBucketsCommand } from "@aws-sdk/client-s3";
import { later, reads, writes } from "./operation.ts";
import { dynamodb, ec2, efs, fsx, iam, lambda, rds, redshift, tagging } from "./services/index.ts";

const other = { pace: "other" } as const;

export const describeVolumes = reads("ec2:DescribeVolumes", later(ec2, "DescribeVolumesCommand"), {
  ...other,
  rows: "Volumes",
});
export const describeInstances = reads("ec2:DescribeInstances", later(ec2, "DescribeInstancesCommand"), {
  ...other,
  rows: "Reservations",
});
export const describeImages = reads("ec2:DescribeImages", later(ec2, "DescribeImagesCommand"), {
  ...other,
  rows: "Images",
});
export const describeEc2Snapshots = reads("ec2:DescribeSnapshots", later(ec2, "DescribeSnapshotsCommand"), {
  ...other,
  rows: "Snapshots",
});
export const createEc2Tags = writes("ec2:CreateTags", later(ec2, "CreateTagsCommand"), other);

export const describeDbInstances = reads("rds:DescribeDBInstances", later(rds, "DescribeDBInstancesCommand"), {
  ...other,
  rows: "DBInstances",
});
export const describeDbClusters = reads("rds:DescribeDBClusters", later(rds, "DescribeDBClustersCommand"), {
  ...other,
  rows: "DBClusters",
});
export const describeDbSnapshots = reads("rds:DescribeDBSnapshots", later(rds, "DescribeDBSnapshotsCommand"), {
  ...other,
  rows: "DBSnapshots",
});
export const describeDbClusterSnapshots = reads(
  "rds:DescribeDBClusterSnapshots",
  later(rds, "DescribeDBClusterSnapshotsCommand"),
  { ...other, rows: "DBClusterSnapshots" },
);
export const addRdsTags = writes("rds:AddTagsToResource", later(rds, "AddTagsToResourceCommand"), other);

export const listTables = reads("dynamodb:ListTables", later(dynamodb, "ListTablesCommand"), {
  ...other,
  rows: "TableNames",
});
export const describeTable = reads("dynamodb:DescribeTable", later(dynamodb, "DescribeTableCommand"), other);
/** AWS allows ten a second (Amazon DynamoDB API Reference, DescribeContinuousBackups). */
export const describeContinuousBackups = reads(
  "dynamodb:DescribeContinuousBackups",
  later(dynamodb, "DescribeContinuousBackupsCommand"),
  { pace: "slow" },
);

export const describeEfsFileSystems = reads(
  "elasticfilesystem:DescribeFileSystems",
  later(efs, "DescribeFileSystemsCommand"),
  { ...other, rows: "FileSystems" },
);

export const describeFsxFileSystems = reads("fsx:DescribeFileSystems", later(fsx, "DescribeFileSystemsCommand"), {
  ...other,
  rows: "FileSystems",
});
export const describeFsxVolumes = reads("fsx:DescribeVolumes", later(fsx, "DescribeVolumesCommand"), {
  ...other,
  rows: "Volumes",
});
export const tagFsxResource = writes("fsx:TagResource", later(fsx, "TagResourceCommand"), other);

export const describeRedshiftClusters = reads("redshift:DescribeClusters", later(redshift, "DescribeClustersCommand"), {
  ...other,
  rows: "Clusters",
});
export const createRedshiftTags = writes("redshift:CreateTags", later(redshift, "CreateTagsCommand"), other);

export const getRole = reads("iam:GetRole", later(iam, "GetRoleCommand"), other);
export const getRolePolicy = reads("iam:GetRolePolicy", later(iam, "GetRolePolicyCommand"), other);
export const listRolePolicies = reads("iam:ListRolePolicies", later(iam, "ListRolePoliciesCommand"), {
  ...other,
  rows: "PolicyNames",
});
export const listAttachedRolePolicies = reads(
  "iam:ListAttachedRolePolicies",
  later(iam, "ListAttachedRolePoliciesCommand"),
  { ...other, rows: "AttachedPolicies" },
);

/** Named as its IAM action is; its API operation is ListBuckets. */
export const listBuckets = reads("s3:ListAllMyBuckets", ListBucketsCommand, { ...other, rows: "Buckets" });
export const getBucketLocation = reads("s3:GetBucketLocation", GetBucketLocationCommand, other);

/** Every tag of a target's recovery points, their owners' as well, in one listing (rule 12). It proves nothing about what exists. */
export const getTaggedResources = reads("tag:GetResources", later(tagging, "GetResourcesCommand"), {
  ...other,
  rows: "ResourceTagMappingList",
});

/** Asks a validator of restore tests. What a function does is not known here, so that asking is a write. */
export const invokeValidator = writes("lambda:InvokeFunction", later(lambda, "InvokeCommand"), other);
