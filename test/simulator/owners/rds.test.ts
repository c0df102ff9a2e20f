import { StartBackupJobCommand, StartCopyJobCommand } from "@aws-sdk/client-backup";
import {
  AddTagsToResourceCommand,
  DescribeDBClustersCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
} from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { addRecoveryPoint, addVault } from "../backup/build.ts";
import { bare, clientsOf, hub, refusal, region } from "../fixture.ts";
import { addPoint, backupRole, clusterArn, databaseArn, everyPage, withVault } from "./fixture.ts";

describe("databases", () => {
  it("have a resource id of their own, which a new name does not change", async () => {
    const { simulator, rds } = withVault();
    const made = simulator.addResource(hub, region, { arn: databaseArn("orders"), type: "RDS", tags: { a: "b" } });
    expect(made.resourceId).toMatch(/^db-[0-9A-F]{26}$/);
    simulator.renameResource(hub, region, made.arn, "orders-old");
    const { DBInstances } = await rds.send(new DescribeDBInstancesCommand({}));
    expect(DBInstances).toMatchObject([
      {
        DBInstanceIdentifier: "orders-old",
        DBInstanceArn: databaseArn("orders-old"),
        DbiResourceId: made.resourceId,
        TagList: [{ Key: "a", Value: "b" }],
      },
    ]);
    const again = simulator.addResource(hub, region, { arn: databaseArn("orders"), type: "RDS" });
    expect(again.resourceId).not.toBe(made.resourceId);
  });

  it("are instances or clusters by their ARN", async () => {
    const { simulator, rds } = withVault();
    simulator.addResource(hub, region, { arn: databaseArn("one"), type: "RDS" });
    simulator.addResource(hub, region, { arn: clusterArn("two"), type: "Aurora" });
    const cluster = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: clusterArn("two") }));
    expect(cluster.DBClusters).toMatchObject([{ DBClusterIdentifier: "two", Engine: "aurora-postgresql" }]);
    expect(cluster.DBClusters?.[0]?.DbClusterResourceId).toMatch(/^cluster-/);
    const instance = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: "ONE" }));
    expect(instance.DBInstances).toHaveLength(1);
  });

  it("tell for how long automated backups are kept, and the recovery point that those are in AWS Backup", async () => {
    const { simulator, rds } = withVault();
    const told = async () => {
      const [one] = (await rds.send(new DescribeDBInstancesCommand({}))).DBInstances ?? [];
      return [one?.BackupRetentionPeriod, one?.AwsBackupRecoveryPointArn];
    };
    simulator.addResource(hub, region, { arn: databaseArn("orders"), type: "RDS" });
    expect(await told()).toEqual([0, undefined]);
    simulator.addResource(hub, region, { arn: databaseArn("orders"), type: "RDS", ownBackupDays: 7 });
    expect(await told()).toEqual([7, undefined]);
    const point = addRecoveryPoint(simulator.backup(hub, region), {
      vault: "main",
      resourceArn: databaseArn("orders"),
      resourceType: "RDS",
      creationDate: simulator.clock.now(),
      continuous: true,
      status: "AVAILABLE",
      lifecycle: { DeleteAfterDays: 14 },
    });
    expect(await told()).toEqual([14, point.arn]);
  });

  it.each([
    ["DescribeDBInstances&DBInstanceIdentifier=none", "DBInstanceNotFound"],
    ["DescribeDBClusters&DBClusterIdentifier=none", "DBClusterNotFoundFault"],
    ["DescribeDBSnapshots&DBSnapshotIdentifier=none", "DBSnapshotNotFound"],
    ["DescribeDBClusterSnapshots&DBClusterSnapshotIdentifier=none", "DBClusterSnapshotNotFoundFault"],
  ])("that are not there are told with 404 and the code of the wire: %s", (action, code) => {
    const { simulator } = withVault();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const reply = bare(simulator, "rds", "POST /", { body: `Action=${action}&Version=2014-10-31`, headers });
    expect(reply.status).toBe(404);
    expect(reply.body).toContain(`<Code>${code}</Code>`);
  });

  it("come in pages of at least 20 asked for, and of fewer all the same", async () => {
    const { simulator, rds } = withVault();
    for (let n = 0; n < 8; n += 1) simulator.addResource(hub, region, { arn: databaseArn(`db-${n}`), type: "RDS" });
    const { items, pages } = await everyPage(
      (Marker) => rds.send(new DescribeDBInstancesCommand({ Marker, MaxRecords: 20 })),
      (page) => page.DBInstances,
      (page) => page.Marker,
    );
    expect([items.length, pages]).toEqual([8, 3]);
    const few = rds.send(new DescribeDBInstancesCommand({ MaxRecords: 5 }));
    expect(await refusal(few)).toMatchObject({ name: "InvalidParameterValue", status: 400 });
  });

  it("are found by their resource id", async () => {
    const { simulator, rds } = withVault();
    simulator.addResource(hub, region, { arn: databaseArn("one"), type: "RDS" });
    const two = simulator.addResource(hub, region, { arn: databaseArn("two"), type: "RDS" });
    const Filters = [{ Name: "dbi-resource-id", Values: [two.resourceId ?? ""] }];
    const { DBInstances } = await rds.send(new DescribeDBInstancesCommand({ Filters }));
    expect(DBInstances?.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier)).toEqual(["two"]);
  });
});

describe("snapshots of databases", () => {
  it("remember the resource id of their source, here and where they are copied to", async () => {
    const { simulator, backup, rds } = withVault();
    const elsewhere = "eu-central-1";
    const key = simulator.addKey(hub, elsewhere, { alias: "alias/backup" });
    addVault(simulator.backup(hub, elsewhere), { name: "copies", encryptionKeyArn: key.arn });
    const IamRoleArn = backupRole(simulator);
    const database = simulator.addResource(hub, region, { arn: databaseArn("orders"), type: "RDS" });
    const start = { BackupVaultName: "main", ResourceArn: database.arn, IamRoleArn };
    await backup.send(new StartBackupJobCommand(start));
    simulator.clock.advance(3_600_000);
    const [point] = [...(simulator.backup(hub, region).vaults.get("main")?.points ?? [])];
    simulator.renameResource(hub, region, database.arn, "orders-old");
    await backup.send(
      new StartCopyJobCommand({
        RecoveryPointArn: point?.arn,
        SourceBackupVaultName: "main",
        DestinationBackupVaultArn: `arn:aws:backup:${elsewhere}:${hub}:backup-vault:copies`,
        IamRoleArn,
      }),
    );
    simulator.clock.advance(3_600_000);

    const by = { DBSnapshotIdentifier: point?.arn };
    const { DBSnapshots } = await rds.send(new DescribeDBSnapshotsCommand(by));
    const told = { DBInstanceIdentifier: "orders", DbiResourceId: database.resourceId, SnapshotType: "awsbackup" };
    expect(DBSnapshots).toMatchObject([{ ...told, DBSnapshotArn: point?.arn }]);
    const over = clientsOf(simulator, { region: elsewhere }).rds;
    const copies = await over.send(new DescribeDBSnapshotsCommand({ DbiResourceId: database.resourceId }));
    expect(copies.DBSnapshots).toMatchObject([told]);
  });

  it("may have forgotten it", async () => {
    const { simulator, rds } = withVault();
    const point = addPoint(simulator, clusterArn("old"), "Aurora");
    const id = point.arn.split(":cluster-snapshot:")[1];
    const by = { DBClusterSnapshotIdentifier: id };
    const { DBClusterSnapshots } = await rds.send(new DescribeDBClusterSnapshotsCommand(by));
    expect(DBClusterSnapshots).toMatchObject([{ DBClusterSnapshotArn: point.arn, DBClusterIdentifier: "old" }]);
    expect(DBClusterSnapshots?.[0]?.DbClusterResourceId).toBeUndefined();
  });

  it("take tags", async () => {
    const { simulator, rds } = withVault();
    const point = addPoint(simulator, databaseArn("orders"), "RDS");
    const Tags = [{ Key: "holdfast:keep", Value: "" }];
    await rds.send(new AddTagsToResourceCommand({ ResourceName: point.arn, Tags }));
    expect(point.tags).toEqual({ "holdfast:keep": "" });
    const none = rds.send(new AddTagsToResourceCommand({ ResourceName: `${point.arn}x`, Tags }));
    expect((await refusal(none)).status).toBe(404);
  });
});
