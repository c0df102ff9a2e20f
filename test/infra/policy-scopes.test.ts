import { describe, expect, it } from "vitest";
import * as backup from "../../controller/aws/backup-operations.ts";
import type { AnyOperation } from "../../controller/aws/operation.ts";
import * as owners from "../../controller/aws/owner-operations.ts";
import { generatePolicies } from "../../infra/policy.ts";
import { bindPolicy, type PolicyDocument } from "../../infra/policy-document.ts";
import { evaluate } from "../simulator/iam/evaluate.ts";

const account = "222222222222";
const at = (service: string, resource: string, owner = account) =>
  `arn:aws:${service}:eu-central-1:${owner}:${resource}`;

/** What a role could do whose steps declared every operation there is: how far each reaches is its scope's to say. */
function everything(): PolicyDocument {
  const uses: readonly AnyOperation[] = [...Object.values(backup), ...Object.values(owners)];
  const { apply } = generatePolicies([{ steps: [{ kind: "any", step: "all", role: "apply", uses }] }]);
  return bindPolicy(apply, { "AWS::Partition": "aws", "AWS::AccountId": account, Fleet: "production", RolePath: "/" });
}

function decide(action: string, resource: string, tags: readonly string[] = []): boolean {
  const principal = { account, arn: `arn:aws:sts::${account}:assumed-role/holdfast-apply/run` };
  const context = tags.length === 0 ? {} : { "aws:TagKeys": tags };
  return evaluate([everything()], { action, resource, principal, context }) === "allowed";
}

type Reach = readonly [action: string, resource: string];

describe("what is read of owners", () => {
  it.each<Reach>([
    ["ec2:DescribeVolumes", "*"],
    ["ec2:DescribeInstances", "*"],
    ["ec2:DescribeImages", "*"],
    ["ec2:DescribeSnapshots", "*"],
    ["fsx:DescribeFileSystems", "*"],
    ["fsx:DescribeVolumes", "*"],
    ["dynamodb:ListTables", "*"],
    ["s3:ListAllMyBuckets", "*"],
    ["tag:GetResources", "*"],
    ["rds:DescribeDBInstances", at("rds", "db:*")],
    ["rds:DescribeDBClusters", at("rds", "cluster:orders")],
    ["rds:DescribeDBSnapshots", at("rds", "snapshot:awsbackup:job-1")],
    ["rds:DescribeDBClusterSnapshots", at("rds", "cluster-snapshot:*")],
    ["dynamodb:DescribeTable", at("dynamodb", "table/orders")],
    ["dynamodb:DescribeContinuousBackups", at("dynamodb", "table/orders")],
    ["elasticfilesystem:DescribeFileSystems", at("elasticfilesystem", "file-system/*")],
    ["redshift:DescribeClusters", at("redshift", "cluster:dw")],
    ["s3:GetBucketLocation", "arn:aws:s3:::reports"],
    ["iam:GetRole", `arn:aws:iam::${account}:role/service-role/backup`],
    ["backup:ListRecoveryPointsByLegalHold", at("backup", "legal-hold:1")],
    ["backup:DescribeBackupVault", at("backup", "backup-vault:theirs")],
  ])("%s on %s", (action, resource) => {
    expect(decide(action, resource)).toBe(true);
  });

  it.each<Reach>([
    ["rds:DescribeDBInstances", at("rds", "db:orders", "333333333333")],
    ["dynamodb:DescribeTable", at("dynamodb", "table/orders", "333333333333")],
    ["iam:GetRole", "arn:aws:iam::333333333333:role/backup"],
    ["s3:GetObject", "arn:aws:s3:::reports/a"],
    ["s3:ListBucket", "arn:aws:s3:::reports"],
    ["dynamodb:Query", at("dynamodb", "table/orders")],
  ])("and no more: %s on %s is refused", (action, resource) => {
    expect(decide(action, resource)).toBe(false);
  });
});

const points: readonly Reach[] = [
  ["backup:TagResource", at("backup", "recovery-point:1eb3b5e7")],
  ["ec2:CreateTags", "arn:aws:ec2:eu-central-1::snapshot/snap-1"],
  ["ec2:CreateTags", "arn:aws:ec2:eu-central-1::image/ami-1"],
  ["rds:AddTagsToResource", at("rds", "snapshot:awsbackup:job-1")],
  ["rds:AddTagsToResource", at("rds", "cluster-snapshot:awsbackup:copyjob-1")],
  ["fsx:TagResource", at("fsx", "backup/backup-1")],
  ["redshift:CreateTags", at("redshift", "snapshot:dw/awsbackup:job-1")],
];

describe("marks on recovery points", () => {
  it.each(points)("%s puts ordinary tags and orphan marks on %s", (action, resource) => {
    expect(decide(action, resource, ["cost-centre"])).toBe(true);
    expect(decide(action, resource, ["holdfast:orphan", "holdfast:delete-after"])).toBe(true);
  });

  const forbidden = ["holdfast:keep", "holdfast:suspend-until", "holdfast:fleet", "holdfast:resource"];
  it.each(points.flatMap(([action, resource]) => forbidden.map((key) => [action, resource, key] as const)))(
    "%s does not put on %s the tag %s",
    (action, resource, key) => {
      expect(decide(action, resource, ["cost-centre", key])).toBe(false);
    },
  );

  it.each<Reach>([
    ["ec2:CreateTags", at("ec2", "volume/vol-1")],
    ["ec2:CreateTags", at("ec2", "instance/i-1")],
    ["rds:AddTagsToResource", at("rds", "db:orders")],
    ["rds:AddTagsToResource", at("rds", "snapshot:before-the-migration")],
    ["fsx:TagResource", at("fsx", "file-system/fs-1")],
    ["redshift:CreateTags", at("redshift", "cluster:dw")],
    ["redshift:CreateTags", at("redshift", "snapshot:dw/before-the-migration")],
    ["backup:TagResource", at("backup", "legal-hold:1")],
  ])("go on recovery points alone: %s on %s is refused", (action, resource) => {
    expect(decide(action, resource, ["cost-centre"])).toBe(false);
  });
});

describe("deletion and copying", () => {
  const owned = [
    ...points.map(([, resource]) => resource),
    at("dynamodb", "table/orders/backup/01547087347000-c8b6kdk3"),
    at("redshift-serverless", "snapshot:name/awsbackup:job-1"),
  ];
  it.each(owned)("reach %s", (resource) => {
    expect(decide("backup:DeleteRecoveryPoint", resource)).toBe(true);
    expect(decide("backup:StartCopyJob", resource)).toBe(true);
  });

  it.each<Reach>([
    ["backup:DeleteRecoveryPoint", at("backup", "recovery-point:1eb3b5e7", "333333333333")],
    ["ec2:DeleteSnapshot", "arn:aws:ec2:eu-central-1::snapshot/snap-1"],
    ["rds:DeleteDBSnapshot", at("rds", "snapshot:awsbackup:job-1")],
    ["backup:DisassociateRecoveryPoint", at("backup", "recovery-point:1eb3b5e7")],
  ])("reach no further: %s on %s is refused", (action, resource) => {
    expect(decide(action, resource)).toBe(false);
  });
});
