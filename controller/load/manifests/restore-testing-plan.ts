import * as z from "zod";
import { RestoreTestingPlanSpec as PlanShape } from "../../kinds/restore-testing-plan/spec.ts";
import { RestoreTestingSelectionSpec } from "../../kinds/restore-testing-selection/spec.ts";
import { TestingName } from "../../kinds/testing-plans.ts";
import { Every, OnRestored, Rto, type TestClass } from "../../kinds/restore-test/spec.ts";
import { restoreTestingLimits } from "../limits/restore-testing.ts";
import { adoptable, placed } from "./common.ts";
import { defineManifest, type FleetWide, type Part } from "./manifest-kind.ts";

const NamedSelection = z.strictObject({
  name: TestingName.describe("Names the selection within its plan."),
  ...RestoreTestingSelectionSpec.shape,
  rto: Rto.describe("As the plan's, for this type of resource."),
});

export const RestoreTestingPlanSpec = z.strictObject({
  ...placed,
  ...adoptable,
  ...PlanShape.shape,
  every: Every,
  rto: Rto,
  onRestored: OnRestored.optional().describe(
    "Who looks at what was restored. Absent: a restore that completes counts as a success. See VALIDATORS.md.",
  ),
  selections: z.array(NamedSelection).max(30).optional().describe("What is tested, one type of resource each."),
});
export type RestoreTestingPlanSpec = z.infer<typeof RestoreTestingPlanSpec>;

function* parts(name: string, spec: RestoreTestingPlanSpec, { ownership }: FleetWide): Generator<Part> {
  const { scheduleExpression, scheduleExpressionTimezone, startWindowHours, recoveryPointSelection, tags } = spec;
  const { every, onRestored, selections = [] } = spec;
  const plan = { scheduleExpression, scheduleExpressionTimezone, startWindowHours, recoveryPointSelection, tags };
  yield { kind: "restore-testing-plan", name, path: [], want: "present", spec: plan };
  for (const [index, { name: selection, rto: _, ...rest }] of selections.entries())
    yield {
      kind: "restore-testing-selection",
      name: `${name}/${selection}`,
      path: ["selections", index],
      within: { kind: "restore-testing-plan", name },
      want: "present",
      spec: rest,
    };
  const classes = classesOf(spec);
  yield {
    kind: "restore-test",
    name,
    path: [],
    want: "rule",
    spec: {
      plan: name,
      every,
      ...(onRestored ? { onRestored } : {}),
      classes,
      ...(ownership ? { ownerTags: ownership.tags } : {}),
    },
    resourceTypes: classes.map(({ resourceType }) => resourceType),
  };
}

/** Selections of one type are one class: AWS tells of a job its plan and its type, not its selection. */
function classesOf({ rto, selections = [] }: RestoreTestingPlanSpec): readonly TestClass[] {
  const byType = Map.groupBy(selections, ({ protectedResourceType }) => protectedResourceType);
  return [...byType].map(([resourceType, all]) => {
    const own = all.find((one) => one.rto !== undefined)?.rto ?? rto;
    return {
      resourceType,
      ...(all.length === 1 ? { selection: all[0]!.name } : {}),
      ...(own === undefined ? {} : { rto: own }),
      validationWindowHours: Math.max(...all.map(({ validationWindowHours = 0 }) => validationWindowHours)),
    };
  });
}

export const restoreTestingPlan = defineManifest<RestoreTestingPlanSpec>({
  kind: "RestoreTestingPlan",
  declares:
    "Restore tests: when and of what, how often with success, how long a restore may take, and who looks at it.",
  name: TestingName,
  spec: RestoreTestingPlanSpec,
  limits: (name, spec, setting) => restoreTestingLimits(name, spec, setting),
  parts,
  smallest: `apiVersion: holdfast/v1
kind: RestoreTestingPlan
metadata: { name: monthly }
spec:
  targets: { groups: [everywhere] }
  scheduleExpression: cron(0 4 1 * ? *)
  recoveryPointSelection:
    algorithm: LATEST_WITHIN_WINDOW
    recoveryPointTypes: [SNAPSHOT]
    includeVaults: ["*"]
  selections:
    - name: volumes
      protectedResourceType: EBS
      iamRoleArn: arn:\${partition}:iam::\${account}:role/restore-tests
`,
});
