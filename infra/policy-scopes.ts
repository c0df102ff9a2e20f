/**
 * What each granted action is limited to. Resource types and condition keys are those of the Service Authorization Reference ("Actions,
 * resources, and condition keys for AWS Backup", and of KMS, IAM and the services that own what is backed up). An action that is in no scope cannot be granted: adding an
 * operation means deciding here how far it reaches.
 */
import { VALIDATOR_PREFIX } from "../controller/kinds/restore-test/spec.ts";
import { FLEET_TAG, RESOURCE_TAG, SUSPEND_TAG } from "../controller/kinds/tags.ts";
import { type Role, ROLES } from "../controller/domain/outcome.ts";
import { type Condition, PLACE, ROLE_PATH } from "./policy-document.ts";
import { memberRoleName } from "./roles.ts";

export interface Scope {
  /** The statement's id. */
  readonly sid: string;
  /** Actions that steps declare as operations. */
  readonly actions: readonly string[];
  /** Actions that AWS asks of the caller of some other operation (`also`). */
  readonly dependent?: readonly string[];
  readonly resources: readonly string[];
  readonly condition?: Condition;
  readonly because: string;
}

/** A refusal that stands whatever else is allowed, in every role's policy that grants one of its actions. */
export interface Guard extends Omit<Scope, "dependent"> {
  readonly roles: readonly Role[];
}

/** The fleet's name, as its manifest has it and its ownership tags say. */
export const FLEET = "${Fleet}";

const { partition, account } = PLACE;
const inAccount = (service: string, resource: string) => `arn:${partition}:${service}:*:${account}:${resource}`;
const vaults = inAccount("backup", "backup-vault:*");
const plans = inAccount("backup", "backup-plan:*");
const testingPlans = inAccount("backup", "restore-testing-plan:*");
const keys = `arn:${partition}:kms:*:*:key/*`;
const roles = `arn:${partition}:iam::${account}:role/*`;
const ownRoles = ROLES.map((role) => `arn:${partition}:iam::${account}:role${ROLE_PATH}${memberRoleName(role)}`);

/** EC2's snapshots and images carry no account in their ARNs; other services' points carry their own service's name (rule 28). */
const recoveryPoints = [
  inAccount("backup", "recovery-point:*"),
  `arn:${partition}:ec2:*::snapshot/*`,
  `arn:${partition}:ec2:*::image/*`,
  inAccount("rds", "snapshot:*"),
  inAccount("rds", "cluster-snapshot:*"),
  inAccount("dynamodb", "table/*/backup/*"),
  inAccount("fsx", "backup/*"),
  inAccount("redshift", "snapshot:*"),
  inAccount("redshift-serverless", "snapshot:*"),
];

/** Points that AWS Backup tags itself; the others are tagged by their owners (rule 12). */
const ownPoints = [inAccount("backup", "recovery-point:*")];
/**
 * Owners' points that take tags: not DynamoDB's backups. RDS and Redshift keep people's snapshots under the same type, and AWS
 * Backup's are told apart by their names (Developer Guide, "AWS Backup resource ARNs").
 */
const ownersPoints = [
  `arn:${partition}:ec2:*::snapshot/*`,
  `arn:${partition}:ec2:*::image/*`,
  inAccount("rds", "snapshot:awsbackup:*"),
  inAccount("rds", "cluster-snapshot:awsbackup:*"),
  inAccount("fsx", "backup/*"),
  inAccount("redshift", "snapshot:*/awsbackup:*"),
];
const ownersTagging = ["ec2:CreateTags", "fsx:TagResource", "rds:AddTagsToResource", "redshift:CreateTags"];

const RESOURCE_FLEET = `aws:ResourceTag/${FLEET_TAG}`;
const REQUEST_FLEET = `aws:RequestTag/${FLEET_TAG}`;
/** Tags that people set to stay our hand: keep a point (rule 12), suspend writes (rule 27). */
const peoplesMarks = ["holdfast:keep", SUSPEND_TAG];
/** China's endpoints end otherwise. */
const throughBackup = { "kms:ViaService": ["backup.*.amazonaws.com", "backup.*.amazonaws.com.cn"] };

export const SCOPES: readonly Scope[] = [
  {
    sid: "ListTarget",
    actions: [
      "backup:DescribeGlobalSettings",
      "backup:DescribeRegionSettings",
      "backup:ListBackupJobs",
      "backup:ListBackupPlans",
      "backup:ListBackupVaults",
      "backup:ListCopyJobs",
      "backup:ListLegalHolds",
      "backup:ListProtectedResources",
      "backup:ListRestoreJobs",
      "backup:ListRestoreTestingPlans",
    ],
    resources: ["*"],
    because: "AWS gives these listings, and the settings of a Region, no resource to be limited to.",
  },
  {
    sid: "ReadVaults",
    actions: [
      "backup:DescribeBackupVault",
      "backup:GetBackupVaultAccessPolicy",
      "backup:GetBackupVaultNotifications",
      "backup:ListRecoveryPointsByBackupVault",
    ],
    resources: [vaults],
    because: "Vaults that are not ours are read as well: they are reported, and consent to adopt one needs to see it.",
  },
  {
    sid: "ReadPlans",
    actions: ["backup:GetBackupPlan", "backup:GetBackupSelection", "backup:ListBackupSelections"],
    resources: [plans],
    because: "Selections are authorised on their plan's ARN. Plans of other teams are read as vaults of theirs are.",
  },
  {
    sid: "ReadRestoreTesting",
    actions: [
      "backup:GetRestoreTestingPlan",
      "backup:GetRestoreTestingSelection",
      "backup:ListRestoreTestingSelections",
    ],
    resources: [testingPlans],
    because: "Selections are authorised on their restore testing plan's ARN. Other teams' are read as their plans are.",
  },
  {
    sid: "ReadTags",
    actions: ["backup:ListTags"],
    resources: [vaults, plans, testingPlans, ...ownPoints],
    because: "Whose a vault or a plan is, and which points people keep, only their tags say.",
  },
  {
    sid: "ReadRecoveryPoints",
    actions: ["backup:DescribeRecoveryPoint"],
    resources: recoveryPoints,
    because:
      "AWS Backup authorises on the point's own ARN, which is another service's where that service keeps the backup.",
  },
  {
    sid: "ReadLegalHolds",
    actions: ["backup:ListRecoveryPointsByLegalHold"],
    resources: [inAccount("backup", "legal-hold:*")],
    because:
      "What a legal hold covers is left alone; an unreadable hold stops every deletion in the account (rule 10).",
  },
  {
    sid: "ListOwners",
    actions: [
      "dynamodb:ListTables",
      "ec2:DescribeImages",
      "ec2:DescribeInstances",
      "ec2:DescribeVolumes",
      "fsx:DescribeFileSystems",
      "fsx:DescribeVolumes",
      "s3:ListAllMyBuckets",
    ],
    resources: ["*"],
    because:
      "That a resource is gone is proven by its own service's listing (rule 3), and these know no resource to be limited to.",
  },
  {
    sid: "ReadOwners",
    actions: [
      "dynamodb:DescribeTable",
      "elasticfilesystem:DescribeFileSystems",
      "rds:DescribeDBClusterSnapshots",
      "rds:DescribeDBClusters",
      "rds:DescribeDBInstances",
      "rds:DescribeDBSnapshots",
      "redshift:DescribeClusters",
    ],
    resources: [
      inAccount("dynamodb", "table/*"),
      inAccount("elasticfilesystem", "file-system/*"),
      inAccount("rds", "cluster:*"),
      inAccount("rds", "cluster-snapshot:*"),
      inAccount("rds", "db:*"),
      inAccount("rds", "snapshot:*"),
      inAccount("redshift", "cluster:*"),
    ],
    because: "The other owners' proof is of this account's resources; a whole listing is authorised on all of a type.",
  },
  {
    sid: "ReadOwnBackups",
    actions: ["dynamodb:DescribeContinuousBackups"],
    resources: [inAccount("dynamodb", "table/*")],
    because: "What lacks a young enough recovery point is told with what its own service keeps of it, set or not.",
  },
  {
    sid: "ListSnapshots",
    actions: ["ec2:DescribeSnapshots"],
    resources: ["*"],
    because:
      "Of such a volume, whether Data Lifecycle Manager keeps snapshots. The listing knows no resource to be limited to.",
  },
  {
    sid: "LocateBuckets",
    actions: ["s3:GetBucketLocation"],
    resources: [`arn:${partition}:s3:::*`],
    because:
      "Buckets are listed without their Region, and their ARNs carry no account. It reads nothing of what is in them.",
  },
  {
    sid: "ReadPeoplesMarks",
    actions: ["tag:GetResources"],
    resources: ["*"],
    because:
      "Keep marks stand on points of many services (rule 12), and coverage is told of resources of as many; this listing knows no resource to be limited to.",
  },
  {
    sid: "ReadBackupRoles",
    actions: ["iam:GetRole"],
    resources: [roles],
    because: "A point is deleted by the role it was made with, so that the role is looked at before (rule 9).",
  },
  {
    sid: "ReadOwnRoles",
    actions: ["iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"],
    resources: ownRoles,
    because:
      "Doctor compares what these roles may do with what was reviewed. What other roles of the account may do is none of our business.",
  },
  {
    sid: "ListForwarding",
    actions: ["events:ListRuleNamesByTarget"],
    resources: ["*"],
    because:
      "Doctor asks which rules put AWS Backup's events on the hub's bus; CloudFormation names them, and AWS gives the question no resource.",
  },
  {
    sid: "ReadForwarding",
    actions: ["events:DescribeRule", "events:ListTargetsByRule"],
    resources: [inAccount("events", "rule/*")],
    because: "Doctor looks at those rules alone, by whatever names they have.",
  },
  {
    sid: "ReadValidators",
    actions: ["lambda:GetFunctionConfiguration"],
    resources: [inAccount("lambda", `function:${VALIDATOR_PREFIX}*`)],
    because: "Doctor looks whether what restores are validated by is there, and at no other function.",
  },
  {
    sid: "ResolveKeyAliases",
    actions: ["kms:DescribeKey"],
    resources: [keys],
    because: "An alias is authorised on the key behind it, which may be another account's.",
  },
  {
    sid: "SetRegion",
    actions: ["backup:UpdateRegionSettings"],
    resources: ["*"],
    because: "A Region's settings are no resource; which of them are ours the manifests say, and no tag can.",
  },
  {
    sid: "CreateForFleet",
    actions: ["backup:CreateBackupPlan", "backup:CreateBackupVault", "backup:CreateRestoreTestingPlan"],
    resources: [vaults, plans, testingPlans],
    condition: { StringEquals: { [REQUEST_FLEET]: FLEET } },
    because: "What is created is marked as this fleet's in the create call itself, or not created (rule 19).",
  },
  {
    sid: "WriteToFleet",
    actions: [
      "backup:DeleteBackupPlan",
      "backup:DeleteBackupVault",
      "backup:DeleteBackupVaultAccessPolicy",
      "backup:DeleteBackupVaultLockConfiguration",
      "backup:DeleteBackupVaultNotifications",
      "backup:DeleteRestoreTestingPlan",
      "backup:PutBackupVaultAccessPolicy",
      "backup:PutBackupVaultLockConfiguration",
      "backup:PutBackupVaultNotifications",
      "backup:UpdateBackupPlan",
      "backup:UpdateRestoreTestingPlan",
    ],
    resources: [vaults, plans, testingPlans],
    condition: { StringEquals: { [RESOURCE_FLEET]: FLEET } },
    because: "Only what carries this fleet's ownership tag is written to (rule 28).",
  },
  {
    sid: "WriteSelections",
    actions: [
      "backup:CreateBackupSelection",
      "backup:CreateRestoreTestingSelection",
      "backup:DeleteBackupSelection",
      "backup:DeleteRestoreTestingSelection",
      "backup:UpdateRestoreTestingSelection",
    ],
    resources: [plans, testingPlans],
    condition: { StringEqualsIfExists: { [RESOURCE_FLEET]: FLEET } },
    because:
      "A selection cannot be tagged and may stand on another team's plan, though never on another fleet's. Which selection is ours code tells, by its request id (rule 19).",
  },
  {
    sid: "TagFleet",
    actions: ["backup:TagResource"],
    resources: [vaults, plans, testingPlans],
    condition: {
      StringEquals: { [RESOURCE_FLEET]: FLEET },
      StringEqualsIfExists: { [REQUEST_FLEET]: FLEET },
    },
    because: "Ordinary tags of what is ours; its ownership tag stays this fleet's.",
  },
  {
    sid: "ClaimForFleet",
    actions: ["backup:TagResource"],
    dependent: ["backup:TagResource"],
    resources: [vaults, plans, testingPlans],
    condition: { StringEquals: { [REQUEST_FLEET]: FLEET }, Null: { [RESOURCE_FLEET]: true } },
    because: "Creating with tags, and adopting: only what no fleet owns, and only by marking it as this fleet's.",
  },
  {
    sid: "PutValidationResults",
    actions: ["backup:PutRestoreValidationResult"],
    resources: ["*"],
    because:
      "AWS gives the result of a restore test no resource to be limited to. It says something of a test, and changes no backup.",
  },
  {
    sid: "AskValidators",
    actions: ["lambda:InvokeFunction"],
    resources: [inAccount("lambda", `function:${VALIDATOR_PREFIX}*`)],
    because:
      "What was restored as a test is looked at by functions of the account itself, which say by their name that they are for this.",
  },
  {
    sid: "SetLifecycle",
    actions: ["backup:UpdateRecoveryPointLifecycle"],
    resources: recoveryPoints,
    because: "IAM cannot tell lengthening from shortening, so this is the only thing one role may change (rule 28).",
  },
  {
    sid: "MarkRecoveryPoints",
    actions: ["backup:TagResource"],
    resources: ownPoints,
    because:
      "Points carry no ownership tag to be told by, and a policy may put any ordinary tag on them. Which tags it may not, the guards say.",
  },
  {
    sid: "MarkOwnersPoints",
    actions: ownersTagging,
    resources: ownersPoints,
    because: "The same for points that only their owner's API can tag.",
  },
  {
    sid: "BackUpNow",
    actions: ["backup:StartBackupJob"],
    resources: [vaults],
    because:
      "A backup is authorised on the vault that it goes into, and reads its resource with the role that is passed.",
  },
  {
    sid: "CopyRecoveryPoints",
    actions: ["backup:StartCopyJob"],
    resources: recoveryPoints,
    because: "A copy is authorised on the point that is copied; where it may go, the destination vault's policy says.",
  },
  {
    sid: "DeleteRecoveryPoints",
    actions: ["backup:DeleteRecoveryPoint"],
    resources: recoveryPoints,
    because: "Points carry no ownership tag; what may be deleted, only announcements and approvals say (rules 1–9).",
  },
  {
    sid: "PassBackupRoles",
    actions: [],
    dependent: ["iam:PassRole"],
    resources: [roles],
    condition: {
      StringEquals: { "iam:PassedToService": ["backup.amazonaws.com", "malware-protection.guardduty.amazonaws.com"] },
    },
    because:
      "A selection names the role that AWS Backup works with, a plan's scan settings the one GuardDuty scans with.",
  },
  {
    sid: "UseVaultKeys",
    actions: [],
    dependent: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey", "kms:RetireGrant"],
    resources: [keys],
    condition: { StringLike: throughBackup },
    because:
      "Creating a vault under a customer managed key uses the key on the caller's behalf, and only through AWS Backup.",
  },
  {
    sid: "GrantVaultKeys",
    actions: [],
    dependent: ["kms:CreateGrant"],
    resources: [keys],
    condition: { StringLike: throughBackup, Bool: { "kms:GrantIsForAWSResource": true } },
    because: "AWS Backup keeps the use of the vault's key by a grant; nobody else may be granted it.",
  },
  {
    sid: "MountVaultStorage",
    actions: [],
    dependent: ["backup-storage:MountCapsule"],
    resources: ["*"],
    because: "Creating a vault mounts its storage; the action knows no resource.",
  },
];

export const GUARDS: readonly Guard[] = [
  {
    sid: "NeverLockForEver",
    roles: ["apply"],
    actions: ["backup:PutBackupVaultLockConfiguration"],
    resources: ["*"],
    condition: { Null: { "backup:ChangeableForDays": false } },
    because:
      "Given a number of days a lock becomes immutable. That is the destroy role's, behind approval and announcement (rule 28).",
  },
  {
    sid: "LeavePeoplesMarks",
    roles: ["observe", "apply", "retain", "destroy"],
    actions: ["backup:TagResource", "backup:UntagResource", ...ownersTagging],
    resources: ["*"],
    condition: { "ForAnyValue:StringEquals": { "aws:TagKeys": peoplesMarks } },
    because: "Tags by which people stay our hand are theirs to set and to take away (rules 12, 27).",
  },
  {
    sid: "NeverOwnRecoveryPoints",
    roles: ["observe", "apply", "retain", "destroy"],
    actions: ["backup:TagResource", ...ownersTagging],
    resources: [...ownPoints, ...ownersPoints],
    condition: { "ForAnyValue:StringEquals": { "aws:TagKeys": [FLEET_TAG, RESOURCE_TAG] } },
    because: "A policy that matches a point is all there is to its ownership (rule 19): a mark would claim more.",
  },
];

/** Why a statement of a member role's policy reaches as far as it does. */
export function reasonOf(sid: string): string {
  const scope = SCOPES.find((one) => one.sid === sid);
  if (scope === undefined) throw new Error(`infra/policy-scopes.ts has no scope ${sid}`);
  return scope.because;
}
