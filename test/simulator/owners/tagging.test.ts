import { TagResourceCommand } from "@aws-sdk/client-backup";
import { CreateTagsCommand } from "@aws-sdk/client-ec2";
import {
  GetResourcesCommand,
  TagResourcesCommand,
  type GetResourcesCommandInput,
} from "@aws-sdk/client-resource-groups-tagging-api";
import { describe, expect, it } from "vitest";
import type { RecoveryPoint } from "../backup/state.ts";
import { hub, refusal, region, clientsOf } from "../fixture.ts";
import type { Simulator } from "../simulator.ts";
import { addPoint, clusterArn, databaseArn, instanceArn, volumeArn, withVault } from "./fixture.ts";

const own = (service: string, resource: string) => `arn:aws:${service}:${region}:${hub}:${resource}`;

/** One point of each kind that Tagging knows, by the name of its kind there; all carry the keep mark. */
function withPoints(options: { readonly accountInImageArns?: boolean } = {}) {
  const { simulator } = withVault({ ...options, pageSize: 100 });
  const points = {
    "ec2:snapshot": addPoint(simulator, volumeArn("vol-1"), "EBS"),
    "ec2:image": addPoint(simulator, instanceArn("i-1"), "EC2"),
    "rds:snapshot": addPoint(simulator, databaseArn("orders"), "RDS"),
    "rds:cluster-snapshot": addPoint(simulator, clusterArn("sales"), "Aurora"),
    "fsx:backup": addPoint(simulator, own("fsx", "file-system/fs-1"), "FSx"),
    "redshift:snapshot": addPoint(simulator, own("redshift", "cluster:c1"), "Redshift"),
    "backup:recovery-point": addPoint(simulator, own("elasticfilesystem", "file-system/fs-1"), "EFS"),
  } as const satisfies Readonly<Record<string, RecoveryPoint>>;
  for (const point of Object.values(points)) point.tags["holdfast:keep"] = "audit";
  return { simulator, points, ...clientsOf(simulator) };
}

async function arns(simulator: Simulator, input: GetResourcesCommandInput): Promise<readonly string[]> {
  const { ResourceTagMappingList } = await clientsOf(simulator).tagging.send(new GetResourcesCommand(input));
  return (ResourceTagMappingList ?? []).map(({ ResourceARN }) => ResourceARN ?? "");
}

const keep = { TagFilters: [{ Key: "holdfast:keep" }] };

describe("Tagging of recovery points", () => {
  it("finds those with a tag, each under its own type", async () => {
    const { simulator, points } = withPoints({ accountInImageArns: false });
    expect(await arns(simulator, keep)).toEqual(
      Object.values(points)
        .map(({ arn }) => arn)
        .toSorted(),
    );
    for (const [type, { arn }] of Object.entries(points)) {
      expect(await arns(simulator, { ...keep, ResourceTypeFilters: [type] })).toEqual([arn]);
    }
    expect(await arns(simulator, { TagFilters: [{ Key: "holdfast:keep", Values: ["other"] }] })).toEqual([]);
  });

  it("may write the account into the ARNs of snapshots and images, and knows them by both", async () => {
    const { simulator, points } = withPoints();
    const kept = points["ec2:snapshot"].arn;
    const told = kept.replace("::snapshot", `:${hub}:snapshot`);
    expect(await arns(simulator, { ...keep, ResourceTypeFilters: ["ec2:snapshot"] })).toEqual([told]);
    expect(await arns(simulator, { ResourceARNList: [told] })).toEqual([told]);
    expect(await arns(simulator, { ResourceARNList: [kept] })).toEqual([told]);
  });

  it("sees what EC2's own tags say, and writes to the same tags", async () => {
    const { simulator, points, ec2, tagging } = withPoints();
    const point = points["ec2:image"];
    const Resources = [point.arn.slice(point.arn.lastIndexOf("/") + 1)];
    await ec2.send(new CreateTagsCommand({ Resources, Tags: [{ Key: "held", Value: "yes" }] }));
    expect(await arns(simulator, { TagFilters: [{ Key: "held" }] })).toHaveLength(1);
    await tagging.send(new TagResourcesCommand({ ResourceARNList: [point.arn], Tags: { held: "no" } }));
    expect(point.tags["held"]).toBe("no");
  });

  it("never shows native backups of DynamoDB, which take no tags", async () => {
    const { simulator } = withPoints();
    simulator.backup(hub, region).managementPreference.set("DynamoDB", false);
    const point = addPoint(simulator, own("dynamodb", "table/orders"), "DynamoDB");
    expect(point.arn).toContain(":table/orders/backup/");
    point.tags["holdfast:keep"] = "in vain";
    expect(await arns(simulator, { ...keep, ResourceTypeFilters: ["dynamodb"] })).toEqual([]);
    expect(await arns(simulator, { ResourceARNList: [point.arn] })).toEqual([]);
  });

  it("is not AWS Backup's affair where another service owns the ARN", async () => {
    const { backup, points } = withPoints();
    const tag = (ResourceArn: string) => backup.send(new TagResourceCommand({ ResourceArn, Tags: { a: "b" } }));
    await tag(points["backup:recovery-point"].arn);
    expect(await refusal(tag(points["rds:snapshot"].arn))).toMatchObject({ name: "InvalidParameterValueException" });
  });
});
