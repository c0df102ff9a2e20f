import {
  createRestoreTestingPlan,
  deleteRestoreTestingPlan,
  getRestoreTestingPlan,
  listRestoreTestingPlans,
  listTags,
  tagResource,
  updateRestoreTestingPlan,
} from "../../aws/backup-operations.ts";
import { step } from "../../aws/operation.ts";
import { moreProtects } from "../../domain/effect.ts";
import { unless } from "../../domain/errors.ts";
import { defineKind } from "../define-kind.ts";
import { managedTags, ordinaryTags, ownershipTags } from "../ownership.ts";
import { excludedEffect, includedEffect, startWindowHazards, testSchedule, typesEffect } from "./effects.ts";
import { listTestingPlans, updateOf } from "./list.ts";
import { normaliseTestingPlan } from "./normalise.ts";
import { RestoreTestingPlanSpec, RestoreTestingPlanState } from "./spec.ts";

/** Everything is sent each time: whether an update keeps what it leaves out is not known (semantics §6.1). */
const toDocument = (spec: RestoreTestingPlanSpec) => {
  const {
    scheduleExpression,
    scheduleExpressionTimezone,
    startWindowHours,
    recoveryPointSelection: points,
  } = normaliseTestingPlan(spec);
  return {
    ScheduleExpression: scheduleExpression,
    ScheduleExpressionTimezone: scheduleExpressionTimezone,
    StartWindowHours: startWindowHours,
    RecoveryPointSelection: {
      Algorithm: points.algorithm,
      RecoveryPointTypes: points.recoveryPointTypes,
      IncludeVaults: points.includeVaults,
      ExcludeVaults: points.excludeVaults ?? [],
      SelectionWindowDays: points.selectionWindowDays,
    },
  };
};

/** When restores are tested, and of which recovery points. What is tested is the restore-testing-selection kind's. */
export const restoreTestingPlan = defineKind<RestoreTestingPlanSpec, RestoreTestingPlanState>({
  name: "restore-testing-plan",
  after: ["vault"],
  spec: RestoreTestingPlanSpec,
  state: RestoreTestingPlanState,
  list: step("observe")([listRestoreTestingPlans, getRestoreTestingPlan, listTags], listTestingPlans),

  normalise: normaliseTestingPlan,
  // A live plan may hold what a manifest may not say: it is only compared, so it keeps AWS's values under the spec's names.
  observed: ({ updatedOn: _on, tags, ...plan }) =>
    normaliseTestingPlan({ ...plan, tags: ordinaryTags(tags) } as RestoreTestingPlanSpec),
  fields: {
    scheduleExpression: { effect: testSchedule, on: "in-place" },
    scheduleExpressionTimezone: { effect: testSchedule, on: "in-place" },
    startWindowHours: { effect: "neutral", on: "in-place", hazards: startWindowHazards },
    recoveryPointSelection: {
      algorithm: { effect: "neutral", on: "in-place" },
      recoveryPointTypes: { effect: typesEffect, on: "in-place" },
      includeVaults: { effect: includedEffect, on: "in-place" },
      excludeVaults: { effect: excludedEffect, on: "in-place" },
      selectionWindowDays: { effect: moreProtects, on: "in-place" },
    },
    tags: { effect: "neutral", on: "in-place", unset: "not-managed", managed: managedTags },
  },
  creation: { effect: () => "strengthens" },
  removal: { effect: () => "weakens" },
  // AWS deletes a plan without selections only.
  contains: {
    kind: "restore-testing-selection",
    holds: ({ key }, one) => one.key.name.startsWith(`${key.name}/`),
  },

  create: step("apply")([createRestoreTestingPlan], async (call, _target, { key, spec }, { fleet, token }) => {
    await call(createRestoreTestingPlan, {
      RestoreTestingPlan: { RestoreTestingPlanName: key.name, ...toDocument(spec) },
      Tags: { ...spec.tags, ...ownershipTags(fleet, "restore-testing-plan", key.name) },
      // The SDK makes none up by itself here (semantics §0.4).
      CreatorRequestId: token,
    });
  }),

  update: step("apply")(
    [getRestoreTestingPlan, updateRestoreTestingPlan, tagResource],
    async (call, _target, { key, spec }, { id, state }, fields) => {
      const named = { RestoreTestingPlanName: key.name };
      const now = await unless("missing", call(getRestoreTestingPlan, named), undefined);
      if (now?.RestoreTestingPlan?.RestoreTestingPlanArn !== id) return "moved";
      if (updateOf(now.RestoreTestingPlan) !== state.updatedOn) return "moved";
      if (fields.some(({ path }) => path !== "tags"))
        await call(updateRestoreTestingPlan, { ...named, RestoreTestingPlan: toDocument(spec) });
      if (spec.tags && fields.some(({ path }) => path === "tags"))
        await call(tagResource, { ResourceArn: id, Tags: spec.tags });
      return "updated";
    },
  ),

  adopt: step("apply")([tagResource], async (call, _target, { key }, live, { fleet }) => {
    await call(tagResource, { ResourceArn: live.id, Tags: ownershipTags(fleet, "restore-testing-plan", key.name) });
  }),

  remove: step("apply")([deleteRestoreTestingPlan], async (call, _target, { key }) => {
    await call(deleteRestoreTestingPlan, { RestoreTestingPlanName: key.name });
  }),

  examples: {
    smallest: {
      scheduleExpression: "cron(0 4 1 * ? *)",
      recoveryPointSelection: {
        algorithm: "LATEST_WITHIN_WINDOW",
        recoveryPointTypes: ["SNAPSHOT"],
        includeVaults: ["*"],
      },
    },
    fullest: {
      scheduleExpression: "cron(0 4 ? * 1 *)",
      scheduleExpressionTimezone: "Europe/Berlin",
      startWindowHours: 8,
      recoveryPointSelection: {
        algorithm: "RANDOM_WITHIN_WINDOW",
        recoveryPointTypes: ["SNAPSHOT", "CONTINUOUS"],
        includeVaults: [
          "arn:aws:backup:*:*:backup-vault:nightly",
          "arn:aws:backup:eu-west-1:444455556666:backup-vault:app-*",
        ],
        excludeVaults: ["arn:aws:backup:*:*:backup-vault:app-scratch"],
        selectionWindowDays: 60,
      },
      tags: { owner: "platform" },
    },
  },
});
