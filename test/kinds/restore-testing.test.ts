import { describe, expect, it } from "vitest";
import { restoreTestingPlan } from "../../controller/kinds/restore-testing-plan/restore-testing-plan.ts";
import type { RestoreTestingPlanSpec } from "../../controller/kinds/restore-testing-plan/spec.ts";
import { restoreTestingSelection } from "../../controller/kinds/restore-testing-selection/restore-testing-selection.ts";
import type { RestoreTestingSelectionSpec } from "../../controller/kinds/restore-testing-selection/spec.ts";
import { compareFields } from "../../controller/kinds/compare.ts";

const VAULTS = "arn:aws:backup:eu-west-1:444455556666:backup-vault:";
const PLAN: RestoreTestingPlanSpec = {
  scheduleExpression: "cron(0 4 1 * ? *)",
  recoveryPointSelection: {
    algorithm: "LATEST_WITHIN_WINDOW",
    recoveryPointTypes: ["SNAPSHOT"],
    includeVaults: [`${VAULTS}app-*`],
    excludeVaults: [`${VAULTS}app-old`],
  },
};
const points = (over: Partial<RestoreTestingPlanSpec["recoveryPointSelection"]>): RestoreTestingPlanSpec => ({
  ...PLAN,
  recoveryPointSelection: { ...PLAN.recoveryPointSelection, ...over },
});

const SELECTION: RestoreTestingSelectionSpec = {
  protectedResourceType: "EBS",
  iamRoleArn: "arn:aws:iam::444455556666:role/restore-tests",
  protectedResourceConditions: { stringEquals: [{ key: "aws:ResourceTag/env", value: "production" }] },
  validationWindowHours: 4,
};

const effects = (kind: typeof restoreTestingPlan, from: unknown, to: unknown): readonly string[] =>
  compareFields(kind.definition.fields, kind.normalise(from), kind.normalise(to)).map(({ path, effect, on, hazards }) =>
    [path.split(".").at(-1), effect, ...(on === "never" ? [on] : []), ...hazards].join(" "),
  );

describe("a restore testing plan that changes", () => {
  it.each<readonly [string, RestoreTestingPlanSpec, readonly string[]]>([
    ["tests more seldom", { ...PLAN, scheduleExpression: "cron(0 4 1 1/3 ? *)" }, ["scheduleExpression weakens"]],
    ["tests oftener", { ...PLAN, scheduleExpression: "cron(0 4 ? * 1 *)" }, ["scheduleExpression strengthens"]],
    ["has less time to start", { ...PLAN, startWindowHours: 2 }, ["startWindowHours neutral fails-jobs"]],
    [
      "tests more kinds of points",
      points({ recoveryPointTypes: ["SNAPSHOT", "CONTINUOUS"] }),
      ["recoveryPointTypes strengthens"],
    ],
    ["tests another kind", points({ recoveryPointTypes: ["CONTINUOUS"] }), ["recoveryPointTypes weakens"]],
    ["tests every vault", points({ includeVaults: ["*"] }), ["includeVaults strengthens"]],
    ["tests one vault of several", points({ includeVaults: [`${VAULTS}app-1`] }), ["includeVaults weakens"]],
    ["leaves out no vault", points({ excludeVaults: [] }), ["excludeVaults strengthens"]],
    ["leaves out more vaults", points({ excludeVaults: [`${VAULTS}app-*`] }), ["excludeVaults weakens"]],
    ["looks back less far", points({ selectionWindowDays: 7 }), ["selectionWindowDays weakens"]],
    ["spells a default out", { ...PLAN, startWindowHours: 24, scheduleExpressionTimezone: "UTC" }, []],
  ])("%s", (_, to, expected) => {
    expect(effects(restoreTestingPlan, PLAN, to)).toEqual(expected);
  });
});

describe("a restore testing selection that changes", () => {
  const { protectedResourceConditions: _, ...everything } = SELECTION;
  it.each<readonly [string, RestoreTestingSelectionSpec, readonly string[]]>([
    ["is of another type", { ...SELECTION, protectedResourceType: "RDS" }, ["protectedResourceType weakens never"]],
    ["has no conditions any more", everything, ["protectedResourceConditions strengthens"]],
    [
      "asks more of a resource",
      {
        ...SELECTION,
        protectedResourceConditions: {
          ...SELECTION.protectedResourceConditions,
          stringNotEquals: [{ key: "aws:ResourceTag/a", value: "b" }],
        },
      },
      ["protectedResourceConditions weakens"],
    ],
    [
      "keeps what was restored for a shorter time",
      { ...SELECTION, validationWindowHours: 1 },
      ["validationWindowHours weakens"],
    ],
    [
      "restores with another role",
      { ...SELECTION, iamRoleArn: `${SELECTION.iamRoleArn}-2` },
      ["iamRoleArn neutral fails-jobs"],
    ],
    ["spells the wildcard out", { ...SELECTION, protectedResourceArns: ["*"] }, []],
  ])("%s", (_name, to, expected) => {
    expect(effects(restoreTestingSelection, SELECTION, to)).toEqual(expected);
  });

  it("never shows how it is restored: AWS marks the values as sensitive, and tells the keys' case apart in nothing", () => {
    const [one, two] = [{ SubnetIds: "subnet-1" }, { subnetids: "subnet-1" }].map((restoreMetadataOverrides) =>
      restoreTestingSelection.normalise({ ...SELECTION, restoreMetadataOverrides }),
    );
    expect(one).toEqual(two);
    expect(JSON.stringify(one)).not.toContain("subnet-1");
  });
});
