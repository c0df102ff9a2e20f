import { describe, expect, it } from "vitest";
import { addRecoveryPoint } from "./backup/build.ts";
import type { MeddlingName } from "./meddling.ts";
import { accounts, seededSimulator } from "./seed.ts";

const place = { account: accounts.shop, region: "eu-west-1" };

/** The shop after two nights, and what one person then does there. */
function after(name: MeddlingName) {
  const simulator = seededSimulator({ historyDays: 3, drifted: false });
  const state = simulator.backup(place.account, place.region);
  const before = simulator.calls.writes().length;
  const meddled = simulator.meddle(name, place);
  const operations = simulator.calls
    .writes()
    .slice(before)
    .map(({ operation }) => operation);
  return { simulator, state, meddled, operations };
}

describe("graver meddling", () => {
  it("deletes a plan, its selections first", () => {
    const { state, meddled, operations } = after("delete-plan");
    expect(meddled).toMatchObject({ name: "delete-plan" });
    expect(operations).toEqual(["DeleteBackupSelection", "DeleteBackupPlan"]);
    expect([...state.plans.values()].map(({ deletionDate }) => deletionDate)).not.toContain(undefined);
  });

  it("deletes a resource, and its backups stay", () => {
    const { simulator, state, meddled, operations } = after("delete-resource");
    expect(meddled?.did).toMatch(/^deleted resource arn:/);
    expect(simulator.resources(place.account, place.region).size).toBe(6);
    expect(state.vaults.get("nightly")?.points.size).toBeGreaterThan(0);
    expect(operations).toEqual([]);
  });

  it("marks points of every service that has a way to, one after another, and then finds no more", () => {
    const simulator = seededSimulator({ historyDays: 3, drifted: false });
    const state = simulator.backup(place.account, place.region);
    const own = (service: string, resource: string) =>
      `arn:aws:${service}:${place.region}:${place.account}:${resource}`;
    const more = [
      ["EC2", own("ec2", "instance/i-1")],
      ["FSx", own("fsx", "file-system/fs-1")],
      ["Redshift", own("redshift", "cluster:c1")],
    ] as const;
    for (const [resourceType, resourceArn] of more) {
      addRecoveryPoint(state, { vault: "nightly", resourceType, resourceArn, creationDate: simulator.clock.now() });
    }
    const points = [...(state.vaults.get("nightly")?.points ?? [])];
    for (const _point of points) expect(simulator.meddle("keep-point", place)).toBeDefined();
    expect(points.every(({ tags }) => "holdfast:keep" in tags)).toBe(true);
    expect(simulator.meddle("keep-point", place)).toBeUndefined();
    expect(new Set(simulator.calls.writes().map(({ service }) => service))).toEqual(
      new Set(["backup", "ec2", "rds", "fsx", "redshift"]),
    );
  });

  it("holds what a vault got in the last 30 days", () => {
    const { state, operations } = after("hold-points");
    expect(operations).toEqual(["CreateLegalHold"]);
    const [hold] = state.legalHolds.values();
    expect(hold?.points.size).toBe(state.vaults.get("nightly")?.points.size);
  });

  it("locks a vault so that it can be unlocked again", () => {
    const simulator = seededSimulator({ historyDays: 0, drifted: false });
    expect(simulator.meddle("lock-vault", place)).toBeUndefined();
    simulator.operator(place.account, place.region)("backup", "CreateBackupVault", { BackupVaultName: "open" });
    expect(simulator.meddle("lock-vault", place)).toMatchObject({ did: "locked vault open" });
    const lock = simulator.backup(place.account, place.region).vaults.get("open")?.lock;
    expect(lock).toMatchObject({ minRetentionDays: 7, lockDate: undefined });
  });
});
