import { describe, expect, it } from "vitest";
import type { Live } from "../../controller/domain/live.ts";
import { plan } from "../../controller/kinds/plan/plan.ts";
import { fullest, smallest } from "../../controller/kinds/plan/examples.ts";
import { toDocument } from "../../controller/kinds/plan/document.ts";
import type { PlanState } from "../../controller/kinds/plan-state.ts";
import { answering, isUnread, refuse, target, wantedOf } from "./answers.ts";

const context = { fleet: "acme", adopted: new Set<string>() };
const naming = { fleet: "acme", token: "hf.aaaaaaaa.bbbbbbbbbbbbbbbb.7" };
const arnOf = (id: string) => `arn:aws:backup:eu-west-1:444455556666:backup-plan:${id}`;
const member = (id: string, name = id, more = {}) => ({
  BackupPlanId: id,
  BackupPlanArn: arnOf(id),
  BackupPlanName: name,
  ...more,
});
const ours = (name: string) => ({ "holdfast:fleet": "acme", "holdfast:resource": `plan/${name}` });

/** GetBackupPlan's answer for a document, defaults filled in and settings outside of it, as AWS does (semantics §2.2). */
const reported = (id: string, name: string, versionId = "v1", spec = smallest) => {
  const { AdvancedBackupSettings, ...document } = toDocument(name, spec);
  return {
    BackupPlanId: id,
    BackupPlanArn: arnOf(id),
    VersionId: versionId,
    BackupPlan: {
      ...document,
      Rules: document.Rules?.map((rule) => ({
        ScheduleExpression: "cron(0 5 ? * * *)",
        ScheduleExpressionTimezone: "Etc/UTC",
        StartWindowMinutes: 480,
        CompletionWindowMinutes: 10_080,
        EnableContinuousBackup: false,
        RuleId: "r-1",
        ...JSON.parse(JSON.stringify(rule)),
      })),
      AdvancedBackupSettings: [],
    },
    AdvancedBackupSettings: AdvancedBackupSettings ?? [],
  };
};

async function listed(answers: Parameters<typeof answering>[0]) {
  const { call } = answering(answers);
  return Array.fromAsync(plan.list(call, target, context));
}

const world = (
  plans: readonly ReturnType<typeof member>[],
  tags: Readonly<Record<string, Readonly<Record<string, string>>>>,
  spec = smallest,
) => ({
  ListBackupPlans: () => ({ BackupPlansList: plans }),
  ListTags: ({ ResourceArn }: { ResourceArn: string }) => ({ Tags: tags[ResourceArn] ?? {} }),
  GetBackupPlan: ({ BackupPlanId }: { BackupPlanId: string }) =>
    reported(BackupPlanId, plans.find((one) => one.BackupPlanId === BackupPlanId)!.BackupPlanName, "v1", spec),
});

describe("listing plans", () => {
  it("tells ours, another fleet's, an organization's and nobody's apart", async () => {
    const items = await listed(
      world([member("1", "old-name"), member("2", "theirs"), member("orgs/3", "policy"), member("4", "wild")], {
        [arnOf("1")]: ours("daily"),
        [arnOf("2")]: { "holdfast:fleet": "umbrella", "holdfast:resource": "plan/theirs" },
        [arnOf("4")]: { "aws:cloudformation:stack-name": "backups", "holdfast:fleet": "acme" },
      }),
    );
    expect(items.map((item) => (isUnread(item) ? "unread" : [item.key.name, item.ownership, item.managedBy]))).toEqual([
      ["daily", "ours", undefined],
      ["theirs", "foreign", undefined],
      ["policy", "foreign", undefined],
      ["wild", "none", "CloudFormation stack backups"],
    ]);
  });

  it("reads every page, and leaves out what is deleted", async () => {
    const pages: Record<string, unknown> = {
      first: { BackupPlansList: [member("1")], NextToken: "second" },
      second: { BackupPlansList: [], NextToken: "third" },
      third: { BackupPlansList: [member("2"), member("3", "3", { DeletionDate: new Date() })] },
    };
    const items = await listed({
      ...world([member("1"), member("2")], {}),
      ListBackupPlans: ({ NextToken = "first" }: { NextToken?: string }) => pages[NextToken],
    });
    expect(items.map((item) => !isUnread(item) && item.key.name)).toEqual(["1", "2"]);
  });

  it("says which plan it could not read, by name where that is sure", async () => {
    const plans = world([member("1", "old-name"), member("2")], { [arnOf("1")]: ours("daily") });
    const denied = await listed({
      ...plans,
      GetBackupPlan: () => refuse("denied"),
      ListTags: (input: { ResourceArn: string }) =>
        input.ResourceArn === arnOf("2") ? refuse("throttled") : plans.ListTags(input),
    });
    expect(denied).toMatchObject([
      { unread: arnOf("1"), key: { name: "daily" }, failure: { kind: "denied" } },
      { unread: arnOf("2"), failure: { kind: "throttled" } },
    ]);
    expect(denied[1]).not.toHaveProperty("key");
  });

  it.each([smallest, fullest])("sees no drift in what it created itself", async (spec) => {
    const [item] = await listed(
      world([member("1", "daily")], { [arnOf("1")]: { ...ours("daily"), ...spec.tags } }, spec),
    );
    expect(plan.compare(spec, (item as Live).state)).toEqual([]);
  });
});

describe("creating a plan", () => {
  const desired = wantedOf("plan", "daily", fullest);

  it("sends the document, both marks and its own token in one call", async () => {
    const { call, sent } = answering({ CreateBackupPlan: () => ({}) });
    await plan.create!.run(call, target, desired, naming);
    expect(sent).toMatchObject([
      [
        "CreateBackupPlan",
        {
          BackupPlan: {
            BackupPlanName: "daily",
            Rules: [{ RuleName: "daily" }, { RuleName: "monthly" }, { RuleName: "continuous" }],
          },
          BackupPlanTags: { owner: "platform", ...ours("daily") },
          CreatorRequestId: naming.token,
        },
      ],
    ]);
  });

  it("takes an existing plan for success only if it is ours", async () => {
    const exists = { CreateBackupPlan: () => refuse("exists") };
    const mine = answering({ ...world([member("1", "daily")], { [arnOf("1")]: ours("daily") }), ...exists });
    await expect(plan.create!.run(mine.call, target, desired, naming)).resolves.toBeUndefined();
    const another = answering({ ...world([member("1", "daily")], {}), ...exists });
    await expect(plan.create!.run(another.call, target, desired, naming)).rejects.toMatchObject({
      failure: { kind: "exists" },
    });
  });
});

describe("changing a plan", () => {
  const live: Live<PlanState> = {
    key: { target, kind: "plan", name: "daily" },
    id: arnOf("1"),
    ownership: "ours",
    state: {
      planId: "1",
      name: "old-name",
      versionId: "v1",
      rules: [],
      advancedBackupSettings: [],
      scanSettings: [],
      tags: {},
    },
  };
  const update = async (versionId: string, paths: readonly string[], more: Record<string, unknown> = {}) => {
    const aws = answering({
      GetBackupPlan: () => ({ ...reported("1", "old-name", versionId), ...more }),
      UpdateBackupPlan: () => ({}),
      TagResource: () => ({}),
    });
    const fields = paths.map(
      (path) => ({ path, live: 1, desired: 2, effect: "neutral", on: "in-place", hazards: [] }) as const,
    );
    return {
      result: await plan.update!.run(aws.call, target, wantedOf("plan", "daily", fullest), live, fields, naming),
      aws,
    };
  };

  it("writes nothing where it is not what was planned against any more", async () => {
    const someone = await update("v2", ["rules[daily]"]);
    expect([someone.result, someone.aws.names()]).toEqual(["moved", ["GetBackupPlan"]]);
    const deleted = await update("v1", ["rules[daily]"], { DeletionDate: new Date() });
    expect([deleted.result, deleted.aws.names()]).toEqual(["moved", ["GetBackupPlan"]]);
  });

  it("replaces the document only where the document differs, under the name AWS knows it by", async () => {
    const { result, aws } = await update("v1", ["rules[daily].startWindowMinutes"]);
    expect([result, aws.names()]).toEqual(["updated", ["GetBackupPlan", "UpdateBackupPlan"]]);
    expect(aws.sent[1]![1]).toMatchObject({ BackupPlanId: "1", BackupPlan: { BackupPlanName: "old-name" } });
  });

  it("spends no version on tags", async () => {
    const { aws } = await update("v1", ["tags"]);
    expect(aws.names()).toEqual(["GetBackupPlan", "TagResource"]);
  });

  it("adopts by marking and nothing else, and finds a removed plan removed", async () => {
    const aws = answering({ TagResource: () => ({}), DeleteBackupPlan: () => refuse("missing") });
    await plan.adopt!.run(aws.call, target, wantedOf("plan", "daily", fullest), live, naming);
    await plan.remove!.run(aws.call, target, live);
    expect(aws.sent).toEqual([
      ["TagResource", { ResourceArn: arnOf("1"), Tags: ours("daily") }],
      ["DeleteBackupPlan", { BackupPlanId: "1" }],
    ]);
  });
});
