import type {
  BackupSelection,
  Condition,
  ConditionParameter,
  Conditions as WireConditions,
} from "@aws-sdk/client-backup";
import type { Conditions, SelectionSpec, TagCondition } from "./spec.ts";

/** The selection as create sends it, under a name that may be a successor's. */
export const toSelection = (name: string, spec: SelectionSpec): BackupSelection => ({
  SelectionName: name,
  IamRoleArn: spec.iamRoleArn,
  Resources: spec.resources,
  NotResources: spec.notResources,
  ListOfTags: spec.listOfTags?.map(({ key, value }) => ({
    ConditionType: "STRINGEQUALS",
    ConditionKey: key,
    ConditionValue: value,
  })),
  Conditions: spec.conditions && toConditions(spec.conditions),
});

const toConditions = (conditions: Conditions): WireConditions => ({
  StringEquals: conditions.stringEquals?.map(toTest),
  StringNotEquals: conditions.stringNotEquals?.map(toTest),
  StringLike: conditions.stringLike?.map(toTest),
  StringNotLike: conditions.stringNotLike?.map(toTest),
});

const toTest = ({ key, value }: TagCondition): ConditionParameter => ({ ConditionKey: key, ConditionValue: value });

/** A selection as GetBackupSelection reports it, in a spec's words. */
export const fromSelection = (selection: BackupSelection): SelectionSpec => ({
  iamRoleArn: selection.IamRoleArn ?? "",
  resources: selection.Resources,
  notResources: selection.NotResources,
  listOfTags: fromTests(selection.ListOfTags),
  conditions: selection.Conditions && {
    stringEquals: fromTests(selection.Conditions.StringEquals),
    stringNotEquals: fromTests(selection.Conditions.StringNotEquals),
    stringLike: fromTests(selection.Conditions.StringLike),
    stringNotLike: fromTests(selection.Conditions.StringNotLike),
  },
});

const fromTests = (
  tests: readonly Pick<Condition, "ConditionKey" | "ConditionValue">[] | readonly ConditionParameter[] | undefined,
): TagCondition[] | undefined =>
  tests?.map(({ ConditionKey, ConditionValue }) => ({ key: ConditionKey ?? "", value: ConditionValue ?? "" }));
