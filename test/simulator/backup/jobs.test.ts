import { describe, expect, it } from "vitest";
import { addPlan, addRecoveryPoint, addSelection, addVault } from "./build.ts";
import { foreign, home, other, region, role, TestWorld } from "./fixture.ts";
import type { PlanInput } from "./plan-document.ts";
import type { RecoveryPoint } from "./state.ts";
import type { ProtectableResource } from "./world.ts";

type Rule = PlanInput["Rules"][number];

const customerKey = `arn:aws:kms:${region}:${home}:key/customer`;
const distantKey = `arn:aws:kms:eu-central-1:${other}:key/customer`;

/** A vault, a plan with these rules and a selection of everything. */
function worldWith(rules: readonly Partial<Rule>[], resources: readonly ProtectableResource[] = []): TestWorld {
  const world = new TestWorld();
  world.resources.push(...resources);
  world.keys.set(customerKey, {
    arn: customerKey,
    manager: "CUSTOMER",
    enabled: true,
    sharedWith: new Set([other, foreign]),
  });
  world.keys.set(distantKey, { arn: distantKey, manager: "CUSTOMER", enabled: true });
  addVault(world.state(), { name: "main" });
  const plan = addPlan(world.state(), {
    document: {
      BackupPlanName: "plan",
      Rules: rules.map((rule, index) => ({ RuleName: `rule-${index}`, TargetBackupVaultName: "main", ...rule })),
    },
  });
  addSelection(world.state(), plan, { content: { SelectionName: "all", IamRoleArn: role, Resources: ["*"] } });
  return world;
}

const points = (world: TestWorld, vault = "main", account = home, inRegion = region): RecoveryPoint[] => [
  ...(world.state(account, inRegion).vaults.get(vault)?.points ?? []),
];
const jobs = (world: TestWorld) => world.all("ListBackupJobs", {}, (page) => page.BackupJobs);
const copies = (world: TestWorld) => world.all("ListCopyJobs", {}, (page) => page.CopyJobs);

const bucket: ProtectableResource = { arn: "arn:aws:s3:::bucket", type: "S3", tags: {}, sizeBytes: 1 };
const fileSystem: ProtectableResource = {
  arn: `arn:aws:elasticfilesystem:${region}:${home}:file-system/fs-1`,
  type: "EFS",
  tags: { team: "a" },
  sizeBytes: 10,
};

describe("a plan's rule", () => {
  it("backs up what is selected when it runs, under its schedule (2.3, 3.2)", () => {
    const world = worldWith([{ Lifecycle: { DeleteAfterDays: 7 }, RecoveryPointTags: { by: "plan" } }], [fileSystem]);
    world.advance({ hours: 5 });
    expect(jobs(world)).toMatchObject([{ State: "CREATED", StartBy: new Date("2026-03-01T13:00:00Z") }]);
    world.advance({ minutes: 2 });
    expect(jobs(world)).toMatchObject([{ State: "RUNNING" }]);
    expect(points(world)).toMatchObject([{ status: "CREATING" }]);
    world.advance({ hours: 1 });
    expect(jobs(world)).toMatchObject([{ State: "COMPLETED", MessageCategory: "SUCCESS", PercentDone: "100.0" }]);
    expect(points(world)).toMatchObject([
      {
        status: "COMPLETED",
        creationDate: new Date("2026-03-01T05:00:00Z"),
        tags: { team: "a", by: "plan" },
        createdBy: { BackupRuleName: "rule-0", BackupPlanName: "plan" },
        encryptionKeyArn: `arn:aws:kms:${region}:${home}:key/aws-backup`,
      },
    ]);
  });

  it("keeps as many points as its retention has days, for months (4.6)", () => {
    const world = worldWith([{ Lifecycle: { DeleteAfterDays: 7 } }], [fileSystem]);
    world.advance({ days: 200 });
    expect(points(world).length).toBeGreaterThanOrEqual(7);
    expect(points(world).length).toBeLessThanOrEqual(8);
  });

  it("keeps job records for 30 days after the end (5.4)", () => {
    const world = worldWith([{}], [fileSystem]);
    world.advance({ days: 100 });
    expect(jobs(world)).toHaveLength(30);
  });

  it("runs under its new document after an update, and no more after deletion (2.1)", () => {
    const world = worldWith([{}], [fileSystem]);
    const [plan] = world.state().plans.values();
    world.call("UpdateBackupPlan", {
      BackupPlanId: plan?.id ?? "",
      BackupPlan: {
        BackupPlanName: "plan",
        Rules: [{ RuleName: "noon", TargetBackupVaultName: "main", ScheduleExpression: "cron(0 12 * * ? *)" }],
      },
    });
    world.advance({ days: 1 });
    expect(points(world).map((point) => point.creationDate)).toEqual([new Date("2026-03-01T12:00:00Z")]);
    if (plan !== undefined) plan.deletionDate = world.now();
    world.advance({ days: 5 });
    expect(points(world)).toHaveLength(1);
  });

  it("gives way to one that keeps longer where their start windows overlap (2.3)", () => {
    const world = worldWith(
      [
        { RuleName: "daily", Lifecycle: { DeleteAfterDays: 7 } },
        { RuleName: "monthly", Lifecycle: { DeleteAfterDays: 365 }, ScheduleExpression: "cron(0 6 1 * ? *)" },
      ],
      [fileSystem],
    );
    world.advance({ days: 2 });
    expect(points(world).map((point) => point.createdBy?.BackupRuleName)).toEqual(["monthly", "daily"]);
  });

  it("finds nothing by tags once its role may not read them, and says nothing (3.2)", () => {
    const world = worldWith([{}]);
    const [plan] = world.state().plans.values();
    world.addVolume("vol-1");
    if (plan === undefined) throw new Error("no plan");
    for (const selection of plan.selections) plan.selections.delete(selection.id);
    addSelection(world.state(), plan, {
      content: {
        SelectionName: "tagged",
        IamRoleArn: role,
        ListOfTags: [{ ConditionType: "STRINGEQUALS", ConditionKey: "backup", ConditionValue: "true" }],
      },
    });
    world.denied.add("tag:GetResources");
    world.advance({ days: 1 });
    expect(jobs(world)).toEqual([]);
    world.denied.clear();
    world.advance({ days: 1 });
    expect(jobs(world)).toHaveLength(1);
  });
});

const failures: Readonly<
  Record<
    string,
    {
      readonly because: string;
      readonly rule?: Partial<Rule>;
      readonly given: (world: TestWorld) => void;
      readonly state?: string;
      readonly message: string;
    }
  >
> = {
  "its vault is gone": {
    because: "1.9, 5.5",
    given: (world) => world.call("DeleteBackupVault", { BackupVaultName: "main" }),
    message: `Backup job failed because backup vault arn:aws:backup:${region}:${home}:backup-vault:main does not exist.`,
  },
  "its lifecycle is below the lock's minimum": {
    because: "1.6: checked when the job runs",
    rule: { Lifecycle: { DeleteAfterDays: 7 } },
    given: (world) => world.call("PutBackupVaultLockConfiguration", { BackupVaultName: "main", MinRetentionDays: 8 }),
    message: "Backup job failed because the lifecycle is outside the valid range for backup vault.",
  },
  "it would keep for ever and the lock has a maximum": {
    because: "1.6: indefinite violates any maximum",
    given: (world) =>
      world.call("PutBackupVaultLockConfiguration", { BackupVaultName: "main", MaxRetentionDays: 36_500 }),
    message: "Backup job failed because the lifecycle is outside the valid range for backup vault.",
  },
  "its role is gone": {
    because: "3.6",
    given: (world) => world.missingRoles.add(role),
    message: `IAM Role ${role} cannot be assumed by AWS Backup`,
  },
  "another job runs for the resource until the start window is over": {
    because: "5.5",
    rule: { StartWindowMinutes: 60 },
    given: (world) => world.state().busy.set(fileSystem.arn, "another"),
    state: "EXPIRED",
    message: "Backup job failed because there was a running job for the same resource.",
  },
};

describe("a backup job fails", () => {
  it.each(Object.entries(failures))("where %s", (_sentence, { rule = {}, given, state = "FAILED", message }) => {
    const world = worldWith([rule], [fileSystem]);
    given(world);
    world.advance({ hours: 7 });
    expect(jobs(world)).toMatchObject([{ State: state, StatusMessage: message }]);
    expect(points(world)).toEqual([]);
  });
});

describe("a backup job on demand", () => {
  const request = { BackupVaultName: "main", ResourceArn: fileSystem.arn, IamRoleArn: role, IdempotencyToken: "once" };

  it("tells its recovery point beforehand for EFS, and an empty creator afterwards (5.2, 4.2)", () => {
    const world = worldWith([], [fileSystem]);
    const { RecoveryPointArn = "" } = world.call("StartBackupJob", request);
    world.advance({ hours: 1 });
    const named = { BackupVaultName: "main", RecoveryPointArn };
    expect(world.call("DescribeRecoveryPoint", named)).toMatchObject({ Status: "COMPLETED", CreatedBy: {} });
  });

  it("is the same one for the same token (0.4)", () => {
    const world = worldWith([], [fileSystem]);
    expect(world.call("StartBackupJob", request)).toEqual(world.call("StartBackupJob", request));
    expect(jobs(world)).toHaveLength(1);
  });

  it("can be stopped, except where its type cannot (5.2, 5.5)", () => {
    const world = worldWith([], [fileSystem]);
    const { BackupJobId = "" } = world.call("StartBackupJob", request);
    world.advance({ minutes: 2 });
    world.call("StopBackupJob", { BackupJobId });
    world.advance({ hours: 1 });
    expect(world.call("DescribeBackupJob", { BackupJobId })).toMatchObject({
      State: "ABORTED",
      StatusMessage: "Backup job was stopped by user.",
    });
    expect(points(world)).toEqual([]);
    expect(world.state().busy.size).toBe(0);
    const database = { arn: `arn:aws:rds:${region}:${home}:db:one`, type: "RDS", tags: {}, sizeBytes: 1 };
    world.resources.push(database);
    const started = world.call("StartBackupJob", { ...request, ResourceArn: database.arn });
    expect(world.refusal("StopBackupJob", { BackupJobId: started.BackupJobId ?? "" }).type).toBe(
      "InvalidRequestException",
    );
  });

  it("is seen by the management account among those of all its members (5.4)", () => {
    const world = worldWith([], [fileSystem]);
    world.call("StartBackupJob", request);
    const elsewhere = { ...fileSystem, arn: fileSystem.arn.replace(home, other) };
    world.resources.push(elsewhere);
    addVault(world.state(other), { name: "main" });
    world.call("StartBackupJob", { ...request, ResourceArn: elsewhere.arn }, { account: other });
    world.pageSize = 1;
    const seen = world.all("ListBackupJobs", { ByAccountId: "*" }, (page) => page.BackupJobs);
    expect(new Set(seen.map((job) => job.AccountId))).toEqual(new Set([home, other]));
    expect(world.call("ListBackupJobs", { ByAccountId: home }, { account: other }).BackupJobs).toEqual([]);
  });
});

describe("continuous backup", () => {
  const continuous = (days: number, over: Partial<Rule> = {}): Partial<Rule> => ({
    EnableContinuousBackup: true,
    Lifecycle: { DeleteAfterDays: days },
    ...over,
  });
  const change = (world: TestWorld, rule: Partial<Rule>) => {
    const [plan] = world.state().plans.values();
    world.call("UpdateBackupPlan", {
      BackupPlanId: plan?.id ?? "",
      BackupPlan: {
        BackupPlanName: "plan",
        Rules: [{ RuleName: "rule-0", TargetBackupVaultName: "main", ...rule }],
      },
    });
  };

  it("keeps one point per resource and carries it on (4.7)", () => {
    const world = worldWith([continuous(7)], [bucket]);
    world.advance({ days: 30 });
    const first = new Date("2026-03-01T05:00:00Z");
    expect(points(world)).toMatchObject([{ status: "AVAILABLE", continuous: true, creationDate: first }]);
    expect(points(world)[0]?.arn).toMatch(/:recovery-point:bucket-[0-9a-f]{8}$/);
  });

  it("of a bucket stops and starts anew when its retention changes (4.7)", () => {
    const world = worldWith([continuous(7)], [bucket]);
    world.advance({ days: 1 });
    change(world, continuous(14));
    world.advance({ days: 1 });
    expect(points(world).map((point) => point.status)).toEqual(["STOPPED", "AVAILABLE"]);
  });

  it("of a database takes a new retention on (4.7)", () => {
    const database = { arn: `arn:aws:rds:${region}:${home}:db:one`, type: "RDS", tags: {}, sizeBytes: 1 };
    const world = worldWith([continuous(7)], [database]);
    world.advance({ days: 1 });
    change(world, continuous(14));
    world.advance({ days: 1 });
    expect(points(world)).toMatchObject([{ status: "AVAILABLE", lifecycle: { DeleteAfterDays: 14 } }]);
  });

  it("in a second vault is a snapshot, completed with issues (4.7)", () => {
    const world = worldWith(
      [continuous(7), continuous(7, { TargetBackupVaultName: "second", ScheduleExpression: "cron(0 12 * * ? *)" })],
      [bucket],
    );
    addVault(world.state(), { name: "second" });
    world.advance({ days: 1 });
    expect(points(world, "second")).toMatchObject([{ status: "COMPLETED", continuous: false }]);
    expect(jobs(world).at(-1)).toMatchObject({
      State: "COMPLETED",
      StatusMessage: "Bucket bucket already has continuous backup enabled for another vault Backup job failed.",
    });
  });

  it("ends when its rule has gone and its retention has passed (4.7)", () => {
    const world = worldWith([continuous(7)], [bucket]);
    world.advance({ days: 1 });
    change(world, { ScheduleExpression: "cron(0 5 1 1 ? 2030)" });
    world.advance({ days: 6 });
    expect(points(world)).toHaveLength(1);
    world.advance({ days: 2 });
    expect(points(world)).toHaveLength(0);
  });

  it("of a bucket stays STOPPED in its vault when disassociated, of a database it leaves (4.5)", () => {
    const world = worldWith([continuous(7)], [bucket]);
    world.advance({ days: 1 });
    const [point] = points(world);
    world.call("DisassociateRecoveryPoint", { BackupVaultName: "main", RecoveryPointArn: point?.arn ?? "" });
    expect(points(world)).toMatchObject([{ status: "STOPPED" }]);
  });
});

describe("an air-gapped target", () => {
  const lag = `arn:aws:backup:${region}:${home}:backup-vault:gapped`;
  const rule: Partial<Rule> = { TargetLogicallyAirGappedBackupVaultArn: lag, Lifecycle: { DeleteAfterDays: 30 } };
  const worldWithGap = (resource: ProtectableResource) => {
    const world = worldWith([rule], [resource]);
    addVault(world.state(), {
      name: "gapped",
      type: "LOGICALLY_AIR_GAPPED_BACKUP_VAULT",
      lock: { minRetentionDays: 7, maxRetentionDays: 365, lockDate: world.now() },
    });
    return world;
  };
  const volume: ProtectableResource = {
    arn: `arn:aws:ec2:${region}:${home}:volume/vol-1`,
    type: "EBS",
    tags: {},
    sizeBytes: 1,
  };

  it("gets fully managed backups directly (2.3)", () => {
    const world = worldWithGap(fileSystem);
    world.advance({ hours: 6 });
    expect(jobs(world)).toMatchObject([{ BackupVaultArn: lag }]);
    expect(copies(world)).toEqual([]);
    expect(points(world, "gapped")).toHaveLength(1);
  });

  it("gets others through a temporary point that goes once the copy is done (2.3)", () => {
    const world = worldWithGap(volume);
    world.advance({ hours: 5, minutes: 7 });
    expect(points(world)).toMatchObject([{ lifecycle: { DeleteAfterEvent: "DELETE_AFTER_COPY" } }]);
    world.advance({ hours: 1 });
    expect(points(world)).toEqual([]);
    expect(points(world, "gapped")).toMatchObject([{ arn: expect.stringContaining(":recovery-point:") }]);
  });

  it("leaves what it cannot take in the standard vault, with a message (2.3)", () => {
    const world = worldWithGap({ ...volume, encryptedWith: "alias/aws/backup" });
    world.advance({ hours: 7 });
    expect(points(world)).toHaveLength(1);
    expect(jobs(world)).toMatchObject([
      { State: "COMPLETED", MessageCategory: "LOGICALLY_AIR_GAPPED_BACKUP_VAULT_NOT_SUPPORTED" },
    ]);
  });
});

const distantVault = `arn:aws:backup:eu-central-1:${other}:backup-vault:dr`;
const policy = (account: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: account }, Action: "backup:CopyIntoBackupVault", Resource: "*" }],
  });

/** One volume's point under a customer key at home, and a vault of another account and Region that lets it in. */
function worldWithCopy(over: { readonly encryptionKeyArn?: string } = {}): {
  world: TestWorld;
  source: RecoveryPoint;
  copy: (destination?: string) => string | undefined;
} {
  const world = worldWith([]);
  const source = addRecoveryPoint(world.state(), {
    vault: "main",
    resourceArn: `arn:aws:ec2:${region}:${home}:volume/vol-1`,
    resourceType: "EBS",
    creationDate: new Date("2026-02-20T05:00:00Z"),
    lifecycle: { DeleteAfterDays: 30 },
    encryptionKeyArn: customerKey,
    tags: { a: "1" },
    ...over,
  });
  addVault(world.state(other, "eu-central-1"), {
    name: "dr",
    encryptionKeyArn: distantKey,
    accessPolicy: policy(home),
  });
  const copy = (destination = distantVault) => {
    world.call("StartCopyJob", {
      RecoveryPointArn: source.arn,
      SourceBackupVaultName: "main",
      DestinationBackupVaultArn: destination,
      IamRoleArn: role,
    });
    world.advance({ hours: 1 });
    return copies(world).at(-1)?.StatusMessage;
  };
  return { world, source, copy };
}

describe("a copy", () => {
  it("has its own ARN, its source's creation date and expiry, and names where it comes from (4.8)", () => {
    const { world, source, copy } = worldWithCopy();
    expect(copy()).toBeUndefined();
    const [made] = points(world, "dr", other, "eu-central-1");
    expect(made).toMatchObject({
      creationDate: source.creationDate,
      resourceArn: source.resourceArn,
      sourceBackupVaultArn: source.vault.arn,
      lifecycle: { DeleteAfterDays: 30 },
      tags: { a: "1" },
      encryptionKeyArn: distantKey,
    });
    expect(made?.arn).not.toBe(source.arn);
    expect(copies(world)).toMatchObject([{ State: "COMPLETED", DestinationRecoveryPointArn: made?.arn }]);
  });

  it("follows the backup whose rule asks for it, under its own lifecycle (4.8, 2.4)", () => {
    const world = worldWith(
      [
        {
          Lifecycle: { DeleteAfterDays: 7 },
          CopyActions: [
            {
              DestinationBackupVaultArn: `arn:aws:backup:${region}:${home}:backup-vault:long`,
              Lifecycle: { DeleteAfterDays: 90 },
            },
            {
              DestinationBackupVaultArn: `arn:aws:backup:${region}:${home}:backup-vault:same`,
              Lifecycle: { DeleteAfterDays: -1 },
            },
          ],
        },
      ],
      [fileSystem],
    );
    for (const name of ["long", "same"]) addVault(world.state(), { name });
    world.advance({ hours: 7 });
    expect(points(world, "long")).toMatchObject([{ lifecycle: { DeleteAfterDays: 90 } }]);
    expect(points(world, "same")).toMatchObject([{ lifecycle: { DeleteAfterDays: 7 } }]);
    expect(copies(world)).toMatchObject([
      { CreatedByBackupJobId: jobs(world)[0]?.BackupJobId },
      { State: "COMPLETED" },
    ]);
  });

  it("expires at its own time, however far time is turned at once (4.8, 4.6)", () => {
    const world = worldWith(
      [
        {
          Lifecycle: { DeleteAfterDays: 30 },
          CopyActions: [
            {
              DestinationBackupVaultArn: `arn:aws:backup:${region}:${home}:backup-vault:short`,
              Lifecycle: { DeleteAfterDays: 3 },
            },
          ],
        },
      ],
      [fileSystem],
    );
    addVault(world.state(), { name: "short" });
    world.advance({ days: 100 });
    expect(points(world, "short").length).toBeGreaterThanOrEqual(3);
    expect(points(world, "short").length).toBeLessThanOrEqual(4);
  });

  it("of cold or continuous points is refused at once (4.8)", () => {
    const { world, source } = worldWithCopy();
    source.storageClass = "COLD";
    const refused = world.refusal("StartCopyJob", {
      RecoveryPointArn: source.arn,
      SourceBackupVaultName: "main",
      DestinationBackupVaultArn: distantVault,
      IamRoleArn: role,
    });
    expect(refused.type).toBe("InvalidRequestException");
  });

  it("still flows for a quarter of an hour after cross-account backup is switched off (0.5)", () => {
    const { world, copy } = worldWithCopy();
    world.call("UpdateGlobalSettings", { GlobalSettings: { isCrossAccountBackupEnabled: "false" } });
    expect(copy()).toBeUndefined();
    expect(copy()).toContain("Cross-account backup is not enabled");
  });
});

const copyFailures: Readonly<
  Record<
    string,
    {
      readonly because: string;
      readonly point?: { readonly encryptionKeyArn: string };
      readonly given?: (world: TestWorld) => void;
      readonly destination?: string;
      readonly message: string;
    }
  >
> = {
  "the destination's account is outside the organization": {
    because: "4.8",
    destination: `arn:aws:backup:eu-central-1:${foreign}:backup-vault:dr`,
    message: "Copy job failed. Both source and destination account must be a member of the same organization",
  },
  "the destination's policy does not let it in": {
    because: "4.8",
    given: (world) => (world.state(other, "eu-central-1").vaults.get("dr")!.accessPolicy = policy(foreign)),
    message: "Access Denied trying to call AWS Backup service",
  },
  "there is no such vault over there": {
    because: "4.8: absent looks like forbidden",
    destination: `arn:aws:backup:eu-central-1:${other}:backup-vault:absent`,
    message: "Access Denied trying to call AWS Backup service",
  },
  "its own key is AWS's": {
    because: "4.8: AWS managed keys cannot be shared",
    point: { encryptionKeyArn: "alias/aws/backup" },
    message: "Given key ID not accessible",
  },
  "its own key is shared with nobody over there": {
    because: "4.8",
    given: (world) => world.keys.set(customerKey, { arn: customerKey, manager: "CUSTOMER", enabled: true }),
    message: "Given key ID not accessible",
  },
  "the other vault's key is AWS's": {
    because: "4.8",
    given: (world) => addVault(world.state(other, "eu-central-1"), { name: "managed", accessPolicy: policy(home) }),
    destination: `arn:aws:backup:eu-central-1:${other}:backup-vault:managed`,
    message: "Given key ID not accessible",
  },
  "the other vault is locked outside its retention": {
    because: "1.6, 4.8",
    given: (world) =>
      (world.state(other, "eu-central-1").vaults.get("dr")!.lock = {
        minRetentionDays: 31,
        maxRetentionDays: undefined,
        lockDate: undefined,
      }),
    message:
      "Copy job failed. The retention specified in the job is not within the range specified for the target Backup Vault.",
  },
};

describe("a copy job fails", () => {
  it.each(Object.entries(copyFailures))("where %s", (_sentence, { point, given, destination, message }) => {
    const { world, copy } = worldWithCopy(point);
    given?.(world);
    expect(copy(destination)).toBe(message);
    expect(copies(world)).toMatchObject([{ State: "FAILED" }]);
    expect(points(world, "dr", other, "eu-central-1")).toEqual([]);
  });
});

describe("settings", () => {
  it("of a Region merge what is given (6.5)", () => {
    const world = worldWith([]);
    world.call("UpdateRegionSettings", { ResourceTypeOptInPreference: { EBS: false } });
    const { ResourceTypeOptInPreference } = world.call("DescribeRegionSettings", {});
    expect(ResourceTypeOptInPreference).toMatchObject({ EBS: false, EFS: true, "SAP HANA on Amazon EC2": true });
  });

  it("of the organization are its management account's to change, as strings (6.6)", () => {
    const world = worldWith([]);
    const off = { GlobalSettings: { isCrossAccountBackupEnabled: "false" } };
    expect(world.refusal("UpdateGlobalSettings", off, { account: other }).type).toBe("InvalidRequestException");
    world.call("UpdateGlobalSettings", off);
    expect(world.call("DescribeGlobalSettings", {}).GlobalSettings).toMatchObject(off.GlobalSettings);
  });
});
