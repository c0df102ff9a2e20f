import { describe, expect, it } from "vitest";
import { IRELAND, SHOP, type Universe } from "../support/universe.ts";
import {
  announced,
  approval,
  CLEAN_UP,
  destroyed,
  EXPIRED,
  files,
  KEPT,
  snapshot,
  snapshots,
  STANDING,
  VOLUME,
} from "./legacy-vault.ts";
import { mark, operationsOf, told, writesSince } from "./telling.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const left = ({ simulator }: Universe): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...(simulator.backup(SHOP, IRELAND).vaults.get("legacy")?.points ?? [])].map(({ arn, status }) => [
      arn.slice(arn.lastIndexOf("/") + 1),
      status,
    ]),
  );

const heldBy = (run: ReturnType<typeof told>, night: number): readonly string[] =>
  run.report.held
    .filter(({ subject, effect }) => subject === snapshot(night) && effect === "destroys")
    .flatMap(({ reason, also }) => [reason, ...also]);

describe("points that AWS Backup could not delete", () => {
  it("are marked and announced, and nothing else is done to them", async () => {
    const u = snapshots([KEPT, EXPIRED], files(CLEAN_UP));
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["HELD", 3]);
    expect(heldBy(run, 2)).toEqual(["needs-approval", "not-announced"]);
    expect(run.report.summary["announced"]).toBe(1);
    expect(u.simulator.backup(SHOP, IRELAND).vaults.get("legacy")!.points.get(snapshot(2))!.tags).toEqual({
      "holdfast:orphan": "expired",
    });
    expect(destroyed(u)).toEqual([]);
  });

  it("go after the grace, by a standing approval, one canary first, and a later report confirms it", async () => {
    const u = await announced([KEPT, EXPIRED]);
    u.commit(files(CLEAN_UP, approval(STANDING, "2026-04-01")));
    const run = told(await u.run());
    expect(run.result).toBe("CORRECTED");
    expect(destroyed(u)).toEqual([snapshot(2)]);
    expect(run.report.changes.find(({ effect }) => effect === "destroys")).toMatchObject({
      result: "accepted",
      consent: { approval: "clean", ticket: "OPS-7" },
    });
    const call = writesSince(u, 0).find(({ operation }) => operation === "DeleteRecoveryPoint");
    expect(call?.principal).toContain("assumed-role/holdfast-destroy/run-2");
    u.simulator.clock.advance(HOUR_MS);
    const after = told(await u.run());
    expect(after.report.deletions).toMatchObject([{ subject: snapshot(2), result: "confirmed" }]);
    expect(after.result).toBe("CONVERGED");
    expect(left(u)).toEqual({ "snap-01": "COMPLETED" });
  });

  it("stay without consent, however long ago they were announced", async () => {
    const u = await announced([KEPT, EXPIRED]);
    expect(heldBy(told(await u.run()), 2)).toEqual(["needs-approval"]);
    expect(destroyed(u)).toEqual([]);
  });

  it("stay until the grace is over, whoever consents", async () => {
    const u = snapshots([KEPT, EXPIRED], files(CLEAN_UP));
    await u.run();
    u.simulator.clock.advance(13 * DAY_MS);
    u.commit(files(CLEAN_UP, approval(STANDING, "2026-04-01")));
    expect(heldBy(told(await u.run()), 2)).toEqual(["in-grace"]);
    expect(destroyed(u)).toEqual([]);
  });

  it("stay where it is the last of its resource, and go where an approval names it besides", async () => {
    const u = await announced([EXPIRED]);
    u.commit(files(CLEAN_UP, approval(STANDING, "2026-04-01")));
    const run = told(await u.run());
    expect(heldBy(run, 1)).toEqual(["not-announced", "last-point"]);
    u.commit(files(CLEAN_UP, approval(`${STANDING}, lastPoints: ["${snapshot(1)}"]`, "2026-04-13")));
    expect(heldBy(told(await u.run()), 1)).toEqual(["not-announced"]);
    u.simulator.clock.advance(14 * DAY_MS + HOUR_MS);
    u.commit(files(CLEAN_UP, approval(`${STANDING}, lastPoints: ["${snapshot(1)}"]`, "2026-04-13")));
    await u.run();
    expect(destroyed(u)).toEqual([snapshot(1)]);
  });

  it("stay when somebody tags one to keep it, and begin anew once the tag is gone", async () => {
    const u = await announced([KEPT, EXPIRED]);
    u.commit(files(CLEAN_UP, approval(STANDING, "2026-04-10")));
    const { tags } = u.simulator.backup(SHOP, IRELAND).vaults.get("legacy")!.points.get(snapshot(2))!;
    tags["holdfast:keep"] = "";
    expect(heldBy(told(await u.run()), 2)).toContain("kept");
    delete tags["holdfast:keep"];
    expect(heldBy(told(await u.run()), 2)).toEqual(["not-announced"]);
    expect(destroyed(u)).toEqual([]);
  });

  it("stay under a legal hold, and under a hold that nobody may read", async () => {
    const u = await announced([KEPT, EXPIRED]);
    u.commit(files(CLEAN_UP, approval(STANDING, "2026-04-01")));
    u.simulator.faults.add({ operation: "ListLegalHolds", effect: { kind: "deny" } });
    const run = told(await u.run());
    expect([run.result, heldBy(run, 2)[0]]).toEqual(["INCOMPLETE", "unknown-state"]);
    expect(destroyed(u)).toEqual([]);
  });

  it("go when the listing that could not be read is whole again: their announcement was paused, not lost", async () => {
    const u = snapshots([KEPT, EXPIRED], files(CLEAN_UP));
    await u.run();
    u.simulator.clock.advance(7 * DAY_MS);
    u.simulator.faults.add({ operation: "ListRecoveryPointsByBackupVault", effect: { kind: "deny" }, times: 20 });
    expect(told(await u.run()).result).toBe("INCOMPLETE");
    u.simulator.faults.clear();
    u.simulator.clock.advance(DAY_MS);
    await u.run();
    u.simulator.clock.advance(6 * DAY_MS + HOUR_MS);
    u.commit(files(CLEAN_UP, approval(STANDING, "2026-04-01")));
    expect(heldBy(told(await u.run()), 2)).toEqual(["in-grace"]);
    u.simulator.clock.advance(DAY_MS);
    await u.run();
    expect(destroyed(u)).toEqual([snapshot(2)]);
  });

  it("are let be after AWS has left one EXPIRED three times, until its state changes", async () => {
    const u = await announced([KEPT, { ...EXPIRED, undeletable: "The snapshot is locked." }]);
    let last: readonly string[] = [];
    for (let day = 0; day < 5; day++) {
      const expires = new Date(u.simulator.clock.now().getTime() + 20 * DAY_MS).toISOString().slice(0, 10);
      u.commit(files(CLEAN_UP, approval(STANDING, expires, `clean-${day}`)));
      last = heldBy(told(await u.run()), 2);
      u.simulator.clock.advance(DAY_MS + HOUR_MS);
    }
    expect(destroyed(u)).toHaveLength(3);
    expect(last).toContain("cannot-mend");
  });
});

describe("consent", () => {
  it("to one change is used once", async () => {
    const u = await announced([KEPT, { ...EXPIRED, undeletable: "The snapshot is locked." }]);
    const id = told(await u.run()).report.held.find(({ subject }) => subject === snapshot(2))?.change;
    u.commit(files(CLEAN_UP, approval(`changes: [${id}]`, "2026-04-10")));
    await u.run();
    u.simulator.clock.advance(DAY_MS + HOUR_MS);
    await u.run();
    u.simulator.clock.advance(DAY_MS + HOUR_MS);
    expect(heldBy(told(await u.run()), 2)).toContain("needs-approval");
    expect(destroyed(u)).toHaveLength(1);
  });

  it("to a group covers its members as a report lists them, and nobody who came later", async () => {
    const u = await announced([KEPT, EXPIRED, EXPIRED]);
    const run = told(await u.run());
    const [group] = run.report.groups ?? [];
    expect(group).toMatchObject({ policy: "clean-up", cause: "expired", partition: "legacy", points: 2, bytes: 2_000 });
    u.commit(files(CLEAN_UP, approval(`groups: [{ id: ${group?.id}, report: 2 }]`, "2026-04-10")));
    for (let day = 0; day < 3; day++) {
      await u.run();
      u.simulator.clock.advance(DAY_MS + HOUR_MS);
    }
    expect(destroyed(u)).toEqual([snapshot(3), snapshot(2)]);
  });
});

describe("points of a deleted plan", () => {
  const GONE = {
    createdBy: {
      BackupPlanId: "11111111-2222-3333-4444-555555555555",
      BackupPlanArn: `arn:aws:backup:${IRELAND}:${SHOP}:backup-plan:11111111-2222-3333-4444-555555555555`,
      BackupRuleName: "daily",
    },
  };

  it("without a delete date are orphans, and those with one age out", async () => {
    const u = snapshots([KEPT, GONE, { ...GONE, lifecycle: { DeleteAfterDays: 400 } }], files(CLEAN_UP));
    const run = told(await u.run());
    expect([...new Set(run.report.held.map(({ subject }) => subject))]).toEqual([snapshot(2)]);
    expect(run.report.tallies).toMatchObject([{ policy: "clean-up", cause: "planDeleted", points: 1, bytes: 1_000 }]);
  });

  it("are none where plans could not be listed whole", async () => {
    const u = snapshots([KEPT, GONE], files(CLEAN_UP));
    u.simulator.faults.add({ operation: "ListBackupPlans", account: SHOP, effect: { kind: "deny" } });
    const run = told(await u.run());
    expect(run.result).toBe("INCOMPLETE");
    expect(run.report.held.filter(({ effect }) => effect === "destroys")).toEqual([]);
    expect(operationsOf(writesSince(u, mark(u)))).toEqual([]);
  });

  it("take consent to the very change: nobody can agree to them in advance", async () => {
    const u = await announced([KEPT, GONE]);
    const id = told(await u.run()).report.held.find(({ effect }) => effect === "destroys")?.change;
    u.commit(files(CLEAN_UP, approval(`changes: [${id}]`, "2026-04-10")));
    await u.run();
    expect(destroyed(u)).toEqual([snapshot(2)]);
  });
});

describe("points of a deleted resource", () => {
  const PLANNED = {
    createdBy: {
      BackupPlanId: "aaaaaaaa-2222-3333-4444-555555555555",
      BackupPlanArn: `arn:aws:backup:us-east-1:999999999999:backup-plan:aaaaaaaa-2222-3333-4444-555555555555`,
      BackupRuleName: "daily",
    },
  };

  it("wait until it has been missing long enough, seen so by run after run", async () => {
    const u = snapshots([{}, PLANNED], files(CLEAN_UP));
    u.simulator.removeResource(SHOP, IRELAND, VOLUME);
    const first = told(await u.run());
    expect(heldBy(first, 2)).toEqual(["needs-approval", "not-announced", "not-proven"]);
    expect(first.report.summary["announced"]).toBe(0);
    u.simulator.clock.advance(31 * DAY_MS);
    const run = told(await u.run());
    expect(heldBy(run, 2)).toEqual(["needs-approval", "not-announced"]);
    expect(run.report.summary["announced"]).toBe(1);
  });

  it("are none where the volumes could not be listed", async () => {
    const u = snapshots([{}, PLANNED], files(CLEAN_UP));
    u.simulator.removeResource(SHOP, IRELAND, VOLUME);
    u.simulator.faults.add({ operation: "DescribeVolumes", effect: { kind: "deny" } });
    const run = told(await u.run());
    expect(run.result).toBe("INCOMPLETE");
    expect(run.report.held.filter(({ effect }) => effect === "destroys")).toEqual([]);
  });
});
