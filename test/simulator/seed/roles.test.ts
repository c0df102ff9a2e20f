import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { CreateTagsCommand, DescribeVolumesCommand } from "@aws-sdk/client-ec2";
import { DescribeFileSystemsCommand } from "@aws-sdk/client-efs";
import { GetRoleCommand } from "@aws-sdk/client-iam";
import { DescribeDBInstancesCommand } from "@aws-sdk/client-rds";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { clientsOf, keyFrom, refusal } from "../fixture.ts";
import { accounts, seededSimulator } from "../seed.ts";
import { memberRoles } from "./roles.ts";

async function as(role: string) {
  const simulator = seededSimulator({ historyDays: 2, drifted: false });
  const entered = await clientsOf(simulator).sts.send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${accounts.shop}:role/holdfast-${role}`,
      RoleSessionName: "run",
      SourceIdentity: "run",
      ExternalId: "holdfast",
    }),
  );
  return { simulator, ...clientsOf(simulator, { credentials: keyFrom(entered.Credentials) }) };
}

describe("the member roles", () => {
  it.each(memberRoles)("let holdfast-%s hear the owners of what is backed up", async (role) => {
    const { dynamodb, ec2, efs, iam, rds, s3 } = await as(role);
    expect((await ec2.send(new DescribeVolumesCommand({}))).Volumes).toHaveLength(2);
    expect((await rds.send(new DescribeDBInstancesCommand({}))).DBInstances).toHaveLength(1);
    expect((await efs.send(new DescribeFileSystemsCommand({}))).FileSystems).toHaveLength(1);
    expect((await dynamodb.send(new DescribeTableCommand({ TableName: "customers" }))).Table).toBeDefined();
    expect((await s3.send(new ListBucketsCommand({}))).Buckets).toHaveLength(2);
    expect((await iam.send(new GetRoleCommand({ RoleName: "AWSServiceRoleForBackup" }))).Role).toBeDefined();
  });

  it.each([
    ["apply", true],
    ["observe", false],
    ["retain", false],
    ["destroy", false],
  ])("let holdfast-%s mark the point behind a snapshot: %s", async (role, may) => {
    const { simulator, ec2 } = await as(role);
    const points = [...(simulator.backup(accounts.shop, "eu-west-1").vaults.get("nightly")?.points ?? [])];
    const id = points.map(({ arn }) => arn.split("/")[1]).find((one) => one?.startsWith("snap-")) ?? "";
    const marking = ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: "holdfast:orphan", Value: "" }] }));
    expect(
      await marking.then(
        () => "done",
        () => refusal(marking).then(({ name }) => name),
      ),
    ).toBe(may ? "done" : "UnauthorizedOperation");
  });
});
