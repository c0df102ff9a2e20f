/**
 * Which permissions an AWS Backup call takes, on which ARN, and with which condition keys (semantics §8.1, §8.2, §8.3, §1.1;
 * Service Authorization Reference, "AWS Backup").
 */
import type { Need } from "./authorize.ts";
import type { ConditionContext } from "./conditions.ts";
import type { PolicyDocument } from "./policy.ts";
import { tagContext } from "./tag-context.ts";

/** The members that decide; every AWS Backup input has some of them. */
export interface BackupInput {
  readonly BackupVaultName?: string;
  readonly BackupVaultAccountId?: string;
  readonly BackupPlanId?: string;
  readonly RecoveryPointArn?: string;
  readonly ResourceArn?: string;
  readonly LegalHoldId?: string;
  readonly RestoreTestingPlanName?: string;
  readonly RestoreTestingSelection?: { readonly IamRoleArn?: string };
  readonly IamRoleArn?: string;
  readonly BackupSelection?: { readonly IamRoleArn?: string };
  readonly EncryptionKeyArn?: string;
  readonly BackupVaultTags?: Tags;
  readonly BackupPlanTags?: Tags;
  readonly RecoveryPointTags?: Tags;
  readonly Tags?: Tags;
  readonly TagKeyList?: readonly string[];
  readonly ChangeableForDays?: number;
  readonly MinRetentionDays?: number;
  readonly MaxRetentionDays?: number;
}

type Tags = Readonly<Record<string, string>>;

/** What the call's account can be asked about. */
export interface BackupPlace {
  readonly account: string;
  readonly region: string;
  /** Tags of an AWS Backup object, for `aws:ResourceTag`; undefined where there is no such object. */
  readonly tagsOf: (arn: string) => Tags | undefined;
  /** The ARN of a restore testing plan, by its name. */
  readonly testingPlan: (name: string) => string | undefined;
  /** A key as the caller names it. */
  readonly key: (name: string) => { readonly arn: string; readonly policy: PolicyDocument } | undefined;
}

type ResourceOf = (input: BackupInput, place: BackupPlace) => string;

const backupArn = ({ account, region }: BackupPlace, resource: string) =>
  `arn:aws:backup:${region}:${account}:${resource}`;

const vault: ResourceOf = (input, place) =>
  backupArn(
    { ...place, account: input.BackupVaultAccountId ?? place.account },
    `backup-vault:${input.BackupVaultName ?? "*"}`,
  );
/** A plan that is yet to be made has no id; a policy must allow all plans. */
const plan: ResourceOf = (input, place) => backupArn(place, `backup-plan:${input.BackupPlanId ?? "*"}`);
const recoveryPoint: ResourceOf = (input) => input.RecoveryPointArn ?? "*";
const legalHold: ResourceOf = (input, place) => backupArn(place, `legal-hold:${input.LegalHoldId ?? "*"}`);
/** Named by its ARN, which ends in a UUID that a name does not tell; one that is yet to be made has none. */
const testingPlan: ResourceOf = (input, place) =>
  (input.RestoreTestingPlanName === undefined ? undefined : place.testingPlan(input.RestoreTestingPlanName)) ??
  backupArn(place, "restore-testing-plan:*");
const tagged: ResourceOf = (input) => input.ResourceArn ?? "*";

/** Operations by the element their `Resource` may name. What is not here takes `*`. */
const scopes: readonly (readonly [ResourceOf, string])[] = [
  [
    vault,
    "CreateBackupVault CreateLogicallyAirGappedBackupVault CreateRestoreAccessBackupVault DescribeBackupVault DeleteBackupVault " +
      "GetBackupVaultAccessPolicy PutBackupVaultAccessPolicy DeleteBackupVaultAccessPolicy GetBackupVaultNotifications " +
      "PutBackupVaultNotifications DeleteBackupVaultNotifications PutBackupVaultLockConfiguration DeleteBackupVaultLockConfiguration " +
      "ListRecoveryPointsByBackupVault ListProtectedResourcesByBackupVault ListRestoreAccessBackupVaults " +
      "RevokeRestoreAccessBackupVault AssociateBackupVaultMpaApprovalTeam DisassociateBackupVaultMpaApprovalTeam StartBackupJob",
  ],
  [
    recoveryPoint,
    "DescribeRecoveryPoint DeleteRecoveryPoint UpdateRecoveryPointLifecycle DisassociateRecoveryPoint " +
      "DisassociateRecoveryPointFromParent GetRecoveryPointRestoreMetadata GetRecoveryPointIndexDetails " +
      "UpdateRecoveryPointIndexSettings StartCopyJob StartRestoreJob StartScanJob",
  ],
  [
    plan,
    "CreateBackupPlan GetBackupPlan UpdateBackupPlan DeleteBackupPlan ListBackupPlanVersions CreateBackupSelection " +
      "GetBackupSelection DeleteBackupSelection ListBackupSelections",
  ],
  [legalHold, "CreateLegalHold GetLegalHold CancelLegalHold ListRecoveryPointsByLegalHold"],
  [
    testingPlan,
    "CreateRestoreTestingPlan GetRestoreTestingPlan UpdateRestoreTestingPlan DeleteRestoreTestingPlan " +
      "CreateRestoreTestingSelection GetRestoreTestingSelection ListRestoreTestingSelections UpdateRestoreTestingSelection " +
      "DeleteRestoreTestingSelection",
  ],
  [tagged, "TagResource UntagResource ListTags"],
];

const resourceOf: ReadonlyMap<string, ResourceOf> = new Map(
  scopes.flatMap(([scope, names]) => names.split(" ").map((name) => [name, scope] as const)),
);

/** Operations that hand AWS Backup a role to work with. */
const passesRole = new Set([
  "CreateBackupSelection",
  "StartBackupJob",
  "StartCopyJob",
  "StartRestoreJob",
  "StartScanJob",
  "CreateRestoreTestingSelection",
  "UpdateRestoreTestingSelection",
]);
const tagsAtCreate: Readonly<Record<string, keyof BackupInput>> = {
  CreateBackupVault: "BackupVaultTags",
  CreateLogicallyAirGappedBackupVault: "BackupVaultTags",
  CreateBackupPlan: "BackupPlanTags",
  CreateLegalHold: "Tags",
  CreateRestoreTestingPlan: "Tags",
};
const mountsStorage = new Set(["CreateBackupVault", "CreateLogicallyAirGappedBackupVault"]);
/** What creating a vault under a customer's key takes on the key (semantics §1.1). */
const keyActions = ["kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant", "kms:Decrypt", "kms:GenerateDataKey"];

/** Every permission the call takes, the operation's own first. */
export function backupNeeds(operation: string, input: BackupInput, place: BackupPlace): readonly Need[] {
  const resource = resourceOf.get(operation)?.(input, place) ?? "*";
  const context = contextOf(operation, input, place.tagsOf(resource));
  const tagMember = tagsAtCreate[operation];
  const tags = tagMember === undefined ? undefined : (input[tagMember] as Tags | undefined);
  return [
    { action: `backup:${operation}`, resource, context },
    ...(tags === undefined || Object.keys(tags).length === 0
      ? []
      : [{ action: "backup:TagResource", resource, context }]),
    ...(passesRole.has(operation) ? passRole(input) : []),
    ...(mountsStorage.has(operation)
      ? [{ action: "backup-storage:MountCapsule", resource: "*" }, ...useKey(input, place)]
      : []),
  ];
}

function contextOf(operation: string, input: BackupInput, resourceTags: Tags | undefined): ConditionContext {
  const requested = {
    ...input.BackupVaultTags,
    ...input.BackupPlanTags,
    ...(operation === "StartBackupJob" ? {} : input.Tags),
  };
  return {
    ...tagContext(requested, resourceTags, input.TagKeyList),
    "backup:ChangeableForDays": input.ChangeableForDays,
    "backup:MinRetentionDays": input.MinRetentionDays,
    "backup:MaxRetentionDays": input.MaxRetentionDays,
  };
}

function passRole(input: BackupInput): readonly Need[] {
  const role = input.IamRoleArn ?? input.BackupSelection?.IamRoleArn ?? input.RestoreTestingSelection?.IamRoleArn;
  if (role === undefined) return [];
  return [{ action: "iam:PassRole", resource: role, context: { "iam:PassedToService": "backup.amazonaws.com" } }];
}

function useKey(input: BackupInput, place: BackupPlace): readonly Need[] {
  const key = input.EncryptionKeyArn === undefined ? undefined : place.key(input.EncryptionKeyArn);
  if (key === undefined) return [];
  const context = { "kms:ViaService": `backup.${place.region}.amazonaws.com`, "kms:GrantIsForAWSResource": true };
  const owner = key.arn.split(":")[4] ?? "";
  const policy = { document: key.policy, owner, rule: "resource" as const };
  return keyActions.map((action) => ({ action, resource: key.arn, context, policy }));
}
