import { DeleteRecoveryPointCommand } from "@aws-sdk/client-backup";
import {
  CreateTagsCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { bare, clientsOf, hub, refusal, region } from "../fixture.ts";
import type { Simulator } from "../simulator.ts";
import { addPoint, everyPage, instanceArn, volumeArn, withVault } from "./fixture.ts";

const idIn = (arn: string) => arn.slice(arn.lastIndexOf("/") + 1);

describe("volumes", () => {
  it("are listed over short pages, and gone once they are deleted", async () => {
    const { simulator, ec2 } = withVault();
    const ids = Array.from({ length: 7 }, (_, n) => `vol-${n}`);
    for (const id of ids) simulator.addResource(hub, region, { arn: volumeArn(id), type: "EBS", tags: { n: id } });
    simulator.removeResource(hub, region, volumeArn("vol-3"));
    const { items, pages } = await everyPage(
      (NextToken) => ec2.send(new DescribeVolumesCommand({ NextToken })),
      (page) => page.Volumes,
      (page) => page.NextToken,
    );
    expect(items.map(({ VolumeId }) => VolumeId)).toEqual(ids.filter((id) => id !== "vol-3"));
    expect(items[0]?.Tags).toEqual([{ Key: "n", Value: "vol-0" }]);
    expect(pages).toBe(2);
  });

  it("that are not there are told by a typed refusal, in EC2's own XML", async () => {
    const { simulator, ec2 } = withVault();
    const one = new DescribeVolumesCommand({ VolumeIds: ["vol-none"] });
    expect(await refusal(ec2.send(one))).toEqual({
      name: "InvalidVolume.NotFound",
      status: 400,
      message: "The volume 'vol-none' does not exist.",
    });
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const body = "Action=DescribeVolumes&Version=2016-11-15&VolumeId.1=vol-none";
    expect(bare(simulator, "ec2", "POST /", { body, headers }).body).toMatch(
      /^<Response><Errors><Error><Code>InvalidVolume\.NotFound<\/Code>/,
    );
  });

  it("are found by filters, and a call with ids is not paged", async () => {
    const { simulator, ec2 } = withVault();
    for (const id of ["vol-1", "vol-2", "vol-3", "vol-4"]) {
      simulator.addResource(hub, region, { arn: volumeArn(id), type: "EBS", tags: { half: id < "vol-3" ? "a" : "b" } });
    }
    const of = async (input: object) => (await ec2.send(new DescribeVolumesCommand(input))).Volumes?.length;
    expect(await of({ Filters: [{ Name: "tag:half", Values: ["a"] }] })).toBe(2);
    expect(await of({ VolumeIds: ["vol-1", "vol-2", "vol-3", "vol-4"] })).toBe(4);
    const both = new DescribeVolumesCommand({ VolumeIds: ["vol-1"], MaxResults: 5 });
    expect((await refusal(ec2.send(both))).name).toBe("InvalidParameterCombination");
    const unknown = new DescribeVolumesCommand({ Filters: [{ Name: "colour", Values: ["red"] }] });
    expect((await refusal(ec2.send(unknown))).name).toBe("InvalidParameterValue");
  });
});

describe("snapshots", () => {
  it("are those of AWS Backup and of Data Lifecycle Manager, told apart by their tags, and outlive their volume", async () => {
    const { simulator, ec2 } = withVault();
    for (const id of ["vol-1", "vol-2"]) simulator.addResource(hub, region, { arn: volumeArn(id), type: "EBS" });
    const point = addPoint(simulator, volumeArn("vol-1"), "EBS");
    const managed = simulator.manageSnapshot(hub, region, volumeArn("vol-1"));
    simulator.manageSnapshot(hub, region, volumeArn("vol-2"));
    simulator.removeResource(hub, region, volumeArn("vol-1"));
    const of = async (input: object) => (await ec2.send(new DescribeSnapshotsCommand(input))).Snapshots ?? [];
    const ids = async (input: object) => (await of(input)).map(({ SnapshotId }) => SnapshotId);
    const byVolume = { Name: "volume-id", Values: ["vol-1"] };
    const byTag = { Name: "tag-key", Values: ["aws:dlm:lifecycle-policy-id"] };
    expect(new Set(await ids({ Filters: [byVolume] }))).toEqual(new Set([idIn(point.arn), managed.id]));
    expect(await of({ Filters: [byVolume, byTag], OwnerIds: ["self"] })).toMatchObject([
      { SnapshotId: managed.id, VolumeId: "vol-1", State: "completed", StartTime: managed.started, OwnerId: hub },
    ]);
    expect(await ids({ OwnerIds: ["999988887777"] })).toEqual([]);
    const missing = new DescribeSnapshotsCommand({ SnapshotIds: ["snap-0"] });
    expect((await refusal(ec2.send(missing))).name).toBe("InvalidSnapshot.NotFound");
  });

  it("are looked for by 200 values of filters a call, all of them together", async () => {
    const { ec2 } = withVault();
    const volumes = Array.from({ length: 199 }, (_, n) => `vol-${n}`);
    const by = (...keys: readonly string[]) =>
      new DescribeSnapshotsCommand({
        Filters: [
          { Name: "volume-id", Values: volumes },
          { Name: "tag-key", Values: [...keys] },
        ],
      });
    expect((await ec2.send(by("a"))).Snapshots).toEqual([]);
    expect((await refusal(ec2.send(by("a", "b")))).name).toBe("FilterLimitExceeded");
  });
});

describe("instances", () => {
  const seen = async (simulator: Simulator) => {
    const { Reservations } = await clientsOf(simulator).ec2.send(new DescribeInstancesCommand({}));
    return Reservations?.flatMap(({ Instances }) => Instances ?? []).map(({ State }) => State?.Name);
  };

  it("are shown as terminated for an hour after their end", async () => {
    const { simulator, ec2 } = withVault();
    simulator.addResource(hub, region, { arn: instanceArn("i-1"), type: "EC2" });
    expect(await seen(simulator)).toEqual(["running"]);
    simulator.removeResource(hub, region, instanceArn("i-1"));
    expect(await seen(simulator)).toEqual(["terminated"]);
    simulator.clock.advance(61 * 60_000);
    expect(await seen(simulator)).toEqual([]);
    expect(await refusal(ec2.send(new DescribeInstancesCommand({ InstanceIds: ["i-1"] })))).toMatchObject({
      name: "InvalidInstanceID.NotFound",
      status: 400,
    });
  });
});

describe("what uses a backup", () => {
  it("is the image registered from a snapshot: the point cannot be deleted while it is there", async () => {
    const { simulator, backup, ec2 } = withVault();
    const point = addPoint(simulator, volumeArn("vol-1"), "EBS");
    const image = simulator.useSnapshot(hub, region, idIn(point.arn));
    const users = new DescribeImagesCommand({
      Owners: ["self"],
      Filters: [{ Name: "block-device-mapping.snapshot-id", Values: [idIn(point.arn)] }],
    });
    expect((await ec2.send(users)).Images).toMatchObject([{ ImageId: image.id, OwnerId: hub }]);
    const remove = new DeleteRecoveryPointCommand({ BackupVaultName: "main", RecoveryPointArn: point.arn });
    await backup.send(remove);
    simulator.clock.advance(86_400_000);
    expect(point).toMatchObject({ status: "EXPIRED", statusMessage: expect.stringContaining(image.id) as string });

    simulator.removeImage(hub, region, image.id);
    expect((await ec2.send(users)).Images).toEqual([]);
    await backup.send(remove);
    simulator.clock.advance(86_400_000);
    expect(simulator.backup(hub, region).vaults.get("main")?.points.size).toBe(0);
  });

  it("is the instance launched from an image that AWS Backup made", async () => {
    const { simulator, backup, ec2 } = withVault();
    const point = addPoint(simulator, instanceArn("i-1"), "EC2");
    const imageId = idIn(point.arn);
    const instance = simulator.useImage(hub, region, imageId);
    const running = new DescribeInstancesCommand({
      Filters: [
        { Name: "image-id", Values: [imageId] },
        { Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped"] },
      ],
    });
    const users = async () => (await ec2.send(running)).Reservations?.flatMap(({ Instances }) => Instances ?? []);
    expect(await users()).toMatchObject([{ InstanceId: idIn(instance.arn), ImageId: imageId }]);
    await backup.send(new DeleteRecoveryPointCommand({ BackupVaultName: "main", RecoveryPointArn: point.arn }));
    simulator.clock.advance(86_400_000);
    expect(point.status).toBe("EXPIRED");
    simulator.removeResource(hub, region, instance.arn);
    expect(await users()).toEqual([]);
  });

  it("is nobody for an image that is not there", async () => {
    const { simulator, ec2 } = withVault();
    const point = addPoint(simulator, instanceArn("i-1"), "EC2");
    const { Images } = await ec2.send(new DescribeImagesCommand({ ImageIds: [idIn(point.arn)] }));
    expect(Images).toMatchObject([{ ImageId: idIn(point.arn), State: "available" }]);
    expect((await refusal(ec2.send(new DescribeImagesCommand({ ImageIds: ["ami-none"] })))).name).toBe(
      "InvalidAMIID.NotFound",
    );
  });
});

describe("tags of EC2", () => {
  it("are written to the recovery point behind a snapshot", async () => {
    const { simulator, ec2 } = withVault();
    const point = addPoint(simulator, volumeArn("vol-1"), "EBS");
    const Tags = [{ Key: "holdfast:keep", Value: "audit" }];
    await ec2.send(new CreateTagsCommand({ Resources: [idIn(point.arn)], Tags }));
    expect(point.tags).toEqual({ "holdfast:keep": "audit" });
    const reserved = new CreateTagsCommand({ Resources: [idIn(point.arn)], Tags: [{ Key: "aws:x", Value: "" }] });
    expect((await refusal(ec2.send(reserved))).name).toBe("InvalidParameterValue");
  });

  it("go onto all of what is named or onto nothing", async () => {
    const { simulator, ec2 } = withVault();
    const point = addPoint(simulator, volumeArn("vol-1"), "EBS");
    const Resources = [idIn(point.arn), "snap-none"];
    const half = ec2.send(new CreateTagsCommand({ Resources, Tags: [{ Key: "a", Value: "b" }] }));
    expect(await refusal(half)).toMatchObject({ name: "InvalidSnapshot.NotFound", status: 400 });
    expect(point.tags).toEqual({});
  });

  it("are asked for on the snapshot's own ARN, which has no account", async () => {
    const { simulator } = withVault();
    const point = addPoint(simulator, volumeArn("vol-1"), "EBS");
    const as = (Resource: string) => {
      const Statement = [{ Effect: "Allow" as const, Action: "ec2:CreateTags", Resource }];
      return clientsOf(simulator, { credentials: simulator.iam.putUser(hub, "alice", [{ Statement }]) }).ec2;
    };
    const tag = new CreateTagsCommand({ Resources: [idIn(point.arn)], Tags: [{ Key: "a", Value: "b" }] });
    await as(`arn:aws:ec2:${region}::snapshot/*`).send(tag);
    const refused = await refusal(as(`arn:aws:ec2:${region}:${hub}:snapshot/*`).send(tag));
    expect(refused).toMatchObject({ name: "UnauthorizedOperation", status: 403 });
  });
});
