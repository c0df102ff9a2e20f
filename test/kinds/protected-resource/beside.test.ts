import { describe, expect, it } from "vitest";
import { OWNER_SERVICES } from "../../../controller/owner-services/services.ts";
import { RESOURCES, streamResources } from "../../../controller/kinds/protected-resource/population/stream.ts";
import type { ResourceRow } from "../../../controller/kinds/protected-resource/row.ts";
import { addRecoveryPoint } from "../../simulator/backup/build.ts";
import { answering, target } from "../answers.ts";
import { type Bench, bench, place, SORT_NAMES, SORTS, type Sort } from "../recovery-point/bench.ts";
import { AIR_GAPPED, judged, only, point, type Scene, vault } from "./facts.ts";

/** What its own service keeps of a resource beside AWS Backup: told where there is no young enough point, and never protection. */

const placed = (u: Bench, sort: Sort, ownBackupDays?: number): string => {
  const [type, arn] = SORTS[sort];
  u.simulator.addResource(place.account, place.region, { arn, type, ...(ownBackupDays && { ownBackupDays }) });
  return arn;
};

async function rows({ call }: Bench): Promise<ReadonlyMap<string, ResourceRow>> {
  const partition = { name: RESOURCES, id: RESOURCES, createdOn: new Date(0), size: 0, facts: { types: null } };
  const found = new Map<string, ResourceRow>();
  for await (const page of streamResources(call, place, partition, { from: new Date(0), to: new Date() }))
    if ("rows" in page) for (const row of page.rows) found.set(row.arn, row);
  return found;
}

describe("what its own service keeps", () => {
  it.each<[Sort, number | undefined]>([
    ["db", 7],
    ["cluster", 7],
    ["redshiftCluster", 7],
    ["fsxFileSystem", 7],
    ["fileSystem", undefined],
    ["volume", undefined],
  ])("of a %s is read with it where its listing tells", async (sort, expected) => {
    const u = bench();
    const arn = placed(u, sort, 7);
    const row = (await rows(u)).get(arn);
    expect(row).toMatchObject({ arn, existence: "live" });
    expect(row?.ownBackupDays).toBe(expected);
  });

  it.each<[Sort, number | undefined]>([
    ["db", undefined],
    ["redshiftCluster", undefined],
    ["fsxFileSystem", undefined],
    // Aurora keeps a day at least.
    ["cluster", 1],
  ])("of a %s where nobody asked for any", async (sort, expected) => {
    const u = bench();
    const arn = placed(u, sort);
    expect((await rows(u)).get(arn)?.ownBackupDays).toBe(expected);
  });

  it("is AWS Backup's where the database names the recovery point that its automated backups are", async () => {
    const u = bench();
    const [db, cluster] = [placed(u, "db", 7), placed(u, "cluster", 7)];
    const { state } = u;
    addRecoveryPoint(state, {
      vault: u.vault,
      resourceArn: db,
      resourceType: "RDS",
      creationDate: u.simulator.clock.now(),
      continuous: true,
      status: "AVAILABLE",
      lifecycle: { DeleteAfterDays: 14 },
    });
    const found = await rows(u);
    expect([found.get(db)?.ownBackupDays, found.get(cluster)?.ownBackupDays]).toEqual([undefined, 7]);
  });

  it.each<[string, object, number | undefined]>([
    ["counts as long as it is kept", { BackupRetentionPeriod: 7 }, 7],
    ["is none at 0", { BackupRetentionPeriod: 0 }, undefined],
    ["is none where nothing is told", {}, undefined],
    [
      "is none where it waits to be switched off",
      { BackupRetentionPeriod: 7, PendingModifiedValues: { BackupRetentionPeriod: 0 } },
      undefined,
    ],
    [
      "is none where it waits to be switched on",
      { BackupRetentionPeriod: 0, PendingModifiedValues: { BackupRetentionPeriod: 7 } },
      undefined,
    ],
    ["counts where something else waits", { BackupRetentionPeriod: 7, PendingModifiedValues: { Port: 1 } }, 7],
    ["is not its own", { BackupRetentionPeriod: 7, AwsBackupRecoveryPointArn: "arn:aws:rds:::snapshot:x" }, undefined],
  ])("%s", async (_what, told, expected) => {
    const { call } = answering({
      "rds:DescribeDBInstances": () => ({ DBInstances: [{ DBInstanceArn: SORTS.db[1], ...told }] }),
    });
    const [found] = await Array.fromAsync(OWNER_SERVICES["db"]!.list(call, target));
    expect(found?.ownBackupDays).toBe(expected);
  });
});

describe("a direct read", () => {
  /** What only a listing tells, and what only a read does. */
  const ONE_SIDED: Partial<Record<Sort, object>> = {
    table: { createdOn: undefined },
    bucket: { createdOn: undefined, region: undefined, tags: undefined },
  };

  it.each(SORT_NAMES)("of a %s tells what its listing tells, and nothing of one that is gone", async (sort) => {
    const u = bench();
    const arn = placed(u, sort, 7);
    if (sort === "bucket") u.simulator.addBucket({ name: "documents", ...place });
    const service = OWNER_SERVICES[sort]!;
    const listed = (await Array.fromAsync(service.list(u.call, place))).find((one) => one.arn === arn);
    expect({ ...(await service.read(u.call, arn)), ...ONE_SIDED[sort] }).toEqual({ ...listed, ...ONE_SIDED[sort] });
    u.simulator.removeResource(place.account, place.region, arn);
    expect(await service.read(u.call, arn)).toBeUndefined();
  });

  it("that answers without a row proves nothing: the resource is there, and nothing is known of it", async () => {
    const { call } = answering({ "rds:DescribeDBInstances": () => ({}) });
    expect(await OWNER_SERVICES["db"]!.read(call, SORTS.db[1])).toEqual({ arn: SORTS.db[1] });
  });

  it.each<[Sort, string, object, string]>([
    [
      "db",
      "rds:DescribeDBInstances",
      { DBInstances: [{ DBInstanceArn: SORTS.db[1], DBClusterIdentifier: "c" }] },
      "the cluster c",
    ],
    [
      "fsxFileSystem",
      "fsx:DescribeFileSystems",
      { FileSystems: [{ FileSystemId: "fs-1", FileSystemType: "ONTAP" }] },
      "its volumes",
    ],
    [
      "fsxVolume",
      "fsx:DescribeVolumes",
      { Volumes: [{ FileSystemId: "fs-1", VolumeId: "fsvol-1", VolumeType: "OPENZFS" }] },
      "its file system",
    ],
  ])("of a %s tells what is backed up in its stead", async (sort, operation, answer, stead) => {
    const { call } = answering({ [operation]: () => answer });
    expect((await OWNER_SERVICES[sort]!.read(call, SORTS[sort][1]))?.coveredBy).toBe(stead);
  });
});

describe("a finding", () => {
  const SENTENCE =
    "; outside AWS Backup RDS keeps automated backups of it for 7 days, which are deleted with it unless whoever deletes it has them kept";
  const kept = { row: { ownBackupDays: 7 } };

  it.each<[string, Scene]>([
    ["that there is no point", kept],
    ["that the newest point is old", { ...kept, vaults: [vault([point(25)])] }],
  ])("%s ends with it, and is a breach all the same", (_what, scene) => {
    const settled = judged({}, scene);
    expect(only(settled).because.endsWith(SENTENCE)).toBe(true);
    expect(settled.coverage?.[0]).toMatchObject({ met: 0, breaching: 1 });
    expect(settled.rpoBreaches).toHaveLength(1);
  });

  it("says nothing of what nobody keeps", () => {
    expect(only(judged({}, {})).because).not.toContain("outside AWS Backup");
  });

  it("of another cause has a point, and says nothing", () => {
    const scene = { ...kept, vaults: [vault([point(1), point(49)])] };
    const { cause, because } = only(judged({ immutable: "airGapped" }, scene));
    expect([cause, because.includes("outside AWS Backup")]).toEqual(["unlocked", false]);
    expect(judged({ immutable: "airGapped" }, { ...scene, vaults: [vault([point(1)], AIR_GAPPED)] }).findings).toEqual(
      [],
    );
  });
});
