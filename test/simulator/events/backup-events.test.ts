import type { ListBackupJobsOutput } from "@aws-sdk/client-backup";
import { describe, expect, it } from "vitest";
import { addMishap } from "../backup/mishaps.ts";
import { addPlan, addSelection, addVault } from "../backup/build.ts";
import { member, region, smallSimulator } from "../fixture.ts";
import type { Simulator, SimulatorOptions } from "../simulator.ts";
import type { BusEvent } from "./bus.ts";
import samples from "./samples.json" with { type: "json" };

const place = { account: member, region };
const hour = 3_600_000;
const role = `arn:aws:iam::${member}:role/backup`;
const volume = `arn:aws:ec2:${region}:${member}:volume/vol-0a`;
const rule = { RuleName: "nightly", TargetBackupVaultName: "main", ScheduleExpression: "cron(0 5 ? * * *)" };

/** A volume that a plan backs up nightly, and somebody who listens to everything. */
function listening(options: Partial<SimulatorOptions> = {}): Simulator {
  const simulator = smallSimulator(options);
  const Principal = { Service: "backup.amazonaws.com" };
  simulator.iam.putRole(member, {
    name: "backup",
    trust: { Statement: { Effect: "Allow", Principal, Action: "sts:AssumeRole" } },
  });
  simulator.addResource(member, region, { arn: volume, type: "EBS" });
  const state = simulator.backup(member, region);
  addVault(state, { name: "main" });
  const copies = [{ DestinationBackupVaultArn: `arn:aws:backup:${region}:${member}:backup-vault:main` }];
  const plan = addPlan(state, {
    document: { BackupPlanName: "plan", Rules: [{ ...rule, CopyActions: copies, Lifecycle: { DeleteAfterDays: 1 } }] },
  });
  addSelection(state, plan, { content: { SelectionName: "all", IamRoleArn: role, Resources: ["*"] } });
  const bus = simulator.eventBridge.bus(member, region);
  bus?.rules.set("all", { name: "all", pattern: { source: ["aws.backup"] }, targets: [], enabled: true });
  return simulator;
}

const heard = (simulator: Simulator) => simulator.eventBridge.bus(member, region)?.received ?? [];

/** The detail's state or status, whichever it has. */
const stateOf = ({ detail }: BusEvent) => String(detail["state"] ?? detail["status"]);

const find = (simulator: Simulator, type: string, state: string) =>
  heard(simulator).find((event) => event["detail-type"] === `${type} State Change` && stateOf(event) === state);

/** Keys and types, all the way down. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== "object" || value === null) return value === null ? "null" : typeof value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, shapeOf(inner)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Lives through whatever AWS has a sample of. */
function everything(): Simulator {
  const simulator = listening();
  const act = simulator.operator(member, region);
  act("backup", "CreateBackupVault", { BackupVaultName: "spare" });
  act("backup", "DeleteBackupVault", { BackupVaultName: "spare" });
  const BackupPlan = {
    BackupPlanName: "by-hand",
    Rules: [{ ...rule, RuleName: "yearly", ScheduleExpression: "cron(0 1 1 1 ? *)" }],
  };
  const { BackupPlanId } = act("backup", "CreateBackupPlan", { BackupPlan }) as { readonly BackupPlanId: string };
  act("backup", "UpdateBackupPlan", { BackupPlanId, BackupPlan: { ...BackupPlan, BackupPlanName: "renamed" } });
  act("backup", "DeleteBackupPlan", { BackupPlanId });
  act("backup", "UpdateRegionSettings", { ResourceTypeOptInPreference: { Aurora: true } });
  simulator.clock.advance(12 * hour);
  const [point] = simulator.backup(member, region).vaults.get("main")?.points ?? [];
  act("backup", "StartRestoreJob", { RecoveryPointArn: point?.arn, Metadata: {}, IamRoleArn: role });
  const backUp = { BackupVaultName: "main", ResourceArn: volume, IamRoleArn: role, StartWindowMinutes: 60 };
  act("backup", "StartBackupJob", backUp);
  simulator.clock.advance(hour);
  const state = simulator.backup(member, region);
  const spared = [addMishap(state, { job: "backup", end: "FAILED" }), addMishap(state, { job: "copy", end: "FAILED" })];
  act("backup", "StartBackupJob", backUp);
  const copying = { SourceBackupVaultName: "main", DestinationBackupVaultArn: point?.vault.arn, IamRoleArn: role };
  act("backup", "StartCopyJob", { ...copying, RecoveryPointArn: point?.arn });
  simulator.clock.advance(hour);
  for (const spare of spared) spare();
  addMishap(state, { job: "backup", end: "EXPIRED" });
  simulator.clock.advance(24 * hour);
  return simulator;
}

const world = everything();

describe("an event has the members of AWS's own sample, and of the same types (7.2, 7.3)", () => {
  // PENDING is a state that jobs here do not stop in.
  const cases = Object.entries(samples).filter(([name]) => name !== "backup-job-PENDING");
  it.each(cases)("%s", (name, sample) => {
    const [, state = ""] = /-([A-Z]+)$/.exec(name) ?? [];
    const event = find(world, sample["detail-type"].replace(" State Change", ""), state);
    expect(event, "told at all").toBeDefined();
    // The sample of a completed backup is of one on demand, and here a plan's comes first.
    const { createdBy, ...onDemand } = event?.detail ?? {};
    const detail = "createdBy" in sample.detail ? { ...onDemand, createdBy } : onDemand;
    expect(shapeOf({ ...event, detail })).toEqual(shapeOf(sample));
  });
});

describe("what samples do not show", () => {
  it("the destination of a copy hears of its recovery point, capital C and texts for booleans (7.1, 7.2)", () => {
    const copies = heard(world).filter(
      (event) => event["detail-type"] === "Recovery Point State Change" && stateOf(event) === "COMPLETED",
    );
    expect(copies.length).toBeGreaterThan(1);
    expect(copies[0]?.detail).toMatchObject({
      isEncrypted: "false",
      storageClass: "WARM",
      lifecycle: { deleteAfterDays: 1 },
      calculatedLifeCycle: { deleteAt: "2026-01-02T05:00:00.000Z" },
      createdBy: { backupPlanRuleId: expect.any(String) as string },
    });
  });

  it("nothing is told of selections, policies, notifications and tags (7.2)", () => {
    const simulator = listening();
    const act = simulator.operator(member, region);
    const [plan] = simulator.backup(member, region).plans.values();
    const [selection] = plan?.selections ?? [];
    act("backup", "DeleteBackupSelection", { BackupPlanId: plan?.id, SelectionId: selection?.id });
    act("backup", "TagResource", { ResourceArn: plan?.arn, Tags: { a: "b" } });
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [] });
    act("backup", "PutBackupVaultAccessPolicy", { BackupVaultName: "main", Policy });
    simulator.clock.advance(hour);
    expect(heard(simulator)).toEqual([]);
  });

  it("a lock is a modification of its vault, and so is its end (7.2)", () => {
    const simulator = listening();
    const act = simulator.operator(member, region);
    act("backup", "PutBackupVaultLockConfiguration", { BackupVaultName: "main", MinRetentionDays: 1 });
    act("backup", "DeleteBackupVaultLockConfiguration", { BackupVaultName: "main" });
    simulator.clock.advance(hour);
    expect(heard(simulator).map(({ detail }) => detail)).toEqual([
      { backupVaultName: "main", state: "MODIFIED", isLocked: "true" },
      { backupVaultName: "main", state: "MODIFIED", isLocked: "false" },
    ]);
  });

  it("completed with issues is COMPLETED with a message in quotes, and a partial backup leaves a PARTIAL point (5.1, 7.2)", () => {
    const simulator = listening();
    const state = simulator.backup(member, region);
    const end = addMishap(state, { job: "backup", end: "COMPLETED", message: "Some objects were skipped." });
    simulator.clock.advance(12 * hour);
    end();
    addMishap(state, { job: "backup", end: "PARTIAL" });
    simulator.clock.advance(24 * hour);
    expect(find(simulator, "Backup Job", "COMPLETED")?.detail).toMatchObject({
      statusMessage: '"Some objects were skipped."',
    });
    expect(find(simulator, "Backup Job", "PARTIAL")).toBeDefined();
    expect(find(simulator, "Recovery Point", "PARTIAL")).toBeDefined();
    const listed = simulator.operator(member, region)("backup", "ListBackupJobs", { ByState: "PARTIAL" });
    expect(listed).toMatchObject({ BackupJobs: [{ State: "PARTIAL" }] });
  });
});

describe("events and listings say the same", () => {
  const ends = [undefined, "FAILED", "EXPIRED", "ABORTED", "PARTIAL", "COMPLETED"] as const;
  /** Nights that end in every way there is, one after another. */
  const nights = () => {
    const simulator = listening({ pageSize: 100 });
    for (const end of ends) {
      const over = end && addMishap(simulator.backup(member, region), { job: "backup", end, message: "So it was." });
      simulator.clock.advance(24 * hour);
      over?.();
    }
    return simulator;
  };
  const simulator = nights();
  const act = simulator.operator(member, region);
  const last = (type: string, id: string) =>
    new Map(
      heard(simulator)
        .filter((event) => event["detail-type"] === `${type} State Change` && event.detail[id] !== undefined)
        .map((event) => [String(event.detail[id]), stateOf(event)]),
    );

  it("of every backup job", () => {
    const { BackupJobs } = act("backup", "ListBackupJobs", { MaxResults: 1000 }) as ListBackupJobsOutput;
    const listed = new Map(BackupJobs?.map(({ BackupJobId, State }) => [BackupJobId, State]));
    const states = [...last("Backup Job", "backupJobId").values()];
    expect(states).toEqual(["COMPLETED", "FAILED", "EXPIRED", "ABORTED", "PARTIAL", "COMPLETED"]);
    expect([...last("Backup Job", "backupJobId")]).toEqual([...listed]);
  });

  it("of every copy job, and of every point that is there", () => {
    const copies = [...simulator.backup(member, region).copyJobs].map(({ id, view }) => [id, view.State]);
    expect([...last("Copy Job", "copyJobId")]).toEqual(copies);
    const told = new Map(
      heard(simulator)
        .filter((event) => event["detail-type"] === "Recovery Point State Change")
        .map((event) => [event.resources[0], stateOf(event)]),
    );
    const points = [...(simulator.backup(member, region).vaults.get("main")?.points ?? [])];
    expect(points.length).toBeGreaterThan(0);
    for (const { arn, status } of points) expect(told.get(arn)).toBe(status);
  });
});

describe("delivery is best effort (7.1)", () => {
  const nightsOf = (simulator: Simulator, nights: number) => {
    simulator.clock.advance(nights * 24 * hour);
    return heard(simulator);
  };

  it("comes about every five minutes, in order, and says when it was told", () => {
    const events = nightsOf(listening(), 2);
    expect(events.length).toBeGreaterThan(10);
    expect(events.filter(({ time }) => new Date(time).getTime() % 300_000 !== 0)).toEqual([]);
    const times = events.map(({ time }) => time);
    expect(times).toEqual(times.toSorted());
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  });

  it("costs and invents nothing where nobody listens", () => {
    const [quiet, loud] = [listening(), listening()];
    quiet.eventBridge.bus(member, region)?.rules.clear();
    expect(nightsOf(quiet, 2)).toEqual([]);
    expect(nightsOf(loud, 2)).not.toEqual([]);
    expect(quiet.random.uuid()).toBe(loud.random.uuid());
  });

  it("loses, doubles and disorders what a test wants it to, alike for a seed", () => {
    const run = (delivery: Partial<Simulator["eventBridge"]["delivery"]>) => {
      const simulator = listening();
      Object.assign(simulator.eventBridge.delivery, delivery);
      return nightsOf(simulator, 5);
    };
    const all = run({}).length;
    expect(run({ lost: 1 })).toEqual([]);
    expect(run({ doubled: 1 })).toHaveLength(2 * all);
    expect(run({ lost: 0.3 }).length).toBeLessThan(all);
    const late = run({ lateBySeconds: 7200, shuffled: true });
    expect(late.map(({ time }) => time)).not.toEqual(late.map(({ time }) => time).toSorted());
    expect(run({ lateBySeconds: 7200, shuffled: true })).toEqual(late);
  });

  it("is of the account and Region that has the job or vault, whoever hears it", () => {
    for (const event of nightsOf(listening(), 1)) expect(event).toMatchObject({ ...place, source: "aws.backup" });
  });
});
