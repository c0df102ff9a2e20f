import { DescribeContinuousBackupsCommand, DescribeTableCommand, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { DescribeFileSystemsCommand as DescribeEfs } from "@aws-sdk/client-efs";
import {
  DescribeFileSystemsCommand as DescribeFsx,
  DescribeVolumesCommand,
  TagResourceCommand,
} from "@aws-sdk/client-fsx";
import { CreateTagsCommand, DescribeClustersCommand } from "@aws-sdk/client-redshift";
import { describe, expect, it } from "vitest";
import { hub, refusal, region } from "../fixture.ts";
import type { Simulator } from "../simulator.ts";
import { addPoint, everyPage, withVault } from "./fixture.ts";

const own = (service: string, resource: string) => `arn:aws:${service}:${region}:${hub}:${resource}`;

function addNumbered(simulator: Simulator, type: string, arn: (n: number) => string): void {
  for (let n = 0; n < 7; n += 1) simulator.addResource(hub, region, { arn: arn(n), type });
}

const seven = [0, 1, 2, 3, 4, 5, 6];

describe("DynamoDB", () => {
  const table = (name: string) => own("dynamodb", `table/${name}`);

  it("lists tables after a name, and describes one by name or ARN", async () => {
    const { simulator, dynamodb } = withVault();
    addNumbered(simulator, "DynamoDB", (n) => table(`t${n}`));
    const { items, pages } = await everyPage(
      (ExclusiveStartTableName) => dynamodb.send(new ListTablesCommand({ ExclusiveStartTableName })),
      (page) => page.TableNames,
      (page) => page.LastEvaluatedTableName,
    );
    expect(items).toEqual(seven.map((n) => `t${n}`));
    expect(pages).toBe(3);
    for (const TableName of ["t1", table("t1")]) {
      const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
      expect(Table).toMatchObject({ TableName: "t1", TableArn: table("t1"), TableStatus: "ACTIVE" });
    }
  });

  it("says of a deleted table that it is not found", async () => {
    const { simulator, dynamodb } = withVault();
    addNumbered(simulator, "DynamoDB", (n) => table(`t${n}`));
    simulator.removeResource(hub, region, table("t1"));
    expect(await refusal(dynamodb.send(new DescribeTableCommand({ TableName: "t1" })))).toMatchObject({
      name: "ResourceNotFoundException",
      status: 400,
    });
    expect(await refusal(dynamodb.send(new DescribeContinuousBackupsCommand({ TableName: "t1" })))).toMatchObject({
      name: "TableNotFoundException",
      status: 400,
    });
  });
});

describe("point-in-time recovery", () => {
  it("is off until somebody asks for it, and then reaches back to when the table was made at most", async () => {
    const { simulator, dynamodb } = withVault();
    const add = (name: string, more: object) =>
      simulator.addResource(hub, region, { arn: own("dynamodb", `table/${name}`), type: "DynamoDB", ...more });
    add("plain", {});
    const { created } = add("kept", { ownBackupDays: 7 });
    simulator.clock.advance(3 * 86_400_000);
    const of = async (TableName: string) =>
      (await dynamodb.send(new DescribeContinuousBackupsCommand({ TableName }))).ContinuousBackupsDescription;
    expect(await of("plain")).toEqual({
      ContinuousBackupsStatus: "ENABLED",
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: "DISABLED" },
    });
    expect((await of("kept"))?.PointInTimeRecoveryDescription).toEqual({
      PointInTimeRecoveryStatus: "ENABLED",
      RecoveryPeriodInDays: 7,
      EarliestRestorableDateTime: created,
      LatestRestorableDateTime: new Date(simulator.clock.now().getTime() - 300_000),
    });
  });
});

describe("EFS", () => {
  it("lists file systems, and tells one that is not there with 404", async () => {
    const { simulator, efs } = withVault();
    addNumbered(simulator, "EFS", (n) => own("elasticfilesystem", `file-system/fs-${n}`));
    const { items } = await everyPage(
      (Marker) => efs.send(new DescribeEfs({ Marker })),
      (page) => page.FileSystems,
      (page) => page.NextMarker,
    );
    expect(items.map(({ FileSystemId }) => FileSystemId)).toEqual(seven.map((n) => `fs-${n}`));
    const one = await efs.send(new DescribeEfs({ FileSystemId: "fs-3" }));
    expect(one.FileSystems).toMatchObject([{ FileSystemArn: own("elasticfilesystem", "file-system/fs-3") }]);
    const none = await refusal(efs.send(new DescribeEfs({ FileSystemId: "fs-none" })));
    expect(none).toEqual({ name: "FileSystemNotFound", status: 404, message: "File system 'fs-none' does not exist." });
  });
});

describe("FSx", () => {
  it("lists file systems and volumes apart", async () => {
    const { simulator, fsx } = withVault();
    addNumbered(simulator, "FSx", (n) => own("fsx", `file-system/fs-${n}`));
    addNumbered(simulator, "FSx", (n) => own("fsx", `volume/fs-ontap/fsvol-${n}`));
    const systems = await everyPage(
      (NextToken) => fsx.send(new DescribeFsx({ NextToken })),
      (page) => page.FileSystems,
      (page) => page.NextToken,
    );
    expect(systems.items.map(({ FileSystemId }) => FileSystemId)).toEqual(seven.map((n) => `fs-${n}`));
    const { Volumes } = await fsx.send(new DescribeVolumesCommand({ VolumeIds: ["fsvol-2"] }));
    expect(Volumes).toMatchObject([{ VolumeId: "fsvol-2", FileSystemId: "fs-ontap" }]);
    expect((await refusal(fsx.send(new DescribeFsx({ FileSystemIds: ["fs-x"] })))).name).toBe("FileSystemNotFound");
    expect((await refusal(fsx.send(new DescribeVolumesCommand({ VolumeIds: ["x"] })))).name).toBe("VolumeNotFound");
  });

  it("tags backups", async () => {
    const { simulator, fsx } = withVault();
    const point = addPoint(simulator, own("fsx", "file-system/fs-1"), "FSx");
    await fsx.send(new TagResourceCommand({ ResourceARN: point.arn, Tags: [{ Key: "a", Value: "b" }] }));
    expect(point.tags).toEqual({ a: "b" });
    const none = new TagResourceCommand({ ResourceARN: `${point.arn}0`, Tags: [{ Key: "a", Value: "b" }] });
    expect((await refusal(fsx.send(none))).name).toBe("ResourceNotFound");
  });
});

describe("Redshift", () => {
  it("lists clusters, and tells one that is not there with 404", async () => {
    const { simulator, redshift } = withVault();
    addNumbered(simulator, "Redshift", (n) => own("redshift", `cluster:c${n}`));
    const { items } = await everyPage(
      (Marker) => redshift.send(new DescribeClustersCommand({ Marker })),
      (page) => page.Clusters,
      (page) => page.Marker,
    );
    expect(items.map(({ ClusterIdentifier }) => ClusterIdentifier)).toEqual(seven.map((n) => `c${n}`));
    const none = await refusal(redshift.send(new DescribeClustersCommand({ ClusterIdentifier: "none" })));
    expect(none).toMatchObject({ name: "ClusterNotFoundFault", status: 404 });
  });

  it("tags snapshots", async () => {
    const { simulator, redshift } = withVault();
    const point = addPoint(simulator, own("redshift", "cluster:c1"), "Redshift");
    await redshift.send(new CreateTagsCommand({ ResourceName: point.arn, Tags: [{ Key: "a", Value: "b" }] }));
    expect(point.tags).toEqual({ a: "b" });
  });
});
