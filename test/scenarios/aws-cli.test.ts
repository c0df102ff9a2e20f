import { execFile, spawnSync } from "node:child_process";
import { devNull } from "node:os";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPlan, addSelection, addVault } from "../simulator/backup/build.ts";
import type { Plan, RecoveryPoint, Selection } from "../simulator/backup/state.ts";
import type { KmsKey } from "../simulator/kms/state.ts";
import type { Listening } from "../simulator/http.ts";
import { createSimulator, type Simulator } from "../simulator/simulator.ts";
import { addVersion } from "../simulator/s3/state.ts";

/**
 * The AWS CLI reads the simulator's answers with AWS's own models and parsers, not ours: what it makes of them is what the simulator's
 * state is. Where it is not installed there is nothing to compare with; in CI it must be (`.ci/run` installs Debian's).
 */
const missing = spawnSync("aws", ["--version"]).status !== 0 && process.env["CI"] === undefined;

const HUB = "111122223333";
const HOME = "eu-west-1";
const AWAY = "eu-central-1";
const NIGHTS = 2;
const TABLES = ["customers", "orders"];
const arnOf = (table: string): string => `arn:aws:dynamodb:${HOME}:${HUB}:table/${table}`;

const simulator = createSimulator({
  hubAccount: HUB,
  regions: [HOME, AWAY],
  accounts: [
    { id: HUB, name: "hub" },
    { id: "444455556666", name: "shop", ou: "Workloads/Production", tags: { env: "production" } },
    { id: "777788889999", name: "closed", status: "SUSPENDED" },
    { id: "222233334444", name: "backup", ou: "Infrastructure" },
  ],
});
const { plan, selection, key } = furnish(simulator);
const version = plan.versions.at(-1)!;
const rule = version.document.Rules![0]!;
const state = simulator.backup(HUB, HOME);
const vault = state.vaults.get("nightly")!;
const points = (): readonly RecoveryPoint[] => [...vault.points];

let listening: Listening;
beforeAll(async () => {
  listening = await simulator.listen(0);
});
afterAll(() => listening.close());

/** A vault with everything a vault can have, more vaults than a page holds, and a plan that ran for two nights with copies. */
function furnish(world: Simulator): { readonly plan: Plan; readonly selection: Selection; readonly key: KmsKey } {
  const here = world.backup(HUB, HOME);
  const key = world.addKey(HUB, HOME, { alias: "alias/backup", description: "everything that is backed up" });
  addVault(here, {
    name: "nightly",
    tags: { owner: "platform", "cost centre": "4711" },
    lock: { minRetentionDays: 7, maxRetentionDays: 400 },
    accessPolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Deny", Principal: "*", Action: "backup:DeleteRecoveryPoint", Resource: "*" }],
    }),
    notifications: { topicArn: `arn:aws:sns:${HOME}:${HUB}:bell`, events: ["BACKUP_JOB_FAILED", "COPY_JOB_FAILED"] },
  });
  for (const name of ["aaa", "bbb", "ccc", "ddd"]) addVault(here, { name });
  addVault(world.backup(HUB, AWAY), { name: "central" });
  for (const table of TABLES)
    world.addResource(HUB, HOME, { arn: arnOf(table), type: "DynamoDB", tags: { backup: "nightly" } });
  const DestinationBackupVaultArn = `arn:aws:backup:${AWAY}:${HUB}:backup-vault:central`;
  const made = addPlan(here, {
    tags: { owner: "platform" },
    document: {
      BackupPlanName: "nightly",
      Rules: [
        {
          RuleName: "daily",
          TargetBackupVaultName: "nightly",
          ScheduleExpression: "cron(0 3 ? * * *)",
          Lifecycle: { DeleteAfterDays: 35 },
          CopyActions: [{ DestinationBackupVaultArn, Lifecycle: { DeleteAfterDays: 90 } }],
        },
      ],
    },
  });
  const content = {
    SelectionName: "tagged",
    IamRoleArn: `arn:aws:iam::${HUB}:role/backup`,
    ListOfTags: [{ ConditionType: "STRINGEQUALS" as const, ConditionKey: "backup", ConditionValue: "nightly" }],
  };
  world.iam.putRole(HUB, {
    name: "backup",
    policies: "administrator",
    trust: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "backup.amazonaws.com" }, Action: "sts:AssumeRole" }],
    },
  });
  const chosen = addSelection(here, made, { content });
  const bucket = world.addBucket({ account: HUB, region: HOME, name: "reports" });
  const body = Buffer.from("a report");
  const parts = { headers: {}, metadata: undefined, checksums: {}, retention: undefined, legalHold: undefined };
  addVersion(bucket, "v1/0001.json", {
    kind: "object",
    id: "null",
    modified: world.clock.now(),
    body,
    etag: `"1"`,
    ...parts,
  });
  world.clock.advance(NIGHTS * 86_400_000);
  return { plan: made, selection: chosen, key };
}

const run = promisify(execFile);

async function aws(line: string): Promise<string> {
  const { stdout } = await run("aws", [...line.split(" "), "--endpoint-url", listening.endpoint, "--output", "json"], {
    env: {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      TZ: "UTC",
      AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
      AWS_SECRET_ACCESS_KEY: "any-secret-will-do",
      AWS_REGION: HOME,
      AWS_DEFAULT_REGION: HOME,
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_PAGER: "",
    },
  });
  return stdout;
}

/** Members named for times become instants: version 1 prints seconds, version 2 ISO 8601. */
const parsed = (text: string): unknown =>
  JSON.parse(text, (name, value: unknown) => {
    if (!/Date$|Timestamp$/.test(name)) return value;
    return new Date(typeof value === "number" ? value * 1000 : String(value)).getTime();
  }) as unknown;

const ms = (date: Date | undefined): number | undefined => date?.getTime();

/** A list of rows, in any order and each once, with these members. */
const rows = (members: readonly string[], expected: readonly (readonly unknown[])[]): unknown => {
  const spelled = (all: readonly (readonly unknown[])[]) => all.map((row) => JSON.stringify(row)).toSorted();
  const same = (list: readonly Readonly<Record<string, unknown>>[]) =>
    spelled(list.map((row) => members.map((name) => row[name]))).join("\n") === spelled(expected).join("\n");
  return expect.toSatisfy(same, `has these and no others: ${spelled(expected).join(", ")}`);
};

const pick = <T extends object>(whole: T, names: readonly (keyof T)[]): object =>
  Object.fromEntries(names.map((name) => [name, whole[name]]));

/** What each call must read, in members that every CLI since 2022 knows: all of them, or within `objectContaining` at least so much. */
const READS: Readonly<Record<string, () => unknown>> = {
  "backup list-backup-vaults": () => ({
    BackupVaultList: rows(
      ["BackupVaultName", "BackupVaultArn", "NumberOfRecoveryPoints", "CreationDate"],
      [...state.vaults.values()].map(({ name, arn, points: held, creationDate }) => [
        name,
        arn,
        held.size,
        ms(creationDate),
      ]),
    ),
  }),
  "backup describe-backup-vault --backup-vault-name nightly": () =>
    expect.objectContaining({
      BackupVaultName: "nightly",
      BackupVaultArn: vault.arn,
      EncryptionKeyArn: vault.encryptionKeyArn,
      CreationDate: ms(vault.creationDate),
      NumberOfRecoveryPoints: points().length,
      Locked: true,
      MinRetentionDays: 7,
      MaxRetentionDays: 400,
    }),
  "backup get-backup-vault-access-policy --backup-vault-name nightly": () => ({
    BackupVaultName: "nightly",
    BackupVaultArn: vault.arn,
    Policy: vault.accessPolicy,
  }),
  "backup get-backup-vault-notifications --backup-vault-name nightly": () => ({
    BackupVaultName: "nightly",
    BackupVaultArn: vault.arn,
    SNSTopicArn: vault.notifications?.topicArn,
    BackupVaultEvents: vault.notifications?.events,
  }),
  "backup list-backup-plans": () => ({
    BackupPlansList: rows(
      ["BackupPlanArn", "BackupPlanId", "BackupPlanName", "VersionId", "CreationDate"],
      [[plan.arn, plan.id, "nightly", version.id, ms(version.creationDate)]],
    ),
  }),
  [`backup get-backup-plan --backup-plan-id ${plan.id}`]: () =>
    expect.objectContaining({
      BackupPlanId: plan.id,
      VersionId: version.id,
      BackupPlan: expect.objectContaining({
        BackupPlanName: "nightly",
        Rules: [
          expect.objectContaining(pick(rule, ["RuleName", "RuleId", "ScheduleExpression", "Lifecycle", "CopyActions"])),
        ],
      }),
    }),
  [`backup list-backup-selections --backup-plan-id ${plan.id}`]: () => ({
    BackupSelectionsList: rows(
      ["SelectionId", "SelectionName", "BackupPlanId", "IamRoleArn"],
      [[selection.id, "tagged", plan.id, selection.content.IamRoleArn]],
    ),
  }),
  [`backup get-backup-selection --backup-plan-id ${plan.id} --selection-id ${selection.id}`]: () =>
    expect.objectContaining({
      SelectionId: selection.id,
      BackupSelection: expect.objectContaining({
        SelectionName: "tagged",
        IamRoleArn: selection.content.IamRoleArn,
        ListOfTags: selection.content.ListOfTags,
      }),
    }),
  "backup list-recovery-points-by-backup-vault --backup-vault-name nightly": () => ({
    RecoveryPoints: rows(
      ["RecoveryPointArn", "ResourceArn", "Status", "CreationDate", "BackupSizeInBytes"],
      points().map((one) => [one.arn, one.resourceArn, one.status, ms(one.creationDate), one.sizeBytes]),
    ),
  }),
  [`backup describe-recovery-point --backup-vault-name nightly --recovery-point-arn ${points()[0]?.arn}`]: () =>
    expect.objectContaining({
      RecoveryPointArn: points()[0]?.arn,
      StorageClass: "WARM",
      Lifecycle: expect.objectContaining({ DeleteAfterDays: 35 }),
      CreatedBy: expect.objectContaining({ BackupPlanId: plan.id, BackupRuleId: rule.RuleId }),
    }),
  [`backup list-tags --resource-arn ${vault.arn}`]: () => ({ Tags: vault.tags }),
  "backup list-backup-jobs": () => ({
    BackupJobs: rows(
      ["BackupJobId", "State", "ResourceArn"],
      [...state.backupJobs].map(({ id, view }) => [id, view.State, view.ResourceArn]),
    ),
  }),
  "backup list-copy-jobs": () => ({
    CopyJobs: rows(
      ["CopyJobId", "State", "DestinationBackupVaultArn"],
      [...state.copyJobs].map(({ id, view }) => [id, view.State, view.DestinationBackupVaultArn]),
    ),
  }),
  "sts get-caller-identity": () =>
    expect.objectContaining({ Account: HUB, Arn: `arn:aws:iam::${HUB}:user/administrator` }),
  "kms describe-key --key-id alias/backup": () => ({
    KeyMetadata: expect.objectContaining({ Arn: key.arn, Description: key.description, KeyState: "Enabled" }),
  }),
  "organizations list-accounts --region us-east-1": () => ({
    Accounts: rows(
      ["Id", "Name", "Email"],
      [...simulator.organization.accounts.values()].map(({ id, name, email }) => [id, name, email]),
    ),
  }),
  "resourcegroupstaggingapi get-resources --resource-type-filters dynamodb:table": () => ({
    ResourceTagMappingList: rows(
      ["ResourceARN", "Tags"],
      TABLES.map((table) => [arnOf(table), [{ Key: "backup", Value: "nightly" }]]),
    ),
  }),
};

describe.skipIf(missing).concurrent("the AWS CLI", () => {
  it.each(Object.entries(READS))("reads aws %s as the simulator has it", async (line, expected) => {
    expect(parsed(await aws(line))).toEqual(expected());
  });

  it("lists a bucket's objects", async () => {
    expect(await aws("s3 ls s3://reports --recursive")).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +8 v1\/0001\.json\n$/);
  });

  it("is told in AWS's words what it may not have", async () => {
    const asked = aws("backup describe-backup-vault --backup-vault-name missing");
    await expect(asked).rejects.toMatchObject({ stderr: expect.stringContaining("(AccessDeniedException)") });
  });
});

it("the world that is read has something in it", () => {
  expect(points().length).toBe(TABLES.length * NIGHTS);
  expect([...state.copyJobs].length).toBe(TABLES.length * NIGHTS);
  expect(simulator.problems).toEqual([]);
});
