import { describe, expect, it } from "vitest";
import { addVault } from "./build.ts";
import { foreign, home, other, region, TestWorld } from "./fixture.ts";

const customerKey = `arn:aws:kms:${region}:${home}:key/customer`;

function worldWith(...names: readonly string[]): TestWorld {
  const world = new TestWorld();
  world.keys.set(customerKey, { arn: customerKey, manager: "CUSTOMER", enabled: true });
  for (const name of names) world.call("CreateBackupVault", { BackupVaultName: name });
  return world;
}

interface Refusal {
  readonly because: string;
  readonly refused: (world: TestWorld) => {
    readonly type: string;
    readonly message: string;
    readonly status: number | undefined;
  };
  readonly type: string;
  readonly message?: string;
  readonly status?: number;
}

const refusals: Readonly<Record<string, Refusal>> = {
  "a vault that does not exist answers like a forbidden one": {
    because: "1.2: AccessDeniedException 403, although ResourceNotFoundException is modelled",
    refused: (world) => world.refusal("DescribeBackupVault", { BackupVaultName: "absent" }),
    type: "AccessDeniedException",
    message: "Insufficient privileges to perform this action.",
    status: 403,
  },
  "a vault that does not exist has no policy to read either": {
    because: "1.2",
    refused: (world) => world.refusal("GetBackupVaultAccessPolicy", { BackupVaultName: "absent" }),
    type: "AccessDeniedException",
  },
  "an existing vault without a policy says so": {
    because: "1.2: ResourceNotFoundException on an existing vault",
    refused: (world) => world.refusal("GetBackupVaultAccessPolicy", { BackupVaultName: "main" }),
    type: "ResourceNotFoundException",
  },
  "an existing vault without notifications says so": {
    because: "1.2",
    refused: (world) => world.refusal("GetBackupVaultNotifications", { BackupVaultName: "main" }),
    type: "ResourceNotFoundException",
  },
  "a name is taken once": {
    because: "1.1: an existing name gives AlreadyExistsException",
    refused: (world) => world.refusal("CreateBackupVault", { BackupVaultName: "main", CreatorRequestId: "another" }),
    type: "AlreadyExistsException",
  },
  "an alias is no vault key": {
    because: "1.1: must be a key ARN, never an alias",
    refused: (world) =>
      world.refusal("CreateBackupVault", {
        BackupVaultName: "new",
        EncryptionKeyArn: `arn:aws:kms:${region}:${home}:alias/backup`,
      }),
    type: "InvalidParameterValueException",
  },
  "names of AWS's own vaults are reserved": {
    because: "1.3: using the name yields an insufficient-privileges error",
    refused: (world) => world.refusal("CreateBackupVault", { BackupVaultName: "aws/efs/automatic-backup-vault" }),
    type: "AccessDeniedException",
  },
  "tag keys beginning aws: are reserved in any case": {
    because: "0.7",
    refused: (world) =>
      world.refusal("CreateBackupVault", { BackupVaultName: "new", BackupVaultTags: { "AWS:x": "1" } }),
    type: "InvalidParameterValueException",
  },
  "a policy must list its actions one by one": {
    because: "1.4: no wildcard inside Action",
    refused: (world) => putPolicy(world, { Effect: "Deny", Principal: "*", Action: "backup:Delete*", Resource: "*" }),
    type: "InvalidParameterValueException",
  },
  "a policy that is not JSON is refused": {
    because: "1.4",
    refused: (world) => world.refusal("PutBackupVaultAccessPolicy", { BackupVaultName: "main", Policy: "{" }),
    type: "InvalidParameterValueException",
  },
  "a principal that does not exist yet is refused": {
    because: "1.4 [TP]",
    refused: (world) => {
      const arn = `arn:aws:iam::${home}:role/new`;
      world.missingPrincipals.add(arn);
      return putPolicy(world, {
        Effect: "Allow",
        Principal: { AWS: arn },
        Action: "backup:DescribeBackupVault",
        Resource: "*",
      });
    },
    type: "InvalidParameterValueException",
    message: "Provided principal is not valid",
  },
  "a FIFO topic gets no notifications": {
    because: "1.5",
    refused: (world) =>
      world.refusal("PutBackupVaultNotifications", {
        BackupVaultName: "main",
        SNSTopicArn: `arn:aws:sns:${region}:${home}:topic.fifo`,
        BackupVaultEvents: ["COPY_JOB_FAILED"],
      }),
    type: "InvalidParameterValueException",
  },
  "a lock's days stay between 3 and 36500": {
    because: "1.6",
    refused: (world) =>
      world.refusal("PutBackupVaultLockConfiguration", { BackupVaultName: "main", ChangeableForDays: 2 }),
    type: "InvalidParameterValueException",
  },
  "a lock's minimum is not above its maximum": {
    because: "1.6",
    refused: (world) =>
      world.refusal("PutBackupVaultLockConfiguration", {
        BackupVaultName: "main",
        MinRetentionDays: 8,
        MaxRetentionDays: 7,
      }),
    type: "InvalidParameterValueException",
  },
  "an air-gapped vault keeps at least seven days": {
    because: "1.7",
    refused: (world) =>
      world.refusal("CreateLogicallyAirGappedBackupVault", {
        BackupVaultName: "gapped",
        MinRetentionDays: 6,
        MaxRetentionDays: 30,
      }),
    type: "InvalidParameterValueException",
  },
  "a token of another listing is refused": {
    because: "0.3: tokens are opaque and belong to their listing",
    refused: (world) => {
      world.pageSize = 1;
      world.call("CreateBackupVault", { BackupVaultName: "second" });
      const { NextToken } = world.call("ListBackupVaults", {});
      return world.refusal("ListBackupVaults", { NextToken, ByVaultType: "BACKUP_VAULT" });
    },
    type: "InvalidParameterValueException",
  },
};

function putPolicy(world: TestWorld, statement: object) {
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  return world.refusal("PutBackupVaultAccessPolicy", { BackupVaultName: "main", Policy });
}

describe("vault refusals", () => {
  it.each(Object.entries(refusals))("%s", (_sentence, { refused, because: _because, ...error }) => {
    expect(refused(worldWith("main"))).toMatchObject(error);
  });
});

describe("a vault", () => {
  it("is encrypted under aws/backup where nothing is said (1.1)", () => {
    expect(worldWith("main").call("DescribeBackupVault", { BackupVaultName: "main" })).toMatchObject({
      BackupVaultArn: `arn:aws:backup:${region}:${home}:backup-vault:main`,
      EncryptionKeyArn: `arn:aws:kms:${region}:${home}:key/aws-backup`,
      Locked: false,
      NumberOfRecoveryPoints: 0,
      VaultType: "BACKUP_VAULT",
      VaultState: "AVAILABLE",
    });
  });

  it("answers a repeated create with the first result (0.4)", () => {
    const world = worldWith();
    const request = { BackupVaultName: "main", CreatorRequestId: "once", EncryptionKeyArn: customerKey };
    const first = world.call("CreateBackupVault", request);
    world.advance({ minutes: 5 });
    expect(world.call("CreateBackupVault", request)).toEqual(first);
    expect(world.state().vaults.size).toBe(1);
  });

  it("is listed in short pages that end without a token (0.3)", () => {
    const world = worldWith("one", "two", "three", "four", "five");
    world.pageSize = 2;
    const names = world.all("ListBackupVaults", { MaxResults: 1000 }, (page) => page.BackupVaultList);
    expect(names.map((vault) => vault.BackupVaultName)).toEqual(["one", "two", "three", "four", "five"]);
    expect(world.call("ListBackupVaults", { MaxResults: 1000 }).BackupVaultList).toHaveLength(2);
  });

  it("is not skipped when an earlier one disappears between two pages", () => {
    const world = worldWith("one", "two", "three");
    world.pageSize = 2;
    const { NextToken } = world.call("ListBackupVaults", {});
    world.call("DeleteBackupVault", { BackupVaultName: "one" });
    const rest = world.call("ListBackupVaults", { NextToken }).BackupVaultList;
    expect(rest?.map((vault) => vault.BackupVaultName)).toEqual(["three"]);
  });

  it("belongs to one account and Region", () => {
    const world = worldWith("main");
    expect(world.call("ListBackupVaults", {}, { account: other }).BackupVaultList).toEqual([]);
    expect(world.call("ListBackupVaults", {}, { region: "eu-central-1" }).BackupVaultList).toEqual([]);
  });

  it("goes with its policy and notifications when it is empty (1.9)", () => {
    const world = worldWith("main");
    const SNSTopicArn = `arn:aws:sns:${region}:${home}:topic`;
    world.call("PutBackupVaultNotifications", {
      BackupVaultName: "main",
      SNSTopicArn,
      BackupVaultEvents: ["COPY_JOB_FAILED"],
    });
    world.call("DeleteBackupVault", { BackupVaultName: "main" });
    world.call("CreateBackupVault", { BackupVaultName: "main" });
    const read = world.refusal("GetBackupVaultNotifications", { BackupVaultName: "main" });
    expect(read.type).toBe("ResourceNotFoundException");
  });

  it("keeps tags that are added, not replaced (0.7)", () => {
    const world = worldWith("main");
    const ResourceArn = `arn:aws:backup:${region}:${home}:backup-vault:main`;
    world.call("TagResource", { ResourceArn, Tags: { a: "1", b: "2" } });
    world.call("TagResource", { ResourceArn, Tags: { b: "3", c: "4" } });
    world.call("UntagResource", { ResourceArn, TagKeyList: ["a", "absent"] });
    expect(world.call("ListTags", { ResourceArn }).Tags).toEqual({ b: "3", c: "4" });
  });
});

describe("a vault's access policy", () => {
  const statement = (principal: unknown, action: string, effect = "Deny") => ({
    Version: "2012-10-17",
    Statement: [{ Effect: effect, Principal: principal, Action: [action], Resource: "*" }],
  });

  it("refuses what it denies, as if the vault were not there (1.2)", () => {
    const world = worldWith("main");
    const Policy = JSON.stringify(statement("*", "backup:DeleteBackupVault"));
    world.call("PutBackupVaultAccessPolicy", { BackupVaultName: "main", Policy });
    expect(world.refusal("DeleteBackupVault", { BackupVaultName: "main" })).toMatchObject({
      type: "AccessDeniedException",
      status: 403,
    });
    expect(world.call("DescribeBackupVault", { BackupVaultName: "main" }).BackupVaultName).toBe("main");
  });

  it("is read back with the same meaning in another text (1.4)", () => {
    const world = worldWith("main");
    const Policy = JSON.stringify(statement({ AWS: [other] }, "backup:CopyIntoBackupVault", "Allow"));
    world.call("PutBackupVaultAccessPolicy", { BackupVaultName: "main", Policy });
    const read = world.call("GetBackupVaultAccessPolicy", { BackupVaultName: "main" }).Policy;
    expect(JSON.parse(read ?? "")).toMatchObject({
      Statement: [{ Principal: { AWS: `arn:aws:iam::${other}:root` }, Action: "backup:CopyIntoBackupVault" }],
    });
  });

  it("names a deleted role by its unique id (1.4)", () => {
    const world = worldWith("main");
    const arn = `arn:aws:iam::${home}:role/gone`;
    const Policy = JSON.stringify(statement({ AWS: arn }, "backup:DeleteBackupVault"));
    world.call("PutBackupVaultAccessPolicy", { BackupVaultName: "main", Policy });
    world.missingPrincipals.add(arn);
    expect(world.call("GetBackupVaultAccessPolicy", { BackupVaultName: "main" }).Policy).toMatch(/"AROA[0-9A-F]{17}"/);
  });
});

describe("a vault of AWS's own", () => {
  it("is read like any other and edited by nobody (1.3)", () => {
    const world = worldWith();
    const name = "aws/efs/automatic-backup-vault";
    addVault(world.state(), { name });
    expect(world.call("DescribeBackupVault", { BackupVaultName: name }).BackupVaultName).toBe(name);
    expect(world.refusal("DeleteBackupVault", { BackupVaultName: name }).status).toBe(403);
    expect(world.refusal("PutBackupVaultLockConfiguration", { BackupVaultName: name }).status).toBe(403);
  });
});

describe("notifications", () => {
  it("are a set, and each put replaces them all (1.5)", () => {
    const world = worldWith("main");
    const topic = { BackupVaultName: "main", SNSTopicArn: `arn:aws:sns:${region}:${home}:topic` };
    world.call("PutBackupVaultNotifications", { ...topic, BackupVaultEvents: ["BACKUP_JOB_STARTED"] });
    world.call("PutBackupVaultNotifications", {
      ...topic,
      BackupVaultEvents: ["RESTORE_JOB_FAILED", "COPY_JOB_FAILED", "COPY_JOB_FAILED"],
    });
    const { BackupVaultEvents } = world.call("GetBackupVaultNotifications", { BackupVaultName: "main" });
    expect(new Set(BackupVaultEvents)).toEqual(new Set(["COPY_JOB_FAILED", "RESTORE_JOB_FAILED"]));
    expect(BackupVaultEvents).toHaveLength(2);
  });
});

describe("Vault Lock", () => {
  const lock = (world: TestWorld, bounds: { ChangeableForDays?: number; MinRetentionDays?: number }) => {
    world.call("PutBackupVaultLockConfiguration", { BackupVaultName: "main", ...bounds });
  };
  const described = (world: TestWorld) => world.call("DescribeBackupVault", { BackupVaultName: "main" });

  it("in governance mode has no date and may be removed for ever (1.6)", () => {
    const world = worldWith("main");
    lock(world, { MinRetentionDays: 7 });
    expect(described(world)).toMatchObject({ Locked: true, MinRetentionDays: 7, LockDate: undefined });
    world.advance({ days: 1000 });
    world.call("DeleteBackupVaultLockConfiguration", { BackupVaultName: "main" });
    expect(described(world).Locked).toBe(false);
  });

  it("in compliance mode can be changed until its date and never after (1.6)", () => {
    const world = worldWith("main");
    lock(world, { ChangeableForDays: 3 });
    expect(described(world).LockDate).toEqual(new Date("2026-03-04T00:00:00Z"));
    world.advance({ days: 2 });
    lock(world, { ChangeableForDays: 3, MinRetentionDays: 7 });
    expect(described(world).LockDate).toEqual(new Date("2026-03-06T00:00:00Z"));
    world.advance({ days: 3 });
    expect(world.refusal("DeleteBackupVaultLockConfiguration", { BackupVaultName: "main" }).type).toBe(
      "InvalidRequestException",
    );
    expect(world.refusal("PutBackupVaultLockConfiguration", { BackupVaultName: "main" }).type).toBe(
      "InvalidRequestException",
    );
  });

  it.each([
    ["becomes-governance", undefined],
    ["keeps-lock-date", new Date("2026-03-04T00:00:00Z")],
  ] as const)(
    "put again without days in its grace time %s, as the world is told (1.6, unconfirmed)",
    (choice, date) => {
      const world = worldWith("main");
      world.options = { ...world.options, lockWithoutDaysInGrace: choice };
      lock(world, { ChangeableForDays: 3 });
      lock(world, {});
      expect(described(world).LockDate).toEqual(date);
    },
  );

  it("drops bounds that a later put leaves out (1.6)", () => {
    const world = worldWith("main");
    lock(world, { MinRetentionDays: 7 });
    lock(world, {});
    expect(described(world).MinRetentionDays).toBeUndefined();
  });

  it("does not keep an empty vault from being deleted (1.6)", () => {
    const world = worldWith("main");
    lock(world, { ChangeableForDays: 3 });
    world.advance({ days: 4 });
    world.call("DeleteBackupVault", { BackupVaultName: "main" });
    expect(world.state().vaults.has("main")).toBe(false);
  });
});

describe("an air-gapped vault", () => {
  const create = (world: TestWorld) =>
    world.call("CreateLogicallyAirGappedBackupVault", {
      BackupVaultName: "gapped",
      MinRetentionDays: 7,
      MaxRetentionDays: 30,
    });

  it("is created asynchronously and locked from birth (1.7)", () => {
    const world = worldWith();
    expect(create(world).VaultState).toBe("CREATING");
    world.advance({ minutes: 5 });
    expect(world.call("DescribeBackupVault", { BackupVaultName: "gapped" })).toMatchObject({
      VaultState: "AVAILABLE",
      Locked: true,
      LockDate: new Date("2026-03-01T00:00:00Z"),
      EncryptionKeyType: "AWS_OWNED_KMS_KEY",
    });
  });

  it("cannot have its lock changed (1.7)", () => {
    const world = worldWith();
    create(world);
    const change = world.refusal("PutBackupVaultLockConfiguration", {
      BackupVaultName: "gapped",
      MaxRetentionDays: 60,
    });
    expect(change.type).toBe("InvalidRequestException");
  });

  it("is seen by an account it is shared with, when asked by its owner's id (1.2, 1.7)", () => {
    const world = worldWith();
    create(world);
    world.state().vaults.get("gapped")?.sharedWith.add(other);
    const asked = { BackupVaultName: "gapped", BackupVaultAccountId: home };
    expect(world.call("DescribeBackupVault", asked, { account: other }).BackupVaultName).toBe("gapped");
    expect(world.call("ListBackupVaults", { ByShared: true }, { account: other }).BackupVaultList).toHaveLength(1);
    expect(world.refusal("DescribeBackupVault", asked, { account: foreign }).status).toBe(403);
    expect(world.refusal("DescribeBackupVault", { BackupVaultName: "gapped" }, { account: other }).status).toBe(403);
  });
});
