import { addMishap } from "../simulator/backup/mishaps.ts";
import { describe, expect, it } from "vitest";
import { Instant } from "../../controller/domain/identity.ts";
import { Coverage, Jobs, RestoreTest } from "../../controller/domain/survey.ts";
import { addRecoveryPoint, addRestoreJob } from "../simulator/backup/build.ts";
import { MEMBER, REGION } from "../aws/world.ts";
import { scene, volume } from "./scene.ts";

describe("coverage", () => {
  it("is of what has tags and of what was backed up: neither listing knows all", async () => {
    const { addVolume, backUp, pass, look } = scene();
    const [both, untagged] = [addVolume("vol-both", { a: "1" }), addVolume("vol-untagged")];
    addVolume("vol-tagged", { a: "1" });
    addVolume("vol-unseen");
    [both, untagged].forEach((arn) => backUp(arn));
    pass(1);
    const { coverage } = await look();
    expect(coverage).toEqual({
      complete: true,
      population: 3,
      protected: 2,
      unprotected: [{ arn: volume("vol-tagged"), type: "EBS", reason: "no-recovery-point" }],
      byPlan: {},
    });
    expect(Coverage.parse(coverage)).toEqual(coverage);
  });

  it("counts nothing that AWS Backup does not protect, its own vaults and points least of all", async () => {
    const { simulator, person, look } = scene();
    const others = ["ec2", "lambda"].map((service) => `arn:aws:${service}:${REGION}:${MEMBER}:snapshot/one`);
    for (const arn of others) simulator.addResource(MEMBER, REGION, { arn, type: "EBS", tags: { a: "1" } });
    person("backup", "CreateBackupVault", { BackupVaultName: "tagged", BackupVaultTags: { a: "1" } });
    expect((await look()).coverage).toMatchObject({ complete: true, population: 0 });
  });

  it("lists all that is tagged where a Region refuses to narrow the listing by a service it lacks", async () => {
    const { simulator, addVolume, look } = scene();
    addVolume("vol-1", { a: "1" });
    simulator.faults.add({
      effect: { kind: "error", type: "InvalidParameterException", message: "Unsupported service=dsql", status: 400 },
      operation: "GetResources",
      when: ({ input }) => "ResourceTypeFilters" in input,
    });
    expect((await look()).coverage).toMatchObject({ complete: true, population: 1 });
  });

  it("calls nothing unprotected where what is protected was not listed whole: nobody can tell", async () => {
    const { simulator, addVolume, look } = scene();
    addVolume("vol-1", { a: "1" });
    simulator.faults.add({ effect: { kind: "deny" }, operation: "ListProtectedResources" });
    const { coverage } = await look();
    expect(coverage).toMatchObject({ complete: false, population: 1, protected: 0, unprotected: [] });
  });

  it("still tells of what is protected where tags could not be listed", async () => {
    const { simulator, addVolume, backUp, pass, look } = scene();
    backUp(addVolume("vol-1", { a: "1" }));
    pass(1);
    simulator.faults.add({ effect: { kind: "deny" }, operation: "GetResources" });
    expect((await look()).coverage).toMatchObject({ complete: false, population: 1, protected: 1, unprotected: [] });
  });

  it("names the plans that backed up, each resource once", async () => {
    const { person, role, addVolume, pass, look } = scene();
    for (const id of ["vol-1", "vol-2"]) addVolume(id, { a: "1" });
    const Rules = [{ RuleName: "hourly", TargetBackupVaultName: "main", ScheduleExpression: "cron(0 * * * ? *)" }];
    const plan = person("backup", "CreateBackupPlan", { BackupPlan: { BackupPlanName: "nightly", Rules } });
    const { BackupPlanId } = plan as { readonly BackupPlanId: string };
    const BackupSelection = { SelectionName: "all", IamRoleArn: role, Resources: ["*"] };
    person("backup", "CreateBackupSelection", { BackupPlanId, BackupSelection });
    pass(4);
    expect((await look()).coverage.byPlan).toEqual({ nightly: 2 });
  });
});

describe("jobs", () => {
  it("are those of a day at first, by how they ended; the failed ones with what AWS says and what made up for them", async () => {
    const { simulator, addVolume, backUp, pass, look } = scene();
    const [good, bad] = [addVolume("vol-1"), addVolume("vol-2")];
    const role = simulator.iam.putRole(MEMBER, {
      name: "gone",
      trust: {
        Statement: { Effect: "Allow", Principal: { Service: "backup.amazonaws.com" }, Action: "sts:AssumeRole" },
      },
    });
    pass(26);
    const failed = backUp(bad, role.arn);
    simulator.iam.deleteRole(role.arn);
    pass(1);
    const retry = backUp(bad);
    backUp(good);
    pass(1);
    const { jobs } = await look();
    expect(jobs).toMatchObject({
      complete: true,
      window: { from: "2026-01-01T04:00:00.000Z", to: "2026-01-02T04:00:00.000Z" },
      byState: { COMPLETED: 2, FAILED: 1 },
      copyByState: {},
      failed: [{ jobId: failed, kind: "backup", arn: bad, state: "FAILED", retriedBy: retry }],
    });
    expect(jobs.failed[0]?.message).toContain("cannot be assumed");
    expect(Jobs.parse(jobs)).toEqual(jobs);
  });

  it("are counted once over windows that follow one another, also one that runs across their border", async () => {
    const { addVolume, backUp, pass, look } = scene();
    const [early, late] = [addVolume("vol-1"), addVolume("vol-2")];
    backUp(early);
    pass(1);
    backUp(late);
    pass(0.05);
    const first = await look();
    expect(first.jobs.byState).toEqual({ COMPLETED: 1 });
    pass(1);
    const second = await look(first.leftOff);
    expect(second.jobs).toMatchObject({ window: { from: first.jobs.window.to }, byState: { COMPLETED: 1 } });
    expect((await look(second.leftOff)).jobs.byState).toEqual({});
  });

  it.each(["EXPIRED", "ABORTED", "FAILED", "COMPLETED"] as const)(
    "that are %s and have no end are told all the same, and once",
    async (end) => {
      const { addVolume, backUp, pass, look, state } = scene();
      const job = backUp(addVolume("vol-1"));
      addMishap(state, { job: "backup", end, message: "No end.", undated: true });
      const before = await look();
      pass(10);
      const first = await look(before.leftOff);
      expect(first.jobs).toMatchObject({ byState: { [end]: 1 }, failed: [{ jobId: job, state: end }] });
      expect(first.leftOff.undated).toEqual([job]);
      const second = await look(first.leftOff);
      expect([second.jobs.byState, second.leftOff.undated]).toEqual([{}, [job]]);
      pass(48);
      expect((await look(second.leftOff)).jobs.byState).toEqual({});
      pass(48);
      const last = await look((await look(second.leftOff)).leftOff);
      expect(last.leftOff.undated, "lists go no further back").toBeUndefined();
    },
  );

  it("are looked for no further back than AWS remembers", async () => {
    const { pass, look } = scene();
    pass(24 * 50);
    const { jobs } = await look({ to: Instant.parse("2026-01-01T00:00:00.000Z"), undecided: [] });
    expect(jobs.window).toEqual({ from: "2026-01-21T00:00:00.000Z", to: "2026-02-20T00:00:00.000Z" });
  });

  it.each(["ListBackupJobs", "ListCopyJobs"])(
    "are incomplete where %s breaks off, and nothing else is",
    async (operation) => {
      const { simulator, look, fleet } = scene();
      simulator.faults.add({ effect: { kind: "deny" }, operation });
      const { jobs, restoreTests } = await look();
      expect([jobs.complete, restoreTests]).toEqual([false, []]);
      const broken = fleet.observations().filter(({ complete }) => !complete);
      expect(broken.length).toBeGreaterThan(0);
      expect(new Set(broken.map(({ api, failure }) => `${api} ${failure?.kind}`))).toEqual(
        new Set([`backup:${operation} denied`]),
      );
    },
  );
});

describe("restore tests", () => {
  const planArn = `arn:aws:backup:${REGION}:${MEMBER}:restore-testing-plan:weekly-1`;
  const tested = (over: { readonly obstacle?: string } = {}) => {
    const given = scene();
    const point = addRecoveryPoint(given.state, {
      vault: "main",
      resourceArn: given.addVolume("vol-1"),
      resourceType: "EBS",
      creationDate: new Date("2025-12-31T00:00:00Z"),
      status: "COMPLETED",
      lifecycle: {},
      sizeBytes: 0,
    });
    const { id } = addRestoreJob(given.state, { point, testing: { planArn, validationWindowHours: 30 }, ...over });
    addRestoreJob(given.state, { point });
    given.pass(1);
    return { ...given, id, point };
  };

  it("are told with the time the restore took, and a person's own restore is none", async () => {
    const { look, id, point } = tested();
    const { restoreTests } = await look();
    expect(restoreTests).toEqual([
      {
        jobId: id,
        recoveryPointArn: point.arn,
        resource: volume("vol-1"),
        resourceType: "EBS",
        startedOn: "2026-01-01T00:00:00.000Z",
        finishedOn: "2026-01-01T00:06:00.000Z",
        status: "COMPLETED",
        validationStatus: "VALIDATING",
        message: null,
        rtoSeconds: 360,
        plan: planArn,
      },
    ]);
    expect(RestoreTest.parse(restoreTests[0])).toEqual(restoreTests[0]);
  });

  it("are told again until somebody has said what of them, and then once more", async () => {
    const { look, id, person, pass } = tested();
    const first = await look();
    expect(first.leftOff.undecided).toEqual([id]);
    pass(20);
    const second = await look(first.leftOff);
    expect(second.restoreTests).toMatchObject([{ jobId: id, validationStatus: "VALIDATING" }]);
    const said = { RestoreJobId: id, ValidationStatus: "SUCCESSFUL", ValidationStatusMessage: "it mounts" };
    person("backup", "PutRestoreValidationResult", said);
    pass(20);
    const third = await look(second.leftOff);
    expect(third.restoreTests).toMatchObject([{ validationStatus: "SUCCESSFUL", message: "it mounts" }]);
    expect((await look(third.leftOff)).restoreTests).toEqual([]);
  });

  it("that failed are told once, with what AWS says", async () => {
    const { look } = tested({ obstacle: "You have exceeded your volume limit" });
    const { restoreTests, leftOff } = await look();
    expect(restoreTests).toMatchObject([{ status: "FAILED", message: "You have exceeded your volume limit" }]);
    expect(leftOff.undecided).toEqual([]);
  });

  it("are awaited on where they could not be listed", async () => {
    const { look, simulator, id } = tested();
    const { leftOff } = await look();
    simulator.faults.add({ effect: { kind: "deny" }, operation: "ListRestoreJobs" });
    expect((await look(leftOff)).leftOff.undecided).toEqual([id]);
  });
});
