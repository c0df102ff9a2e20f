import {
  GetResourcesCommand,
  TagResourcesCommand,
  UntagResourcesCommand,
  type GetResourcesCommandInput,
} from "@aws-sdk/client-resource-groups-tagging-api";
import { describe, expect, it } from "vitest";
import { clientsOf, hub, refusal, region, smallSimulator } from "../fixture.ts";
import type { Simulator } from "../simulator.ts";

const volume = `arn:aws:ec2:${region}:${hub}:volume/vol-1`;
const table = `arn:aws:dynamodb:${region}:${hub}:table/orders`;
const untagged = `arn:aws:dynamodb:${region}:${hub}:table/scratch`;
const vault = `arn:aws:backup:${region}:${hub}:backup-vault:main`;

function withResources(): Simulator {
  const simulator = smallSimulator();
  simulator.addResource(hub, region, { arn: volume, type: "EBS", tags: { env: "production", backup: "nightly" } });
  simulator.addResource(hub, region, { arn: table, type: "DynamoDB", tags: { env: "test" } });
  simulator.addResource(hub, region, { arn: untagged, type: "DynamoDB" });
  simulator.operator(hub, region)("backup", "CreateBackupVault", {
    BackupVaultName: "main",
    BackupVaultTags: { env: "production" },
  });
  return simulator;
}

async function arns(simulator: Simulator, input: GetResourcesCommandInput = {}): Promise<readonly string[]> {
  const { tagging } = clientsOf(simulator);
  const found: string[] = [];
  let PaginationToken: string | undefined;
  do {
    const page = await tagging.send(
      new GetResourcesCommand({ ...input, ...(PaginationToken === undefined ? {} : { PaginationToken }) }),
    );
    found.push(...(page.ResourceTagMappingList ?? []).map(({ ResourceARN }) => ResourceARN ?? ""));
    expect(page.PaginationToken).toBeTypeOf("string");
    PaginationToken = page.PaginationToken;
  } while (PaginationToken !== "");
  return found;
}

const cases: readonly (readonly [string, GetResourcesCommandInput, readonly string[]])[] = [
  ["all that ever had a tag", {}, [vault, table, volume]],
  ["a key with a value", { TagFilters: [{ Key: "env", Values: ["production"] }] }, [vault, volume]],
  ["a key with any value", { TagFilters: [{ Key: "env" }] }, [vault, table, volume]],
  ["two keys at once", { TagFilters: [{ Key: "env" }, { Key: "backup", Values: ["nightly"] }] }, [volume]],
  ["a service", { ResourceTypeFilters: ["dynamodb"] }, [table]],
  ["a service's type", { ResourceTypeFilters: ["ec2:volume", "backup:backup-vault"] }, [vault, volume]],
  ["ARNs by name", { ResourceARNList: [volume, untagged] }, [volume]],
];

describe("Resource Groups Tagging", () => {
  it.each(cases)("finds %s", async (_what, input, expected) => {
    expect(await arns(withResources(), input)).toEqual(expected);
  });

  it("keeps showing what lost its last tag", async () => {
    const simulator = withResources();
    await clientsOf(simulator).tagging.send(new UntagResourcesCommand({ ResourceARNList: [table], TagKeys: ["env"] }));
    expect(await arns(simulator)).toContain(table);
  });

  it("tags what it can and tells what it could not, with 200", async () => {
    const simulator = withResources();
    const none = `${table}-none`;
    const done = await clientsOf(simulator).tagging.send(
      new TagResourcesCommand({ ResourceARNList: [vault, none], Tags: { a: "b" } }),
    );
    expect(Object.keys(done.FailedResourcesMap ?? {})).toEqual([none]);
    expect(simulator.backup(hub, region).vaults.get("main")?.tags).toMatchObject({ a: "b" });
  });

  it("refuses ARNs together with filters, and a token of another listing", async () => {
    const simulator = withResources();
    const { tagging } = clientsOf(simulator);
    const both = new GetResourcesCommand({ ResourceARNList: [vault], TagFilters: [{ Key: "env" }] });
    expect(await refusal(tagging.send(both))).toMatchObject({ name: "InvalidParameterException", status: 400 });
    const { tagging: short } = clientsOf(smallSimulatorWithPages(1));
    const first = await short.send(new GetResourcesCommand({}));
    const elsewhere = new GetResourcesCommand({ PaginationToken: first.PaginationToken, TagFilters: [{ Key: "env" }] });
    expect(await refusal(short.send(elsewhere))).toMatchObject({ name: "InvalidParameterException" });
  });
});

function smallSimulatorWithPages(pageSize: number): Simulator {
  const simulator = smallSimulator({ pageSize });
  simulator.addResource(hub, region, { arn: volume, type: "EBS", tags: { env: "production" } });
  simulator.addResource(hub, region, { arn: table, type: "DynamoDB", tags: { env: "test" } });
  return simulator;
}
