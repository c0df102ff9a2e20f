import type { RestoreTestingRecoveryPointSelection } from "@aws-sdk/client-backup";
import { describe, expect, it } from "vitest";
import { addRecoveryPoint, addVault } from "./build.ts";
import { home, region, role, TestWorld } from "./fixture.ts";

const everyVault: RestoreTestingRecoveryPointSelection = {
  Algorithm: "LATEST_WITHIN_WINDOW",
  RecoveryPointTypes: ["SNAPSHOT"],
  IncludeVaults: ["*"],
};
const weekly = {
  RestoreTestingPlanName: "weekly",
  ScheduleExpression: "cron(0 5 ? * 2 *)",
  RecoveryPointSelection: everyVault,
};
const volumes = {
  RestoreTestingSelectionName: "volumes",
  ProtectedResourceType: "EBS",
  IamRoleArn: role,
  ProtectedResourceArns: ["*"],
  ValidationWindowHours: 4,
};
const vaultArn = (name: string) => `arn:aws:backup:${region}:${home}:backup-vault:${name}`;

type Plan = Parameters<typeof plan>[1];
function plan(world: TestWorld, over: Readonly<Record<string, unknown>> = {}) {
  return world.call("CreateRestoreTestingPlan", { RestoreTestingPlan: { ...weekly, ...over }, Tags: { owner: "me" } });
}

function select(world: TestWorld, over: Readonly<Record<string, unknown>> = {}) {
  return world.call("CreateRestoreTestingSelection", {
    RestoreTestingPlanName: "weekly",
    RestoreTestingSelection: { ...volumes, ...over },
  });
}

function given(): TestWorld {
  const world = new TestWorld();
  for (const vault of ["main", "old"]) addVault(world.state(), { name: vault });
  for (const [vault, id, date] of [
    ["main", "vol-1", "2026-02-20"],
    ["main", "vol-1", "2026-02-27"],
    ["main", "vol-2", "2026-02-26"],
    ["old", "vol-3", "2025-12-01"],
  ] as const) {
    const { arn, type } = world.resources.find((one) => one.arn.endsWith(id)) ?? world.addVolume(id);
    const creationDate = new Date(`${date}T00:00:00Z`);
    const common = { resourceArn: arn, resourceType: type, status: "COMPLETED", lifecycle: {}, sizeBytes: 0 } as const;
    addRecoveryPoint(world.state(), { vault, creationDate, ...common });
  }
  return world;
}

const jobs = (world: TestWorld) => world.all("ListRestoreJobs", {}, (page) => page.RestoreJobs);
/** By resource and date of the point. */
const tested = (world: TestWorld) =>
  jobs(world)
    .map(
      (job) =>
        `${job.SourceResourceArn?.split("/").at(-1)} ${job.RecoveryPointCreationDate?.toISOString().slice(0, 10)}`,
    )
    .toSorted();

describe("a restore testing plan (6.1)", () => {
  it("reads back as it was made, with AWS's defaults, and its tags by its ARN", () => {
    const world = given();
    const { RestoreTestingPlanArn: arn = "" } = plan(world);
    expect(arn).toMatch(/:restore-testing-plan:weekly-[0-9a-f-]{36}$/);
    const { RestoreTestingPlan: found } = world.call("GetRestoreTestingPlan", { RestoreTestingPlanName: "weekly" });
    expect(found).toMatchObject({
      ScheduleExpressionTimezone: "Etc/UTC",
      StartWindowHours: 24,
      RecoveryPointSelection: { ...everyVault, ExcludeVaults: [], SelectionWindowDays: 30 },
    });
    expect(world.call("ListTags", { ResourceArn: arn })).toMatchObject({ Tags: { owner: "me" } });
  });

  it.each<readonly [string, Plan, string]>([
    ["a name with a hyphen", { RestoreTestingPlanName: "week-ly" }, "InvalidParameterValue"],
    ["a schedule that is none", { ScheduleExpression: "rate(1 day)" }, "InvalidParameterValue"],
    ["a start window of a week and an hour", { StartWindowHours: 169 }, "InvalidParameterValue"],
    [
      "points of no kind",
      { RecoveryPointSelection: { ...everyVault, RecoveryPointTypes: [] } },
      "MissingParameterValue",
    ],
    [
      "a vault by its name",
      { RecoveryPointSelection: { ...everyVault, IncludeVaults: ["main"] } },
      "InvalidParameterValue",
    ],
  ])("is refused for %s", (_, over, error) => {
    const asked = { RestoreTestingPlan: { ...weekly, ...over } };
    expect(given().refusal("CreateRestoreTestingPlan", asked).type).toBe(`${error}Exception`);
  });

  it("has a name of its own; the same call with the same id again is answered as the first", () => {
    const world = given();
    const asked = { RestoreTestingPlan: weekly, CreatorRequestId: "one" };
    const first = world.call("CreateRestoreTestingPlan", asked);
    expect(world.call("CreateRestoreTestingPlan", asked)).toEqual(first);
    expect(world.refusal("CreateRestoreTestingPlan", { RestoreTestingPlan: weekly }).type).toBe(
      "AlreadyExistsException",
    );
  });

  it("keeps what an update leaves out, and goes only without its selections; nobody minds one that is not there", () => {
    const world = given();
    plan(world);
    select(world);
    const named = { RestoreTestingPlanName: "weekly" };
    world.call("UpdateRestoreTestingPlan", { ...named, RestoreTestingPlan: { StartWindowHours: 2 } });
    expect(world.call("GetRestoreTestingPlan", named).RestoreTestingPlan).toMatchObject({
      ScheduleExpression: weekly.ScheduleExpression,
      StartWindowHours: 2,
    });
    expect(world.refusal("DeleteRestoreTestingPlan", named).type).toBe("InvalidRequestException");
    world.call("DeleteRestoreTestingSelection", { ...named, RestoreTestingSelectionName: "volumes" });
    world.call("DeleteRestoreTestingPlan", named);
    world.call("DeleteRestoreTestingPlan", named);
    expect(world.refusal("GetRestoreTestingPlan", named).type).toBe("ResourceNotFoundException");
  });
});

describe("a restore testing selection (6.1)", () => {
  it("reads back with both lists of conditions, and an update never changes its type", () => {
    const world = given();
    plan(world);
    select(world);
    const named = { RestoreTestingPlanName: "weekly", RestoreTestingSelectionName: "volumes" };
    world.call("UpdateRestoreTestingSelection", { ...named, RestoreTestingSelection: { ValidationWindowHours: 8 } });
    expect(world.call("GetRestoreTestingSelection", named).RestoreTestingSelection).toMatchObject({
      ProtectedResourceType: "EBS",
      ProtectedResourceArns: ["*"],
      ProtectedResourceConditions: { StringEquals: [], StringNotEquals: [] },
      ValidationWindowHours: 8,
    });
  });

  it.each([
    ["a type that no restore is tested of", { ProtectedResourceType: "Redshift" }],
    ["neither ARNs nor conditions", { ProtectedResourceArns: undefined }],
    ["a wildcard beside an ARN", { ProtectedResourceArns: ["*", "arn:aws:ec2:eu-west-1:1:volume/vol-1"] }],
    [
      "conditions beside ARNs",
      {
        ProtectedResourceArns: ["arn:aws:ec2:eu-west-1:1:volume/vol-1"],
        ProtectedResourceConditions: { StringEquals: [{ Key: "aws:ResourceTag/env", Value: "prod" }] },
      },
    ],
    ["a window of more than a week", { ValidationWindowHours: 169 }],
    ["a role that AWS Backup cannot assume", { IamRoleArn: `${role}-gone` }],
  ])("is refused for %s", (_, over) => {
    const world = given();
    world.missingRoles.add(`${role}-gone`);
    plan(world);
    const asked = { RestoreTestingPlanName: "weekly", RestoreTestingSelection: { ...volumes, ...over } };
    expect(world.refusal("CreateRestoreTestingSelection", asked).type).toBe("InvalidParameterValueException");
  });
});

describe("a run of restore tests (6.1)", () => {
  it("restores the latest point in the window of each resource, once a run", () => {
    const world = given();
    plan(world);
    select(world);
    world.advance({ days: 2 });
    expect(tested(world)).toEqual(["vol-1 2026-02-27", "vol-2 2026-02-26"]);
    world.advance({ days: 7 });
    expect(tested(world)).toHaveLength(4);
  });

  it.each([
    ["a longer window", { SelectionWindowDays: 120 }, ["vol-1 2026-02-27", "vol-2 2026-02-26", "vol-3 2025-12-01"]],
    ["one vault", { IncludeVaults: [vaultArn("old")], SelectionWindowDays: 120 }, ["vol-3 2025-12-01"]],
    ["all vaults but one", { ExcludeVaults: [vaultArn("m*")], SelectionWindowDays: 120 }, ["vol-3 2025-12-01"]],
    ["continuous points, of which there are none", { RecoveryPointTypes: ["CONTINUOUS"] }, []],
  ])("looks at %s where the plan says so", (_, over, expected) => {
    const world = given();
    plan(world, { RecoveryPointSelection: { ...everyVault, ...over } });
    select(world);
    world.advance({ days: 2 });
    expect(tested(world)).toEqual(expected);
  });

  it("takes any point of the window where it is to be at random, another each time", () => {
    const world = given();
    plan(world, {
      ScheduleExpression: "cron(0 * ? * * *)",
      RecoveryPointSelection: { ...everyVault, Algorithm: "RANDOM_WITHIN_WINDOW" },
    });
    select(world, { ProtectedResourceArns: [`arn:aws:ec2:${region}:${home}:volume/vol-1`] });
    world.advance({ days: 1 });
    expect(new Set(tested(world))).toEqual(new Set(["vol-1 2026-02-20", "vol-1 2026-02-27"]));
  });

  it("goes by tags where the selection has conditions", () => {
    const world = given();
    const scratch = world.resources.findIndex(({ arn }) => arn.endsWith("vol-2"));
    world.resources[scratch] = { ...world.resources[scratch]!, tags: { env: "scratch" } };
    plan(world);
    const conditions = { StringNotEquals: [{ Key: "aws:ResourceTag/env", Value: "scratch" }] };
    select(world, { ProtectedResourceConditions: conditions });
    world.advance({ days: 2 });
    expect(tested(world)).toEqual(["vol-1 2026-02-27"]);
  });

  it("makes a tagged resource that goes when a result is in, and stays where its clean-up fails", () => {
    const world = given();
    plan(world);
    select(world);
    world.advance({ days: 1, hours: 6 });
    const [first, second] = jobs(world);
    const made = () => world.resources.filter(({ tags }) => "awsbackup-restore-test" in tags).map(({ arn }) => arn);
    expect(new Set(made())).toEqual(new Set([first?.CreatedResourceArn, second?.CreatedResourceArn]));
    world.call("PutRestoreValidationResult", { RestoreJobId: first!.RestoreJobId!, ValidationStatus: "SUCCESSFUL" });
    world.state().uncleanable.add("EBS");
    world.advance({ hours: 4 });
    expect(made()).toEqual([second?.CreatedResourceArn]);
    expect(jobs(world)).toMatchObject([{ DeletionStatus: "SUCCESSFUL" }, { DeletionStatus: "FAILED" }]);
  });

  it("is forgotten thirty days after it ended", () => {
    const world = given();
    plan(world, { ScheduleExpression: "cron(0 5 2 3 ? 2026)" });
    select(world);
    world.advance({ days: 31 });
    expect(jobs(world)).toHaveLength(2);
    world.advance({ days: 2 });
    expect(jobs(world)).toEqual([]);
  });
});
