import { describe, expect, it } from "vitest";
import { addRecoveryPoint, addRestoreJob, addVault } from "./build.ts";
import { home, other, region, role, TestWorld } from "./fixture.ts";
import type { RecoveryPoint } from "./state.ts";

const planArn = `arn:aws:backup:${region}:${home}:restore-testing-plan:weekly-1`;
const otherPlan = `${planArn}b`;

function given(): { readonly world: TestWorld; readonly point: RecoveryPoint } {
  const world = new TestWorld();
  addVault(world.state(), { name: "main" });
  const { arn, type } = world.addVolume("vol-1");
  const point = addRecoveryPoint(world.state(), {
    vault: "main",
    resourceArn: arn,
    resourceType: type,
    creationDate: new Date("2026-02-01T00:00:00Z"),
    status: "COMPLETED",
    lifecycle: {},
    sizeBytes: 2 ** 30,
  });
  return { world, point };
}

const jobs = (world: TestWorld) => world.all("ListRestoreJobs", {}, (page) => page.RestoreJobs);

describe("a restore job", () => {
  it("goes from PENDING to RUNNING to COMPLETED, and tells what it made (5.1, 5.3)", () => {
    const { world, point } = given();
    const asked = { RecoveryPointArn: point.arn, Metadata: {}, IamRoleArn: role };
    const { RestoreJobId = "" } = world.call("StartRestoreJob", asked);
    expect(jobs(world)).toMatchObject([{ Status: "PENDING", SourceResourceArn: point.resourceArn }]);
    world.advance({ minutes: 1 });
    expect(jobs(world)).toMatchObject([{ Status: "RUNNING" }]);
    world.advance({ hours: 1 });
    const job = world.call("DescribeRestoreJob", { RestoreJobId });
    expect(job).toMatchObject({
      Status: "COMPLETED",
      CompletionDate: new Date("2026-03-01T00:06:02Z"),
      RecoveryPointCreationDate: point.creationDate,
    });
    expect(job.CreatedResourceArn).toContain(`arn:aws:ec2:${region}:${home}:volume/awsbackup-restore-`);
    expect(job.ValidationStatus, "nobody tests an ordinary restore").toBeUndefined();
  });

  it("is started once for one token (0.4)", () => {
    const { world, point } = given();
    const asked = { RecoveryPointArn: point.arn, Metadata: {}, IdempotencyToken: "once" };
    const first = world.call("StartRestoreJob", asked);
    expect(world.call("StartRestoreJob", asked)).toEqual(first);
  });

  it.each([
    ["a point that is not there", { RecoveryPointArn: "arn:aws:ec2:eu-west-1::snapshot/none" }, "ResourceNotFound"],
    ["a role that AWS Backup cannot assume", { IamRoleArn: `${role}-gone` }, "InvalidParameterValue"],
  ])("is refused for %s", (_, over, error) => {
    const { world, point } = given();
    world.missingRoles.add(`${role}-gone`);
    const refused = world.refusal("StartRestoreJob", { RecoveryPointArn: point.arn, Metadata: {}, ...over });
    expect(refused.type).toBe(`${error}Exception`);
  });

  it("fails with what the owning service says", () => {
    const { world, point } = given();
    addRestoreJob(world.state(), { point, obstacle: "You have exceeded your volume limit" });
    world.advance({ hours: 1 });
    expect(jobs(world)).toMatchObject([{ Status: "FAILED", StatusMessage: "You have exceeded your volume limit" }]);
  });

  it("is remembered for 30 days after its end (5.4)", () => {
    const { world, point } = given();
    addRestoreJob(world.state(), { point });
    world.advance({ days: 30 });
    expect(jobs(world)).toHaveLength(1);
    world.advance({ hours: 1 });
    expect(jobs(world)).toEqual([]);
  });
});

describe("the listing of restore jobs", () => {
  it.each([
    ["status", { ByStatus: "FAILED" }, 1],
    ["plan", { ByRestoreTestingPlanArn: planArn }, 2],
    ["type", { ByResourceType: "EFS" }, 0],
    ["end, of which both bounds are open", { ByCompleteAfter: new Date("2026-03-01T00:06:02Z") }, 0],
    ["end", { ByCompleteAfter: new Date("2026-03-01T00:06:01Z") }, 4],
    ["account", { ByAccountId: other }, 0],
  ] as const)("is narrowed by %s (5.4)", (_, filter, count) => {
    const { world, point } = given();
    const testing = { planArn, validationWindowHours: 0 };
    addRestoreJob(world.state(), { point });
    addRestoreJob(world.state(), { point, testing });
    addRestoreJob(world.state(), { point, testing, obstacle: "no" });
    addRestoreJob(world.state(), { point, testing: { ...testing, planArn: otherPlan } });
    world.pageSize = 1;
    world.advance({ hours: 1 });
    expect(world.all("ListRestoreJobs", filter, (page) => page.RestoreJobs)).toHaveLength(count);
  });
});

describe("the validation of a restore test (6.1)", () => {
  const tested = (validationWindowHours = 4) => {
    const { world, point } = given();
    const { id } = addRestoreJob(world.state(), { point, testing: { planArn, validationWindowHours } });
    const put = { RestoreJobId: id, ValidationStatus: "SUCCESSFUL", ValidationStatusMessage: "mounted" } as const;
    return { world, put };
  };

  it("is taken while its window is open, and then stays", () => {
    const { world, put } = tested();
    world.advance({ hours: 1 });
    expect(jobs(world)).toMatchObject([{ Status: "COMPLETED", ValidationStatus: "VALIDATING" }]);
    world.call("PutRestoreValidationResult", put);
    expect(jobs(world)).toMatchObject([{ ValidationStatus: "SUCCESSFUL", ValidationStatusMessage: "mounted" }]);
    const again = world.refusal("PutRestoreValidationResult", { ...put, ValidationStatus: "FAILED" });
    expect(again.type).toBe("InvalidRequestException");
    world.advance({ hours: 4 });
    expect(jobs(world)).toMatchObject([{ ValidationStatus: "SUCCESSFUL", DeletionStatus: "SUCCESSFUL" }]);
  });

  it("is refused before the restore is done, after the window, without one, and of an ordinary restore", () => {
    const early = tested();
    expect(early.world.refusal("PutRestoreValidationResult", early.put).type).toBe("InvalidRequestException");
    early.world.advance({ hours: 5 });
    expect(early.world.refusal("PutRestoreValidationResult", early.put).type).toBe("InvalidRequestException");
    expect(jobs(early.world)).toMatchObject([{ ValidationStatus: "TIMED_OUT" }]);

    const without = tested(0);
    without.world.advance({ hours: 1 });
    expect(without.world.refusal("PutRestoreValidationResult", without.put).type).toBe("InvalidRequestException");
    const { world, point } = given();
    const { id } = addRestoreJob(world.state(), { point });
    world.advance({ hours: 1 });
    const ordinary = world.refusal("PutRestoreValidationResult", { ...without.put, RestoreJobId: id });
    expect(ordinary.message).toContain("was not started by a restore testing plan");
  });
});
