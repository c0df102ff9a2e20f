import { describe, expect, it } from "vitest";
import type { ApiError } from "../service.ts";
import { addPlanTo } from "./plans.ts";
import { other, region, home, TestWorld } from "./fixture.ts";
import type { PlanInput } from "./plan-document.ts";

type Rule = PlanInput["Rules"][number];

const rule: Rule = { RuleName: "daily", TargetBackupVaultName: "main", Lifecycle: { DeleteAfterDays: 35 } };

function planOf(over: Partial<Rule> = {}, name = "plan"): PlanInput {
  return { BackupPlanName: name, Rules: [{ ...rule, ...over }] };
}

function worldWithPlan(): { world: TestWorld; id: string } {
  const world = new TestWorld();
  const { BackupPlanId } = world.call("CreateBackupPlan", { BackupPlan: planOf() });
  return { world, id: BackupPlanId ?? "" };
}

const inRule = (detail: string) => ({
  type: "InvalidParameterValueException",
  message: `Error in rule daily : ${detail}`,
  fields: { Code: "ERROR_3015", Context: JSON.stringify(["daily", detail]) },
});

const refusedDocuments: Readonly<
  Record<string, { readonly because: string; readonly document: PlanInput; readonly error: Partial<ApiError> }>
> = {
  "retention stays within 1 to 36500 days": {
    because: "0.2 ERROR_3015 [TP]",
    document: planOf({ Lifecycle: { DeleteAfterDays: 36_501 } }),
    error: inRule("Invalid lifecycle. DeleteAfterDays cannot be less than 1 or more than 36500 days"),
  },
  "cold storage lasts 90 days": {
    because: "2.4 and 0.2 ERROR_3015 [TP]",
    document: planOf({ Lifecycle: { DeleteAfterDays: 96, MoveToColdStorageAfterDays: 7 } }),
    error: inRule(
      "Invalid lifecycle. DeleteAfterDays cannot be less than 90 days apart from MoveToColdStorageAfterDays",
    ),
  },
  "continuous backup has no cold tier": {
    because: "2.3 and 0.2 ERROR_3015 [TP]",
    document: planOf({
      EnableContinuousBackup: true,
      Lifecycle: { MoveToColdStorageAfterDays: 7, DeleteAfterDays: 97 },
    }),
    error: inRule("Invalid lifecycle. MoveToColdStorageAfterDays is unavailable"),
  },
  "continuous backup is kept for 35 days at most": {
    because: "2.3",
    document: planOf({ EnableContinuousBackup: true, Lifecycle: { DeleteAfterDays: 36 } }),
    error: { type: "InvalidParameterValueException" },
  },
  "a vault's name has its pattern": {
    because: "0.2 ERROR_3015 [TP]",
    document: planOf({ TargetBackupVaultName: "m" }),
    error: inRule("Backup vault name m is not valid"),
  },
  "a copy's lifecycle is judged like the rule's": {
    because: "2.3, 2.4",
    document: planOf({
      CopyActions: [
        {
          DestinationBackupVaultArn: `arn:aws:backup:${region}:${other}:backup-vault:dr`,
          Lifecycle: { DeleteAfterDays: 0 },
        },
      ],
    }),
    error: inRule("Invalid lifecycle. DeleteAfterDays cannot be less than 1 or more than 36500 days"),
  },
  "both day fields of a schedule may not be given": {
    because: "2.3: ? required in one of them",
    document: planOf({ ScheduleExpression: "cron(0 5 1 * 2 *)" }),
    error: { type: "InvalidParameterValueException" },
  },
  "nothing runs more often than hourly": {
    because: "2.3",
    document: planOf({ ScheduleExpression: "cron(0/30 * * * ? *)" }),
    error: { type: "InvalidParameterValueException" },
  },
  "an unknown time zone is refused": {
    because: "2.3: IANA name",
    document: planOf({ ScheduleExpressionTimezone: "Mars/Olympus" }),
    error: { type: "InvalidParameterValueException" },
  },
  "a start window lasts an hour at least": {
    because: "2.3",
    document: planOf({ StartWindowMinutes: 59 }),
    error: { type: "InvalidParameterValueException" },
  },
  "the completion window outlasts the start window": {
    because: "2.3",
    document: planOf({ StartWindowMinutes: 120, CompletionWindowMinutes: 120 }),
    error: { type: "InvalidParameterValueException" },
  },
  "a plan has ten rules at most": {
    because: "0.6",
    document: {
      BackupPlanName: "plan",
      Rules: Array.from({ length: 11 }, (_, index) => ({ ...rule, RuleName: `r${index}` })),
    },
    error: { type: "LimitExceededException" },
  },
  "a vault of AWS's own is no target": {
    because: "1.3: insufficient privileges",
    document: planOf({ TargetBackupVaultName: "aws/efs/automatic-backup-vault" }),
    error: { type: "AccessDeniedException" },
  },
  "a plan's name has 50 characters at most": {
    because: "2.1",
    document: planOf({}, "p".repeat(51)),
    error: { type: "InvalidParameterValueException" },
  },
};

describe("a plan is refused", () => {
  it.each(Object.entries(refusedDocuments))("where %s", (_sentence, { document, error }) => {
    expect(new TestWorld().refusal("CreateBackupPlan", { BackupPlan: document })).toMatchObject(error);
  });

  it("where the same document exists, with the arn of the one that does (2.1)", () => {
    const { world, id } = worldWithPlan();
    expect(world.refusal("CreateBackupPlan", { BackupPlan: planOf(), CreatorRequestId: "other" })).toMatchObject({
      type: "AlreadyExistsException",
      message: "Backup plan with the same plan document already exists",
      fields: { Arn: `arn:aws:backup:${region}:${home}:backup-plan:${id}` },
    });
  });
});

describe("a plan", () => {
  it("is made twice under one name when the documents differ (2.1)", () => {
    const { world } = worldWithPlan();
    world.call("CreateBackupPlan", { BackupPlan: planOf({ RuleName: "weekly" }) });
    const names = world.all("ListBackupPlans", {}, (page) => page.BackupPlansList).map((plan) => plan.BackupPlanName);
    expect(names).toEqual(["plan", "plan"]);
  });

  it("is the same one for the same CreatorRequestId (0.4)", () => {
    const world = new TestWorld();
    const request = { BackupPlan: planOf(), CreatorRequestId: "once" };
    expect(world.call("CreateBackupPlan", request)).toEqual(world.call("CreateBackupPlan", request));
    expect(world.state().plans.size).toBe(1);
  });

  it("is read with the defaults filled in (2.2)", () => {
    const { world, id } = worldWithPlan();
    const read = world.call("GetBackupPlan", { BackupPlanId: id });
    expect(read.BackupPlan?.Rules?.[0]).toEqual({
      ...rule,
      ScheduleExpression: "cron(0 5 ? * * *)",
      ScheduleExpressionTimezone: "Etc/UTC",
      StartWindowMinutes: 480,
      CompletionWindowMinutes: 10_080,
      EnableContinuousBackup: false,
      RuleId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(read.VersionId).toHaveLength(48);
  });

  it("tells its settings at the top level only (2.2)", () => {
    const world = new TestWorld();
    const settings = [{ ResourceType: "EC2", BackupOptions: { WindowsVSS: "enabled" } }];
    const created = world.call("CreateBackupPlan", { BackupPlan: { ...planOf(), AdvancedBackupSettings: settings } });
    const read = world.call("GetBackupPlan", { BackupPlanId: created.BackupPlanId ?? "" });
    expect(read.AdvancedBackupSettings).toEqual(settings);
    expect(read.BackupPlan).not.toHaveProperty("AdvancedBackupSettings");
  });

  it("loses on update what the new document leaves out, and keeps its old version (2.1)", () => {
    const { world, id } = worldWithPlan();
    const before = world.call("GetBackupPlan", { BackupPlanId: id });
    const updated = world.call("UpdateBackupPlan", {
      BackupPlanId: id,
      BackupPlan: { BackupPlanName: "plan", Rules: [{ RuleName: "daily", TargetBackupVaultName: "main" }] },
    });
    const now = world.call("GetBackupPlan", { BackupPlanId: id });
    expect(now.VersionId).toBe(updated.VersionId);
    expect(now.VersionId).not.toBe(before.VersionId);
    expect(now.BackupPlan?.Rules?.[0]?.Lifecycle).toBeUndefined();
    expect(now.BackupPlan?.Rules?.[0]?.RuleId).toBe(before.BackupPlan?.Rules?.[0]?.RuleId);
    expect(world.call("GetBackupPlan", { BackupPlanId: id, VersionId: before.VersionId }).BackupPlan).toEqual(
      before.BackupPlan,
    );
    expect(
      world.all("ListBackupPlanVersions", { BackupPlanId: id }, (page) => page.BackupPlanVersionsList),
    ).toHaveLength(2);
  });

  it("previews the next runs of all its rules in order (2.2)", () => {
    const world = new TestWorld();
    const { BackupPlanId = "" } = world.call("CreateBackupPlan", {
      BackupPlan: {
        BackupPlanName: "plan",
        Rules: [
          { ...rule, ScheduleExpression: "cron(0 5 ? * 2 *)" },
          {
            ...rule,
            RuleName: "noon",
            ScheduleExpression: "cron(0 12 * * ? *)",
            ScheduleExpressionTimezone: "Asia/Tokyo",
          },
        ],
      },
    });
    const { ScheduledRunsPreview } = world.call("GetBackupPlan", { BackupPlanId, MaxScheduledRunsPreview: 3 });
    expect(ScheduledRunsPreview?.map((run) => run.ExecutionTime?.toISOString())).toEqual([
      "2026-03-01T03:00:00.000Z",
      "2026-03-02T03:00:00.000Z",
      "2026-03-02T05:00:00.000Z",
    ]);
  });

  it("can still be fetched after deletion, with its date (2.2, 2.5)", () => {
    const { world, id } = worldWithPlan();
    const deleted = world.call("DeleteBackupPlan", { BackupPlanId: id });
    expect(deleted.DeletionDate).toEqual(world.now());
    expect(world.call("GetBackupPlan", { BackupPlanId: id }).DeletionDate).toEqual(world.now());
    expect(world.call("ListBackupPlans", {}).BackupPlansList).toEqual([]);
    expect(world.call("ListBackupPlans", { IncludeDeleted: true }).BackupPlansList).toHaveLength(1);
    expect(world.refusal("UpdateBackupPlan", { BackupPlanId: id, BackupPlan: planOf() }).type).toBe(
      "ResourceNotFoundException",
    );
  });

  it("of an organization policy is read-only (2.6)", () => {
    const world = new TestWorld();
    const id = "orgs/8a3e0f3a-0000-4000-8000-000000000000";
    addPlanTo(world.state(), {
      id,
      document: planOf(),
      creationDate: world.now(),
      creatorRequestId: undefined,
      tags: undefined,
    });
    expect(world.call("GetBackupPlan", { BackupPlanId: id }).BackupPlan?.BackupPlanName).toBe("plan");
    expect(world.refusal("DeleteBackupPlan", { BackupPlanId: id })).toMatchObject({
      type: "InvalidParameterValueException",
      message: `Backup plan cannot be deleted for backup plan ${id} created by organizations`,
    });
    expect(world.refusal("UpdateBackupPlan", { BackupPlanId: id, BackupPlan: planOf() }).type).toBe(
      "InvalidParameterValueException",
    );
  });
});
