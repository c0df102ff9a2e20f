import * as z from "zod";
import { Name50 } from "../../kinds/plan/spec.ts";
import { SelectionSpec } from "../../kinds/selection/spec.ts";
import { selectionLimits } from "../limits/selection.ts";
import { adoptable, placed } from "./common.ts";
import { defineManifest } from "./manifest-kind.ts";

export const BackupSelectionSpec = z.strictObject({
  ...placed,
  ...adoptable,
  plan: Name50.describe("The plan's name in AWS Backup."),
  ...SelectionSpec.shape,
});
export type BackupSelectionSpec = z.infer<typeof BackupSelectionSpec>;

export const backupSelection = defineManifest<BackupSelectionSpec>({
  kind: "BackupSelection",
  declares: "One selection on a backup plan that another team owns: what to protect is yours, how is theirs.",
  name: Name50,
  spec: BackupSelectionSpec,
  limits: (_name, spec, setting) => selectionLimits(spec, [], setting),
  parts: function* (name, { plan, iamRoleArn, resources, notResources, listOfTags, conditions }) {
    const spec = { iamRoleArn, resources, notResources, listOfTags, conditions };
    yield { kind: "selection", name: `${plan}/${name}`, path: [], want: "present", spec };
  },
  smallest: `apiVersion: holdfast/v1
kind: BackupSelection
metadata: { name: payments }
spec:
  targets: { groups: [everywhere] }
  plan: nightly
  iamRoleArn: arn:\${partition}:iam::\${account}:role/backup
  listOfTags:
    - { key: team, value: payments }
`,
});
