import { describe, expect, it } from "vitest";
import { addVault } from "./build.ts";
import { home, region, role, TestWorld } from "./fixture.ts";
import { addMishap, type Mishap } from "./mishaps.ts";
import type { ProtectableResource } from "./world.ts";

const vault = `arn:aws:backup:${region}:${home}:backup-vault:main`;

function withVolume() {
  const world = new TestWorld();
  addVault(world.state(), { name: "main" });
  const volume = world.addVolume("vol-1");
  const startBackup = ({ arn }: ProtectableResource = volume) =>
    world.call("StartBackupJob", {
      BackupVaultName: "main",
      ResourceArn: arn,
      IamRoleArn: role,
      StartWindowMinutes: 60,
    });
  const mishap = (one: Omit<Mishap, "job"> & Partial<Mishap>) => addMishap(world.state(), { job: "backup", ...one });
  const jobs = () => world.all("ListBackupJobs", {}, (page) => page.BackupJobs);
  const points = () => [...(world.state().vaults.get("main")?.points ?? [])];
  return { world, volume, startBackup, mishap, jobs, points };
}

describe("jobs that go wrong for a while (5.1, 5.5)", () => {
  it("fail with a message and a category that listings can be narrowed by, and make no point", () => {
    const { world, startBackup, mishap, points } = withVolume();
    mishap({ end: "FAILED", message: "The disk is on fire.", category: "AccessDenied" });
    startBackup();
    world.advance({ hours: 1 });
    const failed = { State: "FAILED", StatusMessage: "The disk is on fire.", MessageCategory: "AccessDenied" };
    const narrowed = { ByState: "FAILED", ByMessageCategory: "accessdenied" } as const;
    expect(world.call("ListBackupJobs", narrowed).BackupJobs).toMatchObject([failed]);
    expect(points()).toEqual([]);
    expect(world.call("ListProtectedResources", {}).Results).toEqual([]);
  });

  it("expire when their window to start is over, and start where it ends before that", () => {
    const { world, startBackup, mishap, jobs } = withVolume();
    const end = mishap({ end: "EXPIRED" });
    startBackup();
    world.advance({ minutes: 59 });
    expect(jobs()).toMatchObject([{ State: "CREATED" }]);
    world.advance({ minutes: 2 });
    expect(jobs()).toMatchObject([{ State: "EXPIRED" }]);
    startBackup();
    world.advance({ minutes: 30 });
    end();
    world.advance({ hours: 1 });
    expect(jobs()).toMatchObject([{ State: "EXPIRED" }, { State: "COMPLETED" }]);
  });

  it("are aborted half-way, and what they had begun is gone", () => {
    const { world, startBackup, mishap, jobs, points } = withVolume();
    mishap({ end: "ABORTED", until: new Date(world.now().getTime() + 3_600_000) });
    startBackup();
    world.advance({ minutes: 2 });
    expect(points()).toMatchObject([{ status: "CREATING" }]);
    world.advance({ hours: 1 });
    expect([jobs(), points()]).toMatchObject([[{ State: "ABORTED" }], []]);
    startBackup();
    world.advance({ hours: 1 });
    expect(jobs()).toMatchObject([{ State: "ABORTED" }, { State: "COMPLETED" }]);
  });

  it("complete in part, or with a message, which are two things", () => {
    const { world, startBackup, mishap, jobs, points } = withVolume();
    const end = mishap({ end: "PARTIAL", message: "Two of three." });
    startBackup();
    world.advance({ hours: 1 });
    end();
    mishap({ end: "COMPLETED", message: "Some objects were skipped." });
    startBackup();
    world.advance({ hours: 1 });
    expect(jobs()).toMatchObject([
      { State: "PARTIAL", StatusMessage: "Two of three." },
      { State: "COMPLETED", StatusMessage: "Some objects were skipped.", MessageCategory: "INVALIDPARAMETERS" },
    ]);
    expect(points().map(({ status }) => status)).toEqual(["PARTIAL", "COMPLETED"]);
  });

  it("are those of one resource where one is named", () => {
    const { world, volume, startBackup, mishap, jobs } = withVolume();
    mishap({ end: "FAILED", resource: volume.arn });
    startBackup();
    startBackup(world.addVolume("vol-2"));
    world.advance({ hours: 1 });
    expect(jobs()).toMatchObject([{ State: "FAILED" }, { State: "COMPLETED" }]);
  });

  it("are copies and restores too, which nothing lets expire", () => {
    const { world, startBackup, mishap, points } = withVolume();
    startBackup();
    world.advance({ hours: 1 });
    mishap({ job: "copy", end: "FAILED", message: "No way there." });
    mishap({ job: "restore", end: "FAILED", message: "No room." });
    const RecoveryPointArn = points()[0]?.arn ?? "";
    const copying = {
      RecoveryPointArn,
      SourceBackupVaultName: "main",
      DestinationBackupVaultArn: vault,
      IamRoleArn: role,
    };
    world.call("StartCopyJob", copying);
    world.call("StartRestoreJob", { RecoveryPointArn, Metadata: {}, IamRoleArn: role });
    world.advance({ hours: 1 });
    expect(world.call("ListCopyJobs", { ByState: "FAILED" }).CopyJobs).toMatchObject([
      { StatusMessage: "No way there." },
    ]);
    const { RestoreJobs } = world.call("ListRestoreJobs", { ByStatus: "FAILED" });
    expect(RestoreJobs).toMatchObject([{ StatusMessage: "No room." }]);
    expect(() => mishap({ job: "copy", end: "EXPIRED" })).toThrow("a copy job does not end EXPIRED");
  });
});
