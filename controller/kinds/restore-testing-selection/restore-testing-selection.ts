import {
  createRestoreTestingSelection,
  deleteRestoreTestingSelection,
  getRestoreTestingSelection,
  listRestoreTestingPlans,
  listRestoreTestingSelections,
  listTags,
  updateRestoreTestingSelection,
} from "../../aws/backup-operations.ts";
import { step } from "../../aws/operation.ts";
import { unless } from "../../domain/errors.ts";
import { defineKind } from "../define-kind.ts";
import { toSelection } from "./document.ts";
import { conditionsEffect, resourcesEffect, windowEffect } from "./effects.ts";
import { listTestingSelections } from "./list.ts";
import { normaliseTestingSelection } from "./normalise.ts";
import { RestoreTestingSelectionSpec, RestoreTestingSelectionState } from "./spec.ts";

const looking = [listRestoreTestingPlans, listRestoreTestingSelections, getRestoreTestingSelection, listTags] as const;

/** A key's two parts: the plan it is within, and its own name. Neither name can hold a slash. */
const partsOf = (name: string) => {
  const [plan = "", selection = ""] = name.split("/");
  return { RestoreTestingPlanName: plan, RestoreTestingSelectionName: selection };
};

/** What is restored as a test, one type of resource each. Unlike a backup plan's selection it changes in place, but for its type. */
export const restoreTestingSelection = defineKind<RestoreTestingSelectionSpec, RestoreTestingSelectionState>({
  name: "restore-testing-selection",
  after: ["restore-testing-plan"],
  spec: RestoreTestingSelectionSpec,
  state: RestoreTestingSelectionState,
  list: step("observe")(looking, listTestingSelections),

  normalise: normaliseTestingSelection,
  // A live selection may hold what a manifest may not say: it is only compared.
  observed: ({ planName: _plan, selectionName: _name, ...selection }) =>
    normaliseTestingSelection(selection as RestoreTestingSelectionSpec),
  fields: {
    // Its name is taken until it is gone, so that no successor could be made beside it.
    protectedResourceType: { effect: "weakens", on: "never" },
    iamRoleArn: { effect: "neutral", on: "in-place", hazards: () => ["fails-jobs"] },
    protectedResourceArns: { effect: resourcesEffect, on: "in-place" },
    protectedResourceConditions: { effect: conditionsEffect, on: "in-place" },
    restoreMetadataOverrides: { effect: "neutral", on: "in-place" },
    validationWindowHours: { effect: windowEffect, on: "in-place" },
  },
  creation: { effect: () => "strengthens" },
  removal: { effect: () => "weakens" },

  create: step("apply")([createRestoreTestingSelection], async (call, _target, { key, spec }, { token }) => {
    const { RestoreTestingPlanName, RestoreTestingSelectionName } = partsOf(key.name);
    await call(createRestoreTestingSelection, {
      RestoreTestingPlanName,
      RestoreTestingSelection: {
        RestoreTestingSelectionName,
        ProtectedResourceType: spec.protectedResourceType,
        ...toSelection(spec),
      },
      // The token is a request mark: it is all there is to tell whose a selection is (rule 19).
      CreatorRequestId: token,
    });
  }),

  update: step("apply")([updateRestoreTestingSelection], async (call, _target, { key, spec }) => {
    const RestoreTestingSelection = toSelection(spec);
    await call(updateRestoreTestingSelection, { ...partsOf(key.name), RestoreTestingSelection });
    return "updated";
  }),

  remove: step("apply")([deleteRestoreTestingSelection], async (call, _target, { key }) => {
    await unless("missing", call(deleteRestoreTestingSelection, partsOf(key.name)), undefined);
  }),

  examples: {
    smallest: {
      protectedResourceType: "EBS",
      iamRoleArn: "arn:aws:iam::444455556666:role/restore-tests",
      protectedResourceArns: ["*"],
    },
    fullest: {
      protectedResourceType: "EC2",
      iamRoleArn: "arn:aws:iam::444455556666:role/restore-tests",
      protectedResourceConditions: {
        stringEquals: [{ key: "aws:ResourceTag/env", value: "production" }],
        stringNotEquals: [{ key: "aws:ResourceTag/tier", value: "scratch" }],
      },
      restoreMetadataOverrides: { instanceType: "t3.nano" },
      validationWindowHours: 24,
    },
  },
});
