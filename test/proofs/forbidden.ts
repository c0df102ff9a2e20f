/** What no role may ever do, or one alone; each in circumstances as friendly as they get, so that nothing is refused for the lack of a tag. */
import type { ConditionContext } from "../simulator/iam/conditions.ts";
import { INSTALLED } from "../support/installation.ts";
import { goldenTemplate } from "../support/template.ts";
import { BUCKETS, DESIRED_BUCKET, IRELAND, SHOP } from "../support/universe.ts";
import type { Forbidden } from "./three-proofs.ts";

/** What a request of ours would say of itself: this organization, this fleet, a named run, through AWS Backup. */
export const FRIENDLY: ConditionContext = {
  "aws:PrincipalOrgID": INSTALLED.organizationId,
  "aws:ResourceOrgID": INSTALLED.organizationId,
  "aws:RequestTag/holdfast:fleet": "acme",
  "aws:ResourceTag/holdfast:fleet": "acme",
  "aws:SecureTransport": true,
  "iam:PassedToService": "backup.amazonaws.com",
  "kms:MessageType": "DIGEST",
  "kms:SigningAlgorithm": "ECDSA_SHA_256",
  "s3:if-none-match": "*",
  "sts:ExternalId": "holdfast",
  "sts:SourceIdentity": "run",
};

const at = (service: string, resource: string, account: string = SHOP) =>
  `arn:aws:${service}:${IRELAND}:${account}:${resource}`;
const vault = at("backup", "backup-vault:nightly");
const evidence = `arn:aws:s3:::${BUCKETS.evidence}`;
const report = `${evidence}/v1/chain/reports/0000000001.dsse.json`;
const key = at("kms", "key/somebodys", INSTALLED.hub);
const role = (name: string, account: string = SHOP) => `arn:aws:iam::${account}:role/${name}`;

/** One of the hub's functions, by the file of the bundle that it runs: as the templates name it wherever they have it. */
function functionArn(entry: string): string {
  const { Resources } = goldenTemplate("hub-durable");
  const [id] = Object.entries(Resources).find(([, one]) => one.Properties?.["Handler"] === `${entry}.handler`) ?? [];
  if (id === undefined) throw new RangeError(`the hub has no function ${entry}`);
  return at("lambda", `function:${id}`, INSTALLED.hub);
}
const within = (entry: string): ConditionContext => ({ "lambda:SourceFunctionArn": functionArn(entry) });

/** A recovery point of each service, by the ARN that AWS Backup knows it by (Developer Guide, "AWS Backup resource ARNs"). */
export const POINTS: Readonly<Record<string, string>> = {
  EBS: `arn:aws:ec2:${IRELAND}::snapshot/snap-05f426fd8kdjb4224`,
  EC2: `arn:aws:ec2:${IRELAND}::image/ami-1234`,
  RDS: at("rds", "snapshot:awsbackup:job-be59cf2a"),
  Aurora: at("rds", "cluster-snapshot:awsbackup:job-be59cf2a"),
  DynamoDB: at("dynamodb", "table/T/backup/01547087347000-c8b6kdk3"),
  FSx: at("fsx", "backup/backup-1a20e49982"),
  Redshift: at("redshift", "snapshot:cluster/awsbackup:job-be59cf2a"),
  "Redshift Serverless": at("redshift-serverless", "snapshot:name/awsbackup:job-be59cf2a"),
  EFS: at("backup", "recovery-point:1eb3b5e7-9eb0-435a-a80b-108b488b0d45"),
};

const rows = (
  because: string,
  resource: string,
  actions: string,
  more: Partial<Forbidden> = {},
): readonly Forbidden[] =>
  actions
    .split(" ")
    .map((action) => ({ because, action, resource, ...more, context: { ...FRIENDLY, ...more.context } }));

const ofPoints = Object.values(POINTS).flatMap((point) => [
  ...rows("only the destroy role deletes what is restored from", point, "backup:DeleteRecoveryPoint", {
    except: ["holdfast-destroy"],
  }),
  ...rows("only the retain role says how long points are kept", point, "backup:UpdateRecoveryPointLifecycle", {
    except: ["holdfast-retain"],
  }),
  ...rows("points leave neither their parents nor AWS Backup's care", point, "backup:DisassociateRecoveryPoint"),
  ...rows("nothing is restored", point, "backup:StartRestoreJob"),
]);

/** Points and resources, past AWS Backup. */
const ofOwners = [
  [POINTS["EBS"]!, "ec2:DeleteSnapshot ec2:ModifySnapshotAttribute ec2:DeleteTags"],
  [POINTS["EC2"]!, "ec2:DeregisterImage ec2:ModifyImageAttribute"],
  [POINTS["RDS"]!, "rds:DeleteDBSnapshot rds:ModifyDBSnapshotAttribute rds:RemoveTagsFromResource"],
  [POINTS["Aurora"]!, "rds:DeleteDBClusterSnapshot"],
  [POINTS["DynamoDB"]!, "dynamodb:DeleteBackup dynamodb:RestoreTableFromBackup"],
  [POINTS["FSx"]!, "fsx:DeleteBackup fsx:UntagResource"],
  [POINTS["Redshift"]!, "redshift:DeleteClusterSnapshot redshift:DeleteTags"],
  [POINTS["Redshift Serverless"]!, "redshift-serverless:DeleteSnapshot"],
  [at("ec2", "volume/vol-1"), "ec2:DeleteVolume ec2:CreateTags"],
  [at("rds", "db:orders"), "rds:DeleteDBInstance rds:ModifyDBInstance"],
  [at("dynamodb", "table/orders"), "dynamodb:DeleteTable dynamodb:GetItem dynamodb:Query"],
  [at("elasticfilesystem", "file-system/fs-1"), "elasticfilesystem:DeleteFileSystem elasticfilesystem:ClientMount"],
  ["arn:aws:s3:::pictures/a", "s3:GetObject s3:PutObject s3:DeleteObject"],
  ["arn:aws:s3:::pictures", "s3:ListBucket s3:DeleteBucket s3:PutBucketPolicy"],
] as const;

export const FORBIDDEN: readonly Forbidden[] = [
  ...ofPoints,
  ...ofOwners.flatMap(([resource, actions]) => rows("what is backed up is its owner's", resource, actions)),
  ...rows(
    "evidence stays as it was written",
    report,
    "s3:BypassGovernanceRetention s3:DeleteObject s3:DeleteObjectVersion s3:PutObjectLegalHold s3:PutObjectAcl",
  ),
  ...rows(
    "what keeps evidence is its account's administrators' to change",
    evidence,
    "s3:PutBucketPolicy s3:DeleteBucketPolicy s3:PutLifecycleConfiguration s3:PutBucketObjectLockConfiguration " +
      "s3:PutBucketVersioning s3:PutReplicationConfiguration s3:DeleteBucket",
  ),
  ...rows("reports are the controller's to publish", report, "s3:PutObject", { except: ["holdfast-controller"] }),
  ...rows("desired state is people's to publish", `arn:aws:s3:::${DESIRED_BUCKET}/desired/HEAD.json`, "s3:PutObject", {
    except: ["holdfast-publisher"],
  }),
  ...rows(
    "what nobody looked at is not written over",
    `arn:aws:s3:::${DESIRED_BUCKET}/desired/HEAD.json`,
    "s3:PutObject",
    {
      context: { "s3:if-none-match": undefined },
    },
  ),
  ...rows(
    "other secrets are other people's",
    at("secretsmanager", "secret:somebodys-AbCdEf", INSTALLED.hub),
    "secretsmanager:GetSecretValue secretsmanager:PutSecretValue secretsmanager:DeleteSecret secretsmanager:PutResourcePolicy",
  ),
  ...rows(
    "nothing is started but what was deployed, and nobody changes what that is",
    at("lambda", "function:somebodys:live", INSTALLED.hub),
    "lambda:InvokeFunction lambda:UpdateFunctionCode lambda:UpdateFunctionConfiguration lambda:UpdateAlias lambda:AddPermission",
  ),
  ...rows("events go to the hub's own bus", at("events", "event-bus/default", INSTALLED.hub), "events:PutEvents"),
  ...rows(
    "nobody makes up what AWS Backup says",
    at("events", "event-bus/holdfast", INSTALLED.hub),
    "events:PutEvents",
    {
      except: ["Role"],
    },
  ),
  ...rows("other topics are other people's", at("sns", "somebodys", INSTALLED.hub), "sns:Publish sns:Subscribe"),
  ...rows(
    "nobody listens in on what is told",
    at("sns", "holdfast-payments", INSTALLED.hub),
    "sns:Subscribe sns:SetTopicAttributes sns:AddPermission",
  ),
  ...rows(
    "nobody enters to destroy but from within a function",
    role("holdfast-destroy"),
    "sts:AssumeRole sts:SetSourceIdentity",
  ),
  ...["handler", "coordinator"].flatMap((entry) =>
    rows("only the controller enters to destroy", role("holdfast-destroy"), "sts:AssumeRole sts:SetSourceIdentity", {
      context: within(entry),
      except: ["holdfast-controller"],
    }),
  ),
  ...rows(
    "what events wake enters nowhere to destroy",
    role("holdfast-destroy"),
    "sts:AssumeRole sts:SetSourceIdentity",
    { context: within("events") },
  ),
  ...rows(
    "what events wake has nobody destroy in its place",
    `${functionArn("coordinator")}:live`,
    "lambda:InvokeFunction",
    { context: within("events") },
  ),
  ...rows("what a run leaves is never deleted by one", `arn:aws:s3:::${BUCKETS.work}/lease.json`, "s3:DeleteObject"),
  ...rows(
    "keys are their administrators'",
    key,
    "kms:ScheduleKeyDeletion kms:DisableKey kms:PutKeyPolicy kms:CreateGrant kms:Sign kms:Decrypt kms:ReEncryptFrom " +
      "kms:UpdateAlias kms:ImportKeyMaterial",
  ),
  ...rows("a lock goes by the destroy role's hand alone", vault, "backup:DeleteBackupVaultLockConfiguration", {
    except: ["holdfast-destroy"],
  }),
  ...rows("a lock for ever is announced and approved", vault, "backup:PutBackupVaultLockConfiguration", {
    context: { "backup:ChangeableForDays": 3 },
    except: ["holdfast-destroy"],
  }),
  ...rows("a vault goes by the destroy role's hand alone", vault, "backup:DeleteBackupVault", {
    except: ["holdfast-destroy"],
  }),
  ...rows(
    "another fleet's vault is another fleet's",
    vault,
    "backup:DeleteBackupVault backup:PutBackupVaultAccessPolicy",
    {
      context: { "aws:ResourceTag/holdfast:fleet": "staging" },
    },
  ),
  ...rows("people's marks are people's", vault, "backup:TagResource", {
    context: { "aws:TagKeys": ["holdfast:keep"] },
  }),
  ...rows("nobody unmarks", vault, "backup:UntagResource"),
  ...rows("legal holds are lawyers'", at("backup", "legal-hold:1"), "backup:CancelLegalHold backup:CreateLegalHold"),
  ...rows("settings of the whole organization are people's", "*", "backup:UpdateGlobalSettings"),
  ...rows("settings of a Region are set by the apply role alone", "*", "backup:UpdateRegionSettings", {
    except: ["holdfast-apply"],
  }),
  ...rows("no role outside the four is entered", role("administrator"), "sts:AssumeRole sts:SetSourceIdentity"),
  ...rows("no role under another path is entered", role("other/holdfast-observe"), "sts:AssumeRole"),
  ...rows("the organization is not left", role("holdfast-observe"), "sts:AssumeRole sts:SetSourceIdentity", {
    context: { "aws:ResourceOrgID": "o-another0000" },
  }),
  ...rows("nobody is entered without the fleet's word", role("holdfast-observe"), "sts:AssumeRole", {
    context: { "sts:ExternalId": "another" },
  }),
  ...rows("no run goes unnamed", role("holdfast-observe"), "sts:AssumeRole", {
    context: { "sts:SourceIdentity": undefined },
  }),
  ...rows(
    "nobody gives rights, himself least of all",
    role("holdfast-apply"),
    "iam:PutRolePolicy iam:AttachRolePolicy iam:UpdateAssumeRolePolicy iam:DeleteRolePermissionsBoundary " +
      "iam:PutRolePermissionsBoundary iam:CreateRole iam:DeleteRole iam:UpdateRole",
  ),
  ...rows("nobody makes users or keys", `arn:aws:iam::${SHOP}:user/x`, "iam:CreateUser iam:CreateAccessKey"),
  ...rows("roles are handed to AWS Backup alone", role("backup"), "iam:PassRole", {
    context: { "iam:PassedToService": "ec2.amazonaws.com" },
  }),
  ...rows("and only those of the account", role("backup", "999988887777"), "iam:PassRole"),
  ...rows(
    "the organization is its administrators'",
    "*",
    "organizations:LeaveOrganization organizations:CloseAccount organizations:DetachPolicy organizations:DisablePolicyType",
  ),
];

/** Statements that reach other accounts' resources on purpose, each with the reason. */
export const REACHING_OUT: Readonly<Record<string, string>> = {
  "holdfast-controller PlaceAccounts": "The organization's resources are the management account's.",
  "holdfast-planner PlaceAccounts": "The same.",
  "holdfast-observe LocateBuckets": "Buckets' ARNs carry no account; nothing but the Region is read.",
  "holdfast-observe ResolveKeyAliases":
    "A vault's key may be another account's, whose policy must let it be looked at.",
  "holdfast-apply UseVaultKeys": "The same, and only through AWS Backup.",
  "holdfast-apply GrantVaultKeys": "The same, and only for AWS Backup itself.",
};

/** Each service that works in the name of a role, or with a resource, and what it does there. */
const BY = {
  logs: 'Lambda writes the function\'s log (Lambda Developer Guide, "Sending Lambda function logs to CloudWatch Logs").',
  failures:
    'Lambda keeps the event of a run that failed (Lambda Developer Guide, "Retaining records of asynchronous invocations").',
  starting: 'EventBridge Scheduler invokes its target (Scheduler User Guide, "Setting up the execution role").',
  unstarted:
    'EventBridge Scheduler keeps what it could not deliver (Scheduler User Guide, "Configuring a dead-letter queue").',
  forwarding:
    'EventBridge puts the events that its rule matches (EventBridge User Guide, "Sending events between accounts").',
  lambda:
    'Lambda becomes the role to run its function (Lambda Developer Guide, "Defining permissions with an execution role").',
  rule: 'EventBridge delivers what a rule matches (EventBridge User Guide, "Using resource-based policies").',
  alarm: 'CloudWatch tells of an alarm (SNS Developer Guide, "Example cases for Amazon SNS access control").',
  accessLogs: 'S3 delivers access logs (S3 User Guide, "Enabling Amazon S3 server access logging").',
  rotation:
    'Secrets Manager calls the function that rotates (Secrets Manager User Guide, "Lambda rotation function permissions").',
  github:
    "Tokens of GitHub's, which STS takes: who is let in by them is judged in test/infra/{publisher,planner}-role.test.ts.",
  administrators:
    'A key that nobody may administer is lost for ever (KMS Developer Guide, "Default key policy"): its account\'s people keep it. They cannot sign with it.',
} as const;

/** What no call of ours takes: AWS takes it in the role's name. Role, action and statement. */
export const BY_AWS: Readonly<Record<string, string>> = {
  "holdfast-controller may logs:CreateLogStream (WriteLogs)": BY.logs,
  "holdfast-controller may logs:PutLogEvents (WriteLogs)": BY.logs,
  "holdfast-controller may sqs:SendMessage (KeepFailedRuns)": BY.failures,
  "holdfast-worker may logs:CreateLogStream (WriteLogs)": BY.logs,
  "holdfast-worker may logs:PutLogEvents (WriteLogs)": BY.logs,
  "holdfast-rotation may logs:CreateLogStream (WriteLogs)": BY.logs,
  "holdfast-rotation may logs:PutLogEvents (WriteLogs)": BY.logs,
  "ScheduleRole may lambda:InvokeFunction (StartController)": BY.starting,
  "ScheduleRole may sqs:SendMessage (KeepFailedStarts)": BY.unstarted,
  "Role may events:PutEvents (PutToHub)": BY.forwarding,
};

const administering = (key: string, actions: string) =>
  Object.fromEntries(
    actions
      .split(" ")
      .map((action) => [
        `${key} lets AWS arn:aws:iam::${INSTALLED.hub}:root kms:${action} (Administer)`,
        BY.administrators,
      ]),
  );

/** What is done with every key; whatever our roles read of them besides they could as people of the account. */
const KEEPING = "DisableKey EnableKey GetKeyPolicy ListKeyPolicies ListResourceTags PutKeyPolicy ScheduleKeyDeletion";
const TAGGING = "CancelKeyDeletion TagResource UntagResource UpdateKeyDescription";
const SIGNING = `${KEEPING} ${TAGGING} CreateAlias DeleteAlias UpdateAlias ListGrants Verify`;
const ENCRYPTING = `${KEEPING} ${TAGGING} DescribeKey DisableKeyRotation EnableKeyRotation GetKeyRotationStatus`;

/** What resources let others do that no call of ours takes. */
export const BY_OTHERS: Readonly<Record<string, string>> = {
  "AccessLogsPolicy lets Service logging.s3.amazonaws.com s3:PutObject (TakeAccessLogs)": BY.accessLogs,
  "ControllerRole lets Service lambda.amazonaws.com sts:AssumeRole (RunAsLambda)": BY.lambda,
  "EngineWorkerRole lets Service lambda.amazonaws.com sts:AssumeRole (RunAsLambda)": BY.lambda,
  "WebhooksRole lets Service lambda.amazonaws.com sts:AssumeRole (RunAsLambda)": BY.lambda,
  "ScheduleRole lets Service scheduler.amazonaws.com sts:AssumeRole (StartAsScheduler)": BY.starting,
  "Role lets Service events.amazonaws.com sts:AssumeRole (ForwardAsEventBridge)": BY.forwarding,
  "IntakeBus lets * events:PutEvents (TellOfBackups)": BY.forwarding,
  "IntakeEventsPolicy lets Service events.amazonaws.com sqs:SendMessage (TakeFromTheRule)": BY.rule,
  "IntakeDeadLettersPolicy lets Service events.amazonaws.com sqs:SendMessage (TakeFromTheRule)": BY.rule,
  "NotificationsPolicy lets Service events.amazonaws.com sns:Publish (LetRulesTellOfTampering)": BY.rule,
  "NotificationsPolicy lets Service cloudwatch.amazonaws.com sns:Publish (LetAlarmsSpeak)": BY.alarm,
  "WebhooksPermission lets Service secretsmanager.amazonaws.com lambda:InvokeFunction (Permission)": BY.rotation,
  [`PublisherRole lets Federated arn:aws:iam::${INSTALLED.hub}:oidc-provider/token.actions.githubusercontent.com sts:AssumeRoleWithWebIdentity (PublishAsWorkflow)`]:
    BY.github,
  [`PlannerRole lets Federated arn:aws:iam::${INSTALLED.hub}:oidc-provider/token.actions.githubusercontent.com sts:AssumeRoleWithWebIdentity (PlanAsPullRequest)`]:
    BY.github,
  "NotificationsKey lets Service cloudwatch.amazonaws.com kms:Decrypt (EncryptWhatAlarmsSay)": BY.alarm,
  "NotificationsKey lets Service cloudwatch.amazonaws.com kms:GenerateDataKey* (EncryptWhatAlarmsSay)": BY.alarm,
  "NotificationsKey lets Service events.amazonaws.com kms:Decrypt (EncryptWhatRulesTell)": BY.rule,
  "NotificationsKey lets Service events.amazonaws.com kms:GenerateDataKey* (EncryptWhatRulesTell)": BY.rule,
  ...administering("SigningKey", SIGNING),
  ...administering("SecondKey", SIGNING),
  ...administering("SyncKey", SIGNING),
  ...administering("NotificationsKey", ENCRYPTING),
};
