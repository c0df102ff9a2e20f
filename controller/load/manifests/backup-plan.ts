import * as z from "zod";
import { Name50, PlanSpec } from "../../kinds/plan/spec.ts";
import { SelectionSpec } from "../../kinds/selection/spec.ts";
import { planLimits } from "../limits/plan.ts";
import { adoptable, placed } from "./common.ts";
import { defineManifest, type Part } from "./manifest-kind.ts";

const NamedSelection = z.strictObject({
  name: Name50.describe("Names the selection within its plan."),
  ...SelectionSpec.shape,
});

export const BackupPlanSpec = z.strictObject({
  ...placed,
  ...adoptable,
  ...PlanSpec.shape,
  selections: z.array(NamedSelection).max(99).optional().describe("What the plan protects, in named selections."),
});
export type BackupPlanSpec = z.infer<typeof BackupPlanSpec>;

function* parts(name: string, spec: BackupPlanSpec): Generator<Part> {
  const { rules, advancedBackupSettings, scanSettings, tags, selections = [] } = spec;
  yield {
    kind: "plan",
    name,
    path: [],
    want: "present",
    spec: { rules, advancedBackupSettings, scanSettings, tags },
  };
  for (const [index, { name: selection, ...rest }] of selections.entries())
    yield {
      kind: "selection",
      name: `${name}/${selection}`,
      path: ["selections", index],
      within: { kind: "plan", name },
      want: "present",
      spec: rest,
    };
}

export const backupPlan = defineManifest<BackupPlanSpec>({
  kind: "BackupPlan",
  declares: "A backup plan: its rules with their lifecycles and copies, its settings, and what it selects.",
  name: Name50,
  spec: BackupPlanSpec,
  limits: planLimits,
  parts,
  smallest: `apiVersion: holdfast/v1
kind: BackupPlan
metadata: { name: nightly }
spec:
  targets: { groups: [everywhere] }
  rules:
    - ruleName: daily
      targetBackupVaultName: nightly
`,
});
