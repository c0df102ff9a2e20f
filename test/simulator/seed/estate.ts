/** What a production account backs up and how, as its platform team set it up some weeks ago. */
import { addPlan, addSelection, addVault } from "../backup/build.ts";
import type { Plan } from "../backup/state.ts";
import type { Simulator } from "../simulator.ts";
import { backupServiceRole } from "./roles.ts";

export interface Place {
  readonly account: string;
  readonly region: string;
}

/** A copy of every nightly backup goes there. */
interface Central extends Place {
  readonly vault: string;
}

/** Resources of the usual kinds: most tagged for the nightly plan, one forgotten, one that never had a tag. */
export function addResources(simulator: Simulator, { account, region }: Place): void {
  const add = (type: string, resource: string, tags: Readonly<Record<string, string>>, gigabytes: number) =>
    simulator.addResource(account, region, { arn: `arn:aws:${resource}`, type, tags, sizeBytes: gigabytes * 1e9 });
  const own = `${region}:${account}`;
  const nightly = { backup: "nightly", env: "production" };
  add("EBS", `ec2:${own}:volume/vol-0a1b2c3d4e5f60001`, nightly, 120);
  add("EBS", `ec2:${own}:volume/vol-0a1b2c3d4e5f60002`, { env: "production" }, 40);
  add("RDS", `rds:${own}:db:orders`, nightly, 200);
  add("DynamoDB", `dynamodb:${own}:table/customers`, nightly, 8);
  add("EFS", `elasticfilesystem:${own}:file-system/fs-0123456789abcdef0`, nightly, 60);
  add("S3", `s3:::${account}-${region}-documents`, { env: "production" }, 300);
  add("DynamoDB", `dynamodb:${own}:table/scratch`, {}, 1);
}

/** One vault under the account's own key, closed to deletion by anybody but the destroyer, with bounds and a bell. */
export function addNightlyVault(simulator: Simulator, { account, region }: Place): void {
  const Principal = "*";
  const NotLike = { ArnNotLike: { "aws:PrincipalArn": `arn:aws:iam::${account}:role/holdfast-destroy` } };
  const Statement = [
    { Effect: "Deny", Principal, Action: "backup:DeleteRecoveryPoint", Resource: "*", Condition: NotLike },
  ];
  addVault(simulator.backup(account, region), {
    name: "nightly",
    creationDate: simulator.clock.now(),
    encryptionKeyArn: keyOf(simulator, { account, region }),
    tags: { owner: "platform" },
    lock: { minRetentionDays: 7, maxRetentionDays: 400 },
    accessPolicy: JSON.stringify({ Version: "2012-10-17", Statement }),
    notifications: {
      topicArn: `arn:aws:sns:${region}:${account}:backup-events`,
      events: ["BACKUP_JOB_FAILED", "COPY_JOB_FAILED"],
    },
  });
}

/** Every night for five weeks, a monthly one for a year, each night's copied to the central account. */
export function addNightlyPlan(simulator: Simulator, place: Place, central: Central | undefined): Plan {
  const state = simulator.backup(place.account, place.region);
  const lifecycle = { DeleteAfterDays: 35 };
  const arn = central && `arn:aws:backup:${central.region}:${central.account}:backup-vault:${central.vault}`;
  const copies = arn === undefined ? {} : { CopyActions: [{ DestinationBackupVaultArn: arn, Lifecycle: lifecycle }] };
  const common = { TargetBackupVaultName: "nightly", StartWindowMinutes: 60, CompletionWindowMinutes: 480 };
  const plan = addPlan(state, {
    document: {
      BackupPlanName: "nightly",
      Rules: [
        { ...common, RuleName: "daily", ScheduleExpression: "cron(0 3 ? * * *)", Lifecycle: lifecycle, ...copies },
        {
          ...common,
          RuleName: "monthly",
          ScheduleExpression: "cron(0 4 1 * ? *)",
          Lifecycle: { DeleteAfterDays: 365 },
        },
      ],
    },
    tags: { owner: "platform" },
  });
  addSelection(state, plan, {
    content: {
      SelectionName: "tagged-nightly",
      IamRoleArn: `arn:aws:iam::${place.account}:role/service-role/${backupServiceRole}`,
      ListOfTags: [{ ConditionType: "STRINGEQUALS", ConditionKey: "backup", ConditionValue: "nightly" }],
    },
  });
  return plan;
}

/** The vault that copies go to, open to the organization and to nobody else. */
export function addCentralVault(simulator: Simulator, central: Central): void {
  const Condition = { StringEquals: { "aws:PrincipalOrgID": simulator.organization.id } };
  const Statement = [
    { Effect: "Allow", Principal: "*", Action: "backup:CopyIntoBackupVault", Resource: "*", Condition },
  ];
  addVault(simulator.backup(central.account, central.region), {
    name: central.vault,
    creationDate: simulator.clock.now(),
    encryptionKeyArn: keyOf(simulator, central),
    tags: { owner: "platform" },
    accessPolicy: JSON.stringify({ Version: "2012-10-17", Statement }),
  });
}

function keyOf(simulator: Simulator, { account, region }: Place): string {
  const state = simulator.kms(account, region);
  const key = state.keys.get(state.aliases.get("alias/backup")?.keyId ?? "");
  if (key === undefined) throw new RangeError(`${account} has no alias/backup in ${region}`);
  return key.arn;
}
