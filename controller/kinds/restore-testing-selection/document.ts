import type { KeyValue, RestoreTestingSelectionForGet } from "@aws-sdk/client-backup";
import { veiled } from "./normalise.ts";
import type { RestoreTestingSelectionSpec, RestoreTestingSelectionState, TagCondition } from "./spec.ts";

/**
 * A selection as create and update send it, all of it: whether an update keeps what it leaves out is not known, and a list that is not sent
 * was seen to stay (semantics §6.1, hashicorp/terraform-provider-aws#48316).
 */
export const toSelection = (spec: RestoreTestingSelectionSpec) => ({
  IamRoleArn: spec.iamRoleArn,
  ProtectedResourceArns: spec.protectedResourceArns ?? ["*"],
  ProtectedResourceConditions: {
    StringEquals: toTests(spec.protectedResourceConditions?.stringEquals),
    StringNotEquals: toTests(spec.protectedResourceConditions?.stringNotEquals),
  },
  RestoreMetadataOverrides: spec.restoreMetadataOverrides ?? {},
  ValidationWindowHours: spec.validationWindowHours ?? 0,
});

const toTests = (tests: readonly TagCondition[] = []): KeyValue[] =>
  tests.map(({ key, value }) => ({ Key: key, Value: value }));

/** A selection as it was read, in a spec's words. */
export const fromSelection = (
  found: RestoreTestingSelectionForGet,
): Omit<RestoreTestingSelectionState, "planName" | "selectionName"> => ({
  protectedResourceType: found.ProtectedResourceType ?? "",
  iamRoleArn: found.IamRoleArn ?? "",
  protectedResourceArns: found.ProtectedResourceArns,
  protectedResourceConditions: {
    stringEquals: fromTests(found.ProtectedResourceConditions?.StringEquals),
    stringNotEquals: fromTests(found.ProtectedResourceConditions?.StringNotEquals),
  },
  restoreMetadataOverrides: veiled(found.RestoreMetadataOverrides),
  validationWindowHours: found.ValidationWindowHours,
});

const fromTests = (tests: readonly KeyValue[] = []): TagCondition[] =>
  tests.map(({ Key, Value }) => ({ key: Key ?? "", value: Value ?? "" }));
