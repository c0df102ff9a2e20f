import { describe, expect, it } from "vitest";
import type { ApiError } from "../service.ts";
import { addLegalHold, addNativeBackup, addRecoveryPoint, addVault, type GivenPoint } from "./build.ts";
import { home, region, role, TestWorld } from "./fixture.ts";
import type { RecoveryPoint } from "./state.ts";

const volume = `arn:aws:ec2:${region}:${home}:volume/vol-1`;
const fileSystem = `arn:aws:elasticfilesystem:${region}:${home}:file-system/fs-1`;
const started = new Date("2026-02-01T05:00:00Z");

function worldWith(over: Partial<GivenPoint> = {}): { world: TestWorld; point: RecoveryPoint; named: Named } {
  const world = new TestWorld();
  addVault(world.state(), { name: "main" });
  const point = addRecoveryPoint(world.state(), {
    vault: "main",
    resourceArn: volume,
    resourceType: "EBS",
    creationDate: started,
    lifecycle: { DeleteAfterDays: 60 },
    iamRoleArn: role,
    sizeBytes: 100,
    ...over,
  });
  return { world, point, named: { BackupVaultName: "main", RecoveryPointArn: point.arn } };
}

interface Named {
  readonly BackupVaultName: string;
  readonly RecoveryPointArn: string;
}

describe("a recovery point", () => {
  it("of a volume has EC2's ARN, without an account (4.1)", () => {
    expect(worldWith().point.arn).toMatch(new RegExp(`^arn:aws:ec2:${region}::snapshot/snap-[0-9a-f]{17}$`));
  });

  it("is told with structures even where they hold nothing (10.1)", () => {
    const { world, named } = worldWith({ lifecycle: {} });
    expect(world.call("DescribeRecoveryPoint", named)).toMatchObject({
      CreatedBy: {},
      Lifecycle: {},
      CalculatedLifecycle: {},
      StorageClass: "WARM",
      Status: "COMPLETED",
      IsEncrypted: false,
    });
  });

  it("tells its storage class to Describe alone, and its size by two names (4.2)", () => {
    const { world, point } = worldWith();
    const [listed] = world.call("ListRecoveryPointsByBackupVault", { BackupVaultName: "main" }).RecoveryPoints ?? [];
    const [byResource] = world.call("ListRecoveryPointsByResource", { ResourceArn: volume }).RecoveryPoints ?? [];
    expect(listed).toMatchObject({ RecoveryPointArn: point.arn, BackupSizeInBytes: 100 });
    expect(listed).not.toHaveProperty("StorageClass");
    expect(byResource).toMatchObject({ RecoveryPointArn: point.arn, BackupSizeBytes: 100 });
    expect(byResource).not.toHaveProperty("BackupSizeInBytes");
  });

  it("counts its retention from the start of its backup (2.4)", () => {
    const { world, named } = worldWith();
    const { CalculatedLifecycle } = world.call("DescribeRecoveryPoint", named);
    expect(CalculatedLifecycle).toEqual({ DeleteAt: new Date("2026-04-02T05:00:00Z") });
  });

  it("stands beside backups its service made itself, unless only AWS Backup's are asked for (4.2)", () => {
    const { world } = worldWith();
    addNativeBackup(world.state(), { arn: "snap", resourceArn: volume, creationDate: started, sizeBytes: 1 });
    const asked = { ResourceArn: volume };
    const count = (only: boolean) =>
      world.call("ListRecoveryPointsByResource", { ...asked, ManagedByAWSBackupOnly: only }).RecoveryPoints?.length;
    expect([count(false), count(true)]).toEqual([2, 1]);
  });

  it("is found by the open window of its creation", () => {
    const { world } = worldWith();
    const count = (after: string, before: string) =>
      world.call("ListRecoveryPointsByBackupVault", {
        BackupVaultName: "main",
        ByCreatedAfter: new Date(after),
        ByCreatedBefore: new Date(before),
      }).RecoveryPoints?.length;
    expect(count("2026-02-01T04:59:59Z", "2026-02-01T05:00:01Z")).toBe(1);
    expect(count("2026-02-01T05:00:00Z", "2026-02-01T05:00:01Z")).toBe(0);
    expect(count("2026-02-01T04:59:59Z", "2026-02-01T05:00:00Z")).toBe(0);
  });

  it("makes its resource a protected one (6.9)", () => {
    const { world, point } = worldWith();
    expect(world.call("ListProtectedResources", {}).Results).toEqual([
      {
        ResourceArn: volume,
        ResourceType: "EBS",
        ResourceName: undefined,
        LastBackupTime: started,
        LastBackupVaultArn: point.vault.arn,
        LastRecoveryPointArn: point.arn,
      },
    ]);
    expect(world.call("DescribeProtectedResource", { ResourceArn: volume }).LastBackupTime).toEqual(started);
    expect(world.call("ListProtectedResourcesByBackupVault", { BackupVaultName: "main" }).Results).toHaveLength(1);
  });

  it("takes tags only where AWS Backup manages it fully (0.7)", () => {
    const native = worldWith();
    expect(native.world.refusal("TagResource", { ResourceArn: native.point.arn, Tags: { a: "1" } }).type).toBe(
      "InvalidParameterValueException",
    );
    const full = worldWith({ resourceArn: fileSystem, resourceType: "EFS" });
    full.world.call("TagResource", { ResourceArn: full.point.arn, Tags: { a: "1" } });
    expect(full.point.tags).toEqual({ a: "1" });
  });

  it("is not lost or told twice while pages are read and others go", () => {
    const { world } = worldWith();
    for (let index = 0; index < 9; index += 1) {
      addRecoveryPoint(world.state(), {
        vault: "main",
        resourceArn: volume,
        resourceType: "EBS",
        creationDate: started,
      });
    }
    world.pageSize = 3;
    const [first] = world.state().vaults.get("main")?.points ?? [];
    const seen: (string | undefined)[] = [];
    let token: string | undefined;
    do {
      const page = world.call("ListRecoveryPointsByBackupVault", { BackupVaultName: "main", NextToken: token });
      seen.push(...(page.RecoveryPoints ?? []).map((point) => point.RecoveryPointArn));
      if (token === undefined && first !== undefined) first.vault.points.delete(first.arn);
      token = page.NextToken;
    } while (token !== undefined);
    expect(new Set(seen).size).toBe(10);
    expect(seen).toHaveLength(10);
  });
});

const update = "UpdateRecoveryPointLifecycle" as const;
const refusals: Readonly<
  Record<
    string,
    {
      readonly because: string;
      readonly point?: Partial<GivenPoint>;
      readonly given?: (world: TestWorld) => void;
      readonly call: (world: TestWorld, named: Named) => ApiError;
      readonly type: string;
    }
  >
> = {
  "deleting what is locked": {
    because: "1.6: in both modes and in grace time",
    given: (world) => world.call("PutBackupVaultLockConfiguration", { BackupVaultName: "main", ChangeableForDays: 5 }),
    call: (world, named) => world.refusal("DeleteRecoveryPoint", named),
    type: "InvalidRequestException",
  },
  "lengthening what is locked": {
    because: "4.3: even when lengthening",
    given: (world) => world.call("PutBackupVaultLockConfiguration", { BackupVaultName: "main" }),
    call: (world, named) => world.refusal(update, { ...named, Lifecycle: { DeleteAfterDays: 90 } }),
    type: "InvalidRequestException",
  },
  "deleting what is held": {
    because: "4.4",
    given: (world) => addLegalHold(world.state(), { title: "t", description: "d", creationDate: world.now() }),
    call: (world, named) => world.refusal("DeleteRecoveryPoint", named),
    type: "InvalidRequestException",
  },
  "deleting what is being deleted": {
    because: "4.4 (simulator's choice)",
    given: (world) => {
      const [point] = world.state().vaults.get("main")?.points ?? [];
      if (point !== undefined) point.status = "DELETING";
    },
    call: (world, named) => world.refusal("DeleteRecoveryPoint", named),
    type: "InvalidResourceStateException",
  },
  "deleting a parent before its children": {
    because: "4.4: the API does not cascade",
    point: { isParent: true, resourceType: "EKS", arn: "parent" },
    given: (world) =>
      addRecoveryPoint(world.state(), {
        vault: "main",
        resourceArn: volume,
        resourceType: "EBS",
        creationDate: started,
        parentArn: "parent",
      }),
    call: (world, named) => world.refusal("DeleteRecoveryPoint", named),
    type: "InvalidRequestException",
  },
  "deleting what is not there": {
    because: "4.4",
    call: (world, named) => world.refusal("DeleteRecoveryPoint", { ...named, RecoveryPointArn: "absent" }),
    type: "ResourceNotFoundException",
  },
  "a lifecycle of a continuous point": {
    because: "4.3",
    point: { continuous: true, resourceType: "S3", resourceArn: "arn:aws:s3:::bucket" },
    call: (world, named) => world.refusal(update, { ...named, Lifecycle: { DeleteAfterDays: 30 } }),
    type: "InvalidRequestException",
  },
  "a cold date in the past": {
    because: "4.3: at least the age in days and one",
    point: { resourceType: "EFS", resourceArn: fileSystem },
    call: (world, named) =>
      world.refusal(update, { ...named, Lifecycle: { DeleteAfterDays: 200, MoveToColdStorageAfterDays: 27 } }),
    type: "InvalidParameterValueException",
  },
  "another cold date for what is cold": {
    because: "4.3",
    point: {
      resourceType: "EFS",
      resourceArn: fileSystem,
      storageClass: "COLD",
      lifecycle: { MoveToColdStorageAfterDays: 7, DeleteAfterDays: 100 },
    },
    call: (world, named) =>
      world.refusal(update, { ...named, Lifecycle: { DeleteAfterDays: 200, MoveToColdStorageAfterDays: 60 } }),
    type: "InvalidParameterValueException",
  },
  "disassociating a snapshot": {
    because: "4.5: continuous points only",
    call: (world, named) => world.refusal("DisassociateRecoveryPoint", named),
    type: "InvalidRequestException",
  },
  "small pages of a database's points": {
    because: "0.3: RDS needs MaxResults of 20 or more",
    call: (world) =>
      world.refusal("ListRecoveryPointsByResource", {
        ResourceArn: `arn:aws:rds:${region}:${home}:db:one`,
        MaxResults: 19,
      }),
    type: "InvalidParameterValueException",
  },
};

describe("AWS Backup refuses", () => {
  it.each(Object.entries(refusals))("%s", (_sentence, { point, given, call, type }) => {
    const { world, named } = worldWith(point);
    given?.(world);
    expect(call(world, named).type).toBe(type);
  });
});

describe("changing a lifecycle", () => {
  it("nulls the days that are left out (4.3)", () => {
    const { world, named, point } = worldWith({ resourceArn: fileSystem, resourceType: "EFS" });
    const answer = world.call(update, { ...named, Lifecycle: { MoveToColdStorageAfterDays: 60 } });
    expect(answer.Lifecycle).toEqual({ MoveToColdStorageAfterDays: 60 });
    expect(point.lifecycle.DeleteAfterDays).toBeUndefined();
    world.advance({ days: 1000 });
    expect(point.vault.points.size).toBe(1);
    expect(point.storageClass).toBe("COLD");
  });

  it("ignores a cold date where there is no cold tier (2.4)", () => {
    const { world, named } = worldWith({ resourceType: "EC2" });
    const asked = { DeleteAfterDays: 200, MoveToColdStorageAfterDays: 60 };
    expect(world.call(update, { ...named, Lifecycle: asked }).Lifecycle).toEqual({ DeleteAfterDays: 200 });
  });

  it("to less than the age makes the point due at once (4.3)", () => {
    const { world, named, point } = worldWith();
    world.call(update, { ...named, Lifecycle: { DeleteAfterDays: 1 } });
    expect(point.vault.points.size).toBe(1);
    world.advance({ hours: 9 });
    expect(point.vault.points.size).toBe(0);
  });

  it("to more keeps the point past its old date (4.3)", () => {
    const { world, named, point } = worldWith();
    world.call(update, { ...named, Lifecycle: { DeleteAfterDays: 90 } });
    world.advance({ days: 60 });
    expect(point.vault.points.size).toBe(1);
    world.advance({ days: 10 });
    expect(point.vault.points.size).toBe(0);
  });
});

describe("deletion", () => {
  it("answers at once and is done later, and the vault follows a little later still (4.4, 0.5)", () => {
    const { world, named, point } = worldWith();
    world.call("DeleteRecoveryPoint", named);
    expect(world.call("DescribeRecoveryPoint", named).Status).toBe("DELETING");
    const refused = { type: "InvalidRequestException", fields: { Code: "ERROR_9101" } };
    expect(world.refusal("DeleteBackupVault", { BackupVaultName: "main" })).toMatchObject(refused);
    world.advance({ seconds: 60 });
    expect(point.vault.points.size).toBe(0);
    expect(world.refusal("DeleteBackupVault", { BackupVaultName: "main" })).toMatchObject(refused);
    world.advance({ seconds: 10 });
    world.call("DeleteBackupVault", { BackupVaultName: "main" });
  });

  it("ends EXPIRED where AWS Backup lacks the rights, and may be tried again (4.4)", () => {
    const { world, named, point } = worldWith();
    world.withoutServiceLinkedRole.add(home);
    world.call("DeleteRecoveryPoint", named);
    world.advance({ minutes: 5 });
    expect(world.call("DescribeRecoveryPoint", named).Status).toBe("EXPIRED");
    world.withoutServiceLinkedRole.clear();
    world.call("DeleteRecoveryPoint", named);
    world.advance({ minutes: 5 });
    expect(point.vault.points.size).toBe(0);
  });

  it("of an image needs the role that made it (4.4)", () => {
    const { world, named } = worldWith({ resourceType: "EC2" });
    world.missingRoles.add(role);
    world.call("DeleteRecoveryPoint", named);
    world.advance({ minutes: 5 });
    expect(world.call("DescribeRecoveryPoint", named).Status).toBe("EXPIRED");
  });
});

describe("expiry", () => {
  it("comes within eight hours after the date (4.6)", () => {
    const { world, point } = worldWith({ lifecycle: { DeleteAfterDays: 30 } });
    world.advance({ days: 2, hours: 5 });
    expect(point.vault.points.size).toBe(1);
    world.advance({ hours: 8, minutes: 2 });
    expect(point.vault.points.size).toBe(0);
  });

  it("comes in a locked vault too (1.6)", () => {
    const { world, point } = worldWith();
    world.call("PutBackupVaultLockConfiguration", { BackupVaultName: "main", ChangeableForDays: 3 });
    world.advance({ days: 40 });
    expect(point.vault.points.size).toBe(0);
  });

  it("falls back to the service-linked role, and fails without any (4.4)", () => {
    const fallback = worldWith();
    fallback.world.missingRoles.add(role);
    fallback.world.advance({ days: 40 });
    expect(fallback.point.vault.points.size).toBe(0);
    const failed = worldWith();
    failed.world.missingRoles.add(role);
    failed.world.withoutServiceLinkedRole.add(home);
    failed.world.advance({ days: 40 });
    expect(failed.point.status).toBe("EXPIRED");
  });

  it("waits for a legal hold to be cancelled (4.6, 6.4)", () => {
    const { world, point } = worldWith();
    const { LegalHoldId = "" } = world.call("CreateLegalHold", { Title: "case", Description: "4711" });
    expect(world.refusal("CancelLegalHold", { LegalHoldId, CancelDescription: "over" }).type).toBe(
      "InvalidResourceStateException",
    );
    world.advance({ days: 100 });
    expect(point.vault.points.size).toBe(1);
    expect(world.call("ListRecoveryPointsByLegalHold", { LegalHoldId }).RecoveryPoints).toHaveLength(1);
    world.call("CancelLegalHold", { LegalHoldId, CancelDescription: "over", RetainRecordInDays: 10 });
    world.advance({ days: 1 });
    expect(point.vault.points.size).toBe(0);
    expect(world.call("GetLegalHold", { LegalHoldId }).Status).toBe("CANCELED");
    world.advance({ days: 10 });
    expect(world.refusal("GetLegalHold", { LegalHoldId }).type).toBe("ResourceNotFoundException");
  });

  it("waits for a legal hold that comes after the date and before the deletion (4.6)", () => {
    const { world, point } = worldWith({
      lifecycle: { DeleteAfterDays: 28 },
      creationDate: new Date("2026-02-01T00:00:00Z"),
    });
    world.advance({ seconds: 1 });
    addLegalHold(world.state(), { title: "t", description: "d", creationDate: world.now() });
    world.advance({ days: 1 });
    expect(point.vault.points.size).toBe(1);
  });

  it("is preceded by the cold transition where there is one (4.6)", () => {
    const { world, point } = worldWith({
      resourceArn: fileSystem,
      resourceType: "EFS",
      lifecycle: { MoveToColdStorageAfterDays: 30, DeleteAfterDays: 120 },
    });
    world.advance({ days: 3 });
    expect(point.storageClass).toBe("COLD");
    world.advance({ days: 100 });
    expect(point.vault.points.size).toBe(0);
  });
});

describe("a legal hold", () => {
  it("covers what its selection names and nothing that comes later (6.4)", () => {
    const { world, point } = worldWith();
    const hold = addLegalHold(world.state(), {
      title: "t",
      description: "d",
      creationDate: world.now(),
      selection: { VaultNames: ["main"], ResourceIdentifiers: [volume] },
    });
    addRecoveryPoint(world.state(), {
      vault: "main",
      resourceArn: volume,
      resourceType: "EBS",
      creationDate: world.now(),
    });
    expect([...hold.points]).toEqual([point]);
  });

  it("never covers continuous points, nor what is on its way out (6.4)", () => {
    const { world } = worldWith({ continuous: true, resourceType: "S3", resourceArn: "arn:aws:s3:::bucket" });
    const gone = { vault: "main", resourceArn: volume, resourceType: "EBS", creationDate: started } as const;
    addRecoveryPoint(world.state(), { ...gone, status: "EXPIRED" });
    addRecoveryPoint(world.state(), { ...gone, status: "DELETING" });
    expect(addLegalHold(world.state(), { title: "t", description: "d", creationDate: world.now() }).points.size).toBe(
      0,
    );
  });

  it("takes no future dates (6.4)", () => {
    const { world } = worldWith();
    const DateRange = { FromDate: started, ToDate: new Date("2026-03-02T00:00:00Z") };
    const refused = world.refusal("CreateLegalHold", {
      Title: "t",
      Description: "d",
      RecoveryPointSelection: { DateRange },
    });
    expect(refused.type).toBe("InvalidParameterValueException");
  });
});

describe("a vault of very many recovery points", () => {
  it("is filled and paged without sorting or copying it", () => {
    const { world } = worldWith();
    const state = world.state();
    world.pageSize = 1000;
    for (let index = 0; index < 200_000; index += 1) {
      addRecoveryPoint(state, {
        vault: "main",
        arn: `arn:aws:ec2:${region}::snapshot/snap-${index}`,
        resourceArn: `${volume}-${index % 100}`,
        resourceType: "EBS",
        creationDate: new Date(started.getTime() + index),
        lifecycle: { DeleteAfterDays: 60 },
      });
    }
    const startedAt = performance.now();
    const points = world.all(
      "ListRecoveryPointsByBackupVault",
      { BackupVaultName: "main" },
      (page) => page.RecoveryPoints,
    );
    expect(points).toHaveLength(200_001);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});
