import { describe, expect, it } from "vitest";
import { type Role, ROLES } from "../../controller/domain/outcome.ts";
import { bindPolicy } from "../../infra/policy-document.ts";
import { reviewedPolicy } from "../../infra/policy-files.ts";
import { type BackupInput, backupNeeds, type BackupPlace } from "../simulator/iam/backup-needs.ts";
import { evaluate } from "../simulator/iam/evaluate.ts";

const account = "222222222222";
const region = "eu-central-1";
const arn = (resource: string) => `arn:aws:backup:${region}:${account}:${resource}`;
const tags: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [arn("backup-vault:ours")]: { "holdfast:fleet": "production", "holdfast:resource": "vault/ours" },
  [arn("backup-vault:theirs")]: { "holdfast:fleet": "staging", "holdfast:resource": "vault/theirs" },
  [arn("backup-vault:nobodys")]: {},
  [arn("backup-plan:our-plan")]: { "holdfast:fleet": "production" },
  [arn("backup-plan:another-teams")]: { owner: "data" },
  [arn("backup-plan:staging-plan")]: { "holdfast:fleet": "staging" },
};
const place: BackupPlace = {
  account,
  region,
  tagsOf: (resource) => tags[resource],
  testingPlan: (name) => arn(`restore-testing-plan:${name}-1`),
  key: (name) => ({ arn: name, policy: { Statement: [] } }),
};
const key = `arn:aws:kms:${region}:999999999999:key/1234`;
const backupRole = `arn:aws:iam::${account}:role/service-role/AWSBackupDefaultServiceRole`;
const snapshot = `arn:aws:ec2:${region}::snapshot/snap-05f426fd8kdjb4224`;
const ownership = { "holdfast:fleet": "production", "holdfast:resource": "vault/ours" };

const policyOf = (role: Role) =>
  bindPolicy(reviewedPolicy(role), {
    "AWS::Partition": "aws",
    "AWS::AccountId": account,
    Fleet: "production",
    RolePath: "/",
  });

/** What AWS would say to the call: each permission it takes, judged by the role's reviewed policy in an account of the fleet. */
function verdicts(role: Role, operation: string, input: BackupInput) {
  const document = policyOf(role);
  const principal = { account, arn: `arn:aws:sts::${account}:assumed-role/holdfast-${role}/run` };
  return backupNeeds(operation, input, place).map(({ action, resource, context = {} }) => ({
    action,
    decision: evaluate([document], { action, resource, principal, context }),
  }));
}
const isAllowed = (role: Role, operation: string, input: BackupInput) =>
  verdicts(role, operation, input).every(({ decision }) => decision === "allowed");

type Case = readonly [because: string, role: Role, operation: string, input: BackupInput];

describe("sufficient", () => {
  it.each<Case>([
    ["vaults are listed", "observe", "ListBackupVaults", {}],
    ["a vault of nobody's is read", "observe", "GetBackupVaultAccessPolicy", { BackupVaultName: "nobodys" }],
    ["whose a plan is, is read", "observe", "ListTags", { ResourceArn: arn("backup-plan:another-teams") }],
    ["selections of other teams are read", "observe", "ListBackupSelections", { BackupPlanId: "another-teams" }],
    [
      "a vault is created as this fleet's, under another account's key",
      "apply",
      "CreateBackupVault",
      { BackupVaultName: "new", BackupVaultTags: { ...ownership, owner: "platform" }, EncryptionKeyArn: key },
    ],
    ["a plan is created as this fleet's", "apply", "CreateBackupPlan", { BackupPlanTags: ownership }],
    ["our plan is updated", "apply", "UpdateBackupPlan", { BackupPlanId: "our-plan" }],
    ["our vault gets its policy", "apply", "PutBackupVaultAccessPolicy", { BackupVaultName: "ours" }],
    ["our vault is locked in governance mode", "apply", "PutBackupVaultLockConfiguration", { BackupVaultName: "ours" }],
    [
      "a selection is put on another team's plan, with its role",
      "apply",
      "CreateBackupSelection",
      { BackupPlanId: "another-teams", BackupSelection: { IamRoleArn: backupRole } },
    ],
    [
      "what is ours is tagged",
      "apply",
      "TagResource",
      { ResourceArn: arn("backup-vault:ours"), Tags: { owner: "me" } },
    ],
    [
      "what is nobody's is adopted",
      "apply",
      "TagResource",
      { ResourceArn: arn("backup-vault:nobodys"), Tags: ownership },
    ],
    [
      "a point is given ordinary tags, and marked as an orphan",
      "apply",
      "TagResource",
      {
        ResourceArn: arn("recovery-point:1eb3b5e7"),
        Tags: { "cost-centre": "7", "holdfast:orphan": "planDeleted", "holdfast:delete-after": "2026-03-01" },
      },
    ],
    ["the tags of a point are read", "observe", "ListTags", { ResourceArn: arn("recovery-point:1eb3b5e7") }],
    ["a snapshot's lifecycle is set", "retain", "UpdateRecoveryPointLifecycle", { RecoveryPointArn: snapshot }],
    ["a legal hold's points are read", "observe", "ListRecoveryPointsByLegalHold", { LegalHoldId: "1" }],
    ["copy jobs are listed", "apply", "ListCopyJobs", {}],
    [
      "a point is copied, with the role it is copied by",
      "apply",
      "StartCopyJob",
      { RecoveryPointArn: snapshot, IamRoleArn: backupRole },
    ],
    ["a point is deleted", "destroy", "DeleteRecoveryPoint", { RecoveryPointArn: snapshot, BackupVaultName: "theirs" }],
    ["before that, its vault's lock is looked at", "destroy", "DescribeBackupVault", { BackupVaultName: "theirs" }],
    [
      "before that, its keep mark is looked for",
      "destroy",
      "ListTags",
      { ResourceArn: arn("recovery-point:1eb3b5e7") },
    ],
    ["before it is shortened as well", "retain", "ListTags", { ResourceArn: arn("recovery-point:1eb3b5e7") }],
    ["an empty vault of ours is deleted", "destroy", "DeleteBackupVault", { BackupVaultName: "ours" }],
    ["our lock is deleted", "destroy", "DeleteBackupVaultLockConfiguration", { BackupVaultName: "ours" }],
  ])("%s", (_because, role, operation, input) => {
    expect(verdicts(role, operation, input).filter(({ decision }) => decision !== "allowed")).toEqual([]);
  });
});

describe("forbidden", () => {
  it.each<Case>([
    ["nothing is created that is not marked as ours", "apply", "CreateBackupVault", { BackupVaultName: "new" }],
    [
      "nothing is created as another fleet's",
      "apply",
      "CreateBackupPlan",
      { BackupPlanTags: { "holdfast:fleet": "staging" } },
    ],
    ["another fleet's vault is not written to", "apply", "PutBackupVaultAccessPolicy", { BackupVaultName: "theirs" }],
    ["nobody's vault is not written to", "apply", "PutBackupVaultNotifications", { BackupVaultName: "nobodys" }],
    ["another team's plan is not written to", "apply", "UpdateBackupPlan", { BackupPlanId: "another-teams" }],
    ["another team's plan is not deleted", "apply", "DeleteBackupPlan", { BackupPlanId: "another-teams" }],
    [
      "another fleet's plan gets no selection",
      "apply",
      "CreateBackupSelection",
      { BackupPlanId: "staging-plan", BackupSelection: { IamRoleArn: backupRole } },
    ],
    [
      "no role of another account is passed",
      "apply",
      "CreateBackupSelection",
      { BackupPlanId: "our-plan", BackupSelection: { IamRoleArn: "arn:aws:iam::333333333333:role/theirs" } },
    ],
    [
      "another fleet's vault is not taken over",
      "apply",
      "TagResource",
      { ResourceArn: arn("backup-vault:theirs"), Tags: ownership },
    ],
    [
      "ours is not handed to another fleet",
      "apply",
      "TagResource",
      { ResourceArn: arn("backup-vault:ours"), Tags: { "holdfast:fleet": "staging" } },
    ],
    [
      "people's own marks are not set",
      "apply",
      "TagResource",
      { ResourceArn: arn("backup-vault:ours"), Tags: { "holdfast:suspend-until": "2026-01-01T00:00:00.000Z" } },
    ],
    ...["holdfast:keep", "holdfast:suspend-until", "holdfast:fleet", "holdfast:resource"].map((key): Case => [
      `a point is not marked ${key}`,
      "apply",
      "TagResource",
      { ResourceArn: arn("recovery-point:1eb3b5e7"), Tags: { "cost-centre": "7", [key]: "production" } },
    ]),
    [
      "a lock that becomes immutable is not put",
      "apply",
      "PutBackupVaultLockConfiguration",
      { BackupVaultName: "ours", ChangeableForDays: 30 },
    ],
    ["a vault of nobody's is not deleted", "destroy", "DeleteBackupVault", { BackupVaultName: "nobodys" }],
    ["another fleet's lock stays", "destroy", "DeleteBackupVaultLockConfiguration", { BackupVaultName: "theirs" }],
  ])("%s", (_because, role, operation, input) => {
    expect(isAllowed(role, operation, input)).toBe(false);
  });

  const writing: readonly (readonly [string, BackupInput])[] = [
    ["CreateBackupVault", { BackupVaultName: "new", BackupVaultTags: ownership }],
    ["PutBackupVaultAccessPolicy", { BackupVaultName: "ours" }],
    ["UpdateBackupPlan", { BackupPlanId: "our-plan" }],
    ["TagResource", { ResourceArn: arn("backup-vault:ours"), Tags: { owner: "me" } }],
    ["UpdateRecoveryPointLifecycle", { RecoveryPointArn: snapshot }],
    ["DeleteRecoveryPoint", { RecoveryPointArn: snapshot, BackupVaultName: "ours" }],
    ["DeleteBackupVault", { BackupVaultName: "ours" }],
  ];
  it.each(writing)("%s is not the observing role's", (operation, input) => {
    expect(isAllowed("observe", operation, input)).toBe(false);
  });

  const destroying: readonly (readonly [string, BackupInput])[] = [
    ["DeleteBackupVault", { BackupVaultName: "ours" }],
    ["DeleteBackupVaultLockConfiguration", { BackupVaultName: "ours" }],
    ["DeleteRecoveryPoint", { RecoveryPointArn: snapshot, BackupVaultName: "ours" }],
    ["DisassociateRecoveryPoint", { RecoveryPointArn: snapshot, BackupVaultName: "ours" }],
  ];
  it.each(
    destroying.flatMap(([operation, input]) =>
      (["apply", "retain"] as const).map((role) => [operation, role, input] as const),
    ),
  )("%s is not the %s role's", (operation, role, input) => {
    expect(isAllowed(role, operation, input)).toBe(false);
  });

  it("setting lifecycles is the retain role's alone, and all it may write", () => {
    const lifecycle = { RecoveryPointArn: snapshot };
    const may = ROLES.filter((role) => isAllowed(role, "UpdateRecoveryPointLifecycle", lifecycle));
    expect(may).toEqual(["retain"]);
    const writes = reviewedPolicy("retain")
      .Statement.flatMap(({ Action }) => Action)
      .filter((action) => !/:(Describe|Get|List)/.test(action));
    expect(writes).toEqual(["backup:UpdateRecoveryPointLifecycle"]);
  });
});

describe("services that own resources and points", () => {
  const owned = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
  const mayWith = (role: Role, action: string, resource: string) => {
    const principal = { account, arn: `arn:aws:sts::${account}:assumed-role/holdfast-${role}/run` };
    return (
      evaluate([policyOf(role)], { action, resource, principal, context: { "aws:TagKeys": ["owner"] } }) === "allowed"
    );
  };

  const proofs: readonly (readonly [action: string, resource: string])[] = [
    ["ec2:DescribeVolumes", "*"],
    ["ec2:DescribeInstances", "*"],
    ["rds:DescribeDBInstances", owned("rds", "db:*")],
    ["rds:DescribeDBClusters", owned("rds", "cluster:*")],
    ["dynamodb:DescribeTable", owned("dynamodb", "table/orders")],
    ["elasticfilesystem:DescribeFileSystems", owned("elasticfilesystem", "file-system/*")],
    ["fsx:DescribeFileSystems", "*"],
    ["fsx:DescribeVolumes", "*"],
    ["redshift:DescribeClusters", owned("redshift", "cluster:*")],
  ];
  it.each(proofs)("%s is read to prove a deletion, each time by the observe role alone", (action, resource) => {
    expect(ROLES.filter((role) => mayWith(role, action, resource))).toEqual(["observe"]);
  });

  it.each(["dynamodb:ListTables", "s3:ListAllMyBuckets"])(
    "%s shows what is missing, to the observe role alone",
    (action) => {
      expect(ROLES.filter((role) => mayWith(role, action, "*"))).toEqual(["observe"]);
    },
  );

  it("keep marks are read before anything is destroyed, by a shortening too", () => {
    expect(ROLES.filter((role) => mayWith(role, "tag:GetResources", "*"))).toEqual(["observe", "retain", "destroy"]);
  });

  it.each([
    ["ec2:CreateTags", snapshot],
    ["ec2:CreateTags", `arn:aws:ec2:${region}::image/ami-1`],
    ["rds:AddTagsToResource", owned("rds", "snapshot:awsbackup:job-1")],
    ["fsx:TagResource", owned("fsx", "backup/backup-1")],
    ["redshift:CreateTags", owned("redshift", "snapshot:dw/awsbackup:job-1")],
  ])("%s marks %s in the apply role alone", (action, resource) => {
    expect(ROLES.filter((role) => mayWith(role, action, resource))).toEqual(["apply"]);
  });

  it.each([
    ["ec2:DeleteSnapshot", snapshot],
    ["ec2:CreateTags", `arn:aws:ec2:${region}:${account}:volume/vol-1`],
    ["ec2:DeleteTags", snapshot],
    ["rds:DeleteDBSnapshot", owned("rds", "snapshot:awsbackup:job-1")],
    ["rds:RemoveTagsFromResource", owned("rds", "snapshot:awsbackup:job-1")],
    ["dynamodb:DeleteBackup", owned("dynamodb", "table/orders/backup/1")],
    ["fsx:DeleteBackup", owned("fsx", "backup/backup-1")],
    ["s3:GetObject", "arn:aws:s3:::reports/a"],
  ])("%s on %s is nobody's", (action, resource) => {
    expect(ROLES.filter((role) => mayWith(role, action, resource))).toEqual([]);
  });
});

describe("recovery points", () => {
  it.each([
    ["EBS", snapshot],
    ["EC2", `arn:aws:ec2:${region}::image/ami-1234`],
    ["RDS", `arn:aws:rds:${region}:${account}:snapshot:awsbackup:job-be59cf2a`],
    ["Aurora", `arn:aws:rds:${region}:${account}:cluster-snapshot:awsbackup:job-be59cf2a`],
    ["DynamoDB", `arn:aws:dynamodb:${region}:${account}:table/T/backup/01547087347000-c8b6kdk3`],
    ["FSx", `arn:aws:fsx:${region}:${account}:backup/backup-1a20e49982`],
    ["Redshift", `arn:aws:redshift:${region}:${account}:snapshot:cluster/awsbackup:job-be59cf2a`],
    ["Redshift Serverless", `arn:aws:redshift-serverless:${region}:${account}:snapshot:name/awsbackup:job-be59cf2a`],
    ["EFS", arn("recovery-point:1eb3b5e7-9eb0-435a-a80b-108b488b0d45")],
    ["continuous S3", arn("recovery-point:amzn-s3-demo-bucket-5ec207d0")],
  ])("of %s are reached by their own service's ARN", (_type, RecoveryPointArn) => {
    expect(isAllowed("retain", "UpdateRecoveryPointLifecycle", { RecoveryPointArn })).toBe(true);
    expect(isAllowed("destroy", "DeleteRecoveryPoint", { RecoveryPointArn, BackupVaultName: "ours" })).toBe(true);
    expect(isAllowed("apply", "StartCopyJob", { RecoveryPointArn, IamRoleArn: backupRole })).toBe(true);
  });
});
