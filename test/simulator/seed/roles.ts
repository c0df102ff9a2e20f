/** The roles of a fleet: the controller's in the hub, the four of every member account, and the one AWS Backup itself works with. */
import type { PolicyDocument } from "../iam/policy.ts";
import type { Grant } from "../iam/registry.ts";
import type { Simulator } from "../simulator.ts";

export const memberRoles = ["observe", "apply", "retain", "destroy"] as const;
type MemberRole = (typeof memberRoles)[number];

export interface RoleOptions {
  /** Required of whoever assumes a member role. Default `holdfast`. */
  readonly externalId?: string;
  /** What the roles may do. Default: the verbs each is for, over everything. Tests of least privilege give the generated policies. */
  readonly grants?: Partial<Readonly<Record<MemberRole | "controller", Grant>>>;
}

export const controllerRole = "holdfast-controller";
export const backupServiceRole = "AWSBackupDefaultServiceRole";

/** What is looked at to judge, and once more right before what cannot be taken back: AWS Backup, keys, marks, and the owners' word. */
const reads = [
  "backup:Describe*",
  "backup:Get*",
  "backup:List*",
  "tag:Get*",
  "kms:DescribeKey",
  "kms:ListAliases",
  "iam:GetRole",
  "ec2:DescribeVolumes",
  "ec2:DescribeInstances",
  "ec2:DescribeImages",
  "ec2:DescribeSnapshots",
  "rds:DescribeDBInstances",
  "rds:DescribeDBClusters",
  "rds:DescribeDBSnapshots",
  "rds:DescribeDBClusterSnapshots",
  "dynamodb:ListTables",
  "dynamodb:DescribeTable",
  "dynamodb:DescribeContinuousBackups",
  "elasticfilesystem:DescribeFileSystems",
  "fsx:DescribeFileSystems",
  "fsx:DescribeVolumes",
  "redshift:DescribeClusters",
  "s3:ListAllMyBuckets",
  "s3:GetBucketLocation",
];

/** Marks on recovery points that AWS Backup does not tag itself. */
const ownersTagging = ["ec2:CreateTags", "rds:AddTagsToResource", "fsx:TagResource", "redshift:CreateTags"];

/** What each member role is for: reading; everyday writes; lifecycles alone; what cannot be taken back. */
const verbs: Readonly<Record<MemberRole, PolicyDocument>> = {
  observe: allow(...reads),
  apply: {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: [
          ...reads,
          "backup:CreateBackup*",
          "backup:UpdateBackupPlan",
          "backup:DeleteBackupPlan",
          "backup:DeleteBackupSelection",
          "backup:PutBackupVault*",
          "backup:DeleteBackupVaultAccessPolicy",
          "backup:DeleteBackupVaultNotifications",
          "backup:TagResource",
          "backup:UntagResource",
          "backup:StartBackupJob",
          "backup:StartCopyJob",
          "backup:UpdateRegionSettings",
          "backup-storage:MountCapsule",
          ...ownersTagging,
          "kms:CreateGrant",
          "kms:Decrypt",
          "kms:GenerateDataKey",
          "kms:RetireGrant",
        ],
        Resource: "*",
      },
      {
        Effect: "Allow",
        Action: "iam:PassRole",
        Resource: "*",
        Condition: { StringEquals: { "iam:PassedToService": "backup.amazonaws.com" } },
      },
      {
        Sid: "NoComplianceLock",
        Effect: "Deny",
        Action: "backup:PutBackupVaultLockConfiguration",
        Resource: "*",
        Condition: { Null: { "backup:ChangeableForDays": "false" } },
      },
    ],
  },
  retain: allow(...reads, "backup:UpdateRecoveryPointLifecycle"),
  destroy: allow(
    ...reads,
    "backup:DeleteRecoveryPoint",
    "backup:DeleteBackupVault",
    "backup:DeleteBackupVaultLockConfiguration",
    "backup:PutBackupVaultLockConfiguration",
    "backup:CreateLogicallyAirGappedBackupVault",
    "backup:TagResource",
    "backup-storage:MountCapsule",
  ),
};

const controllerGrant = allow(
  "sts:*",
  "s3:*",
  "kms:Sign",
  "kms:Verify",
  "kms:GetPublicKey",
  "kms:DescribeKey",
  "organizations:*",
);

function allow(...actions: readonly string[]): PolicyDocument {
  return { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] };
}

/** Puts every role into every account of the organization. */
export function addRoles(simulator: Simulator, options: RoleOptions = {}): void {
  const { iam, hubAccount, organization } = simulator;
  const controller = iam.putRole(hubAccount, {
    name: controllerRole,
    trust: trustOf({ AWS: `arn:aws:iam::${hubAccount}:root` }),
    policies: options.grants?.controller ?? [controllerGrant],
  });
  // A person with the administrator's keys may enter the member accounts too: a demo needs no role of its own.
  const entrants = [controller.arn, `arn:aws:iam::${hubAccount}:user/administrator`];
  const condition = {
    StringEquals: { "sts:ExternalId": options.externalId ?? "holdfast", "aws:PrincipalOrgID": organization.id },
  };
  addServiceRoles(simulator);
  for (const account of organization.accounts.keys()) {
    for (const role of memberRoles) {
      const trust = trustOf({ AWS: entrants }, condition);
      iam.putRole(account, { name: `holdfast-${role}`, trust, policies: options.grants?.[role] ?? [verbs[role]] });
    }
  }
}

/** The role that AWS Backup works with, in every account: what its console makes by itself. */
export function addServiceRoles({ iam, organization }: Simulator): void {
  const trust = trustOf({ Service: "backup.amazonaws.com" });
  for (const account of organization.accounts.keys())
    iam.putRole(account, { name: backupServiceRole, path: "/service-role/", trust });
}

function trustOf(
  principal: Readonly<Record<string, string | readonly string[]>>,
  condition?: Readonly<Record<string, Readonly<Record<string, string>>>>,
): PolicyDocument {
  const actions = ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"];
  const statement = { Effect: "Allow" as const, Principal: principal, Action: actions };
  return {
    Version: "2012-10-17",
    Statement: [condition === undefined ? statement : { ...statement, Condition: condition }],
  };
}
