import * as z from "zod";
import {
  createBackupPlan,
  deleteBackupPlan,
  getBackupPlan,
  listBackupPlans,
  listTags,
  tagResource,
  updateBackupPlan,
} from "../../aws/backup-operations.ts";
import { type Call, step } from "../../aws/operation.ts";
import { AwsError, unless } from "../../domain/errors.ts";
import type { Live } from "../../domain/live.ts";
import type { GivenName } from "../../domain/naming.ts";
import { defineKind } from "../define-kind.ts";
import { isReserved, tagsOf } from "../listing.ts";
import { ordinaryTags, ownershipOf, ownershipTags } from "../ownership.ts";
import { PlanState } from "../plan-state.ts";
import { plansOf } from "../plans.ts";
import { destinationHazards, vaultsWrittenTo } from "./destinations.ts";
import { toDocument } from "./document.ts";
import { fullest, smallest } from "./examples.ts";
import { planFields } from "./fields.ts";
import { listPlans } from "./list.ts";
import { normalisePlan } from "./normalise.ts";
import { PlanSpec } from "./spec.ts";

const Selected = z.object({ planId: z.string() });

/** As AWS has them: an adopted plan keeps the name that somebody else gave it. */
const namesIn = ({ state: { planId, name, rules } }: Live<PlanState>): readonly GivenName[] =>
  isReserved(planId)
    ? []
    : [{ of: "plans", name }, ...rules.map(({ ruleName }) => ({ of: "rules" as const, name: ruleName }))];

/** A backup plan: its document and its tags. What it protects is the selection kind's. */
export const plan = defineKind<PlanSpec, PlanState>({
  name: "plan",
  // A job into a vault that is not there fails, and bounds and policies decide what may go in.
  after: ["vault", "vault-lock", "vault-policy"],
  spec: PlanSpec,
  state: PlanState,
  list: step("observe")([listBackupPlans, getBackupPlan, listTags], listPlans),

  normalise: normalisePlan,
  // A live plan may hold what a manifest may not say: it is only compared, so it keeps AWS's values under the spec's names.
  observed: ({ rules, advancedBackupSettings, scanSettings, tags }) =>
    normalisePlan({ rules, advancedBackupSettings, scanSettings, tags: ordinaryTags(tags) } as PlanSpec),
  fields: planFields,
  // What its rules commit to begins with a selection, and is judged there; a new plan has none.
  creation: { effect: () => "strengthens" },
  removal: { effect: () => "weakens" },
  hazards: destinationHazards,
  // AWS deletes a plan without selections only (semantics §2.5).
  contains: {
    kind: "selection",
    holds: ({ state }, one) => Selected.parse(one.state).planId === state.planId,
  },
  references: vaultsWrittenTo,
  names: namesIn,

  create: step("apply")(
    [createBackupPlan, listBackupPlans, listTags],
    async (call, _target, { key, spec }, { fleet, token }) => {
      const document = {
        BackupPlan: toDocument(key.name, spec),
        BackupPlanTags: { ...spec.tags, ...ownershipTags(fleet, "plan", key.name) },
        CreatorRequestId: token,
      };
      try {
        await call(createBackupPlan, document);
      } catch (error) {
        // An earlier answer was lost, or somebody else's plan has the very same document (semantics §0.4, §10).
        if (!isExists(error) || !(await haveOurs(call, fleet, key.name))) throw error;
      }
    },
  ),

  update: step("apply")(
    [getBackupPlan, updateBackupPlan, tagResource],
    async (call, _target, { spec }, { id, state }, fields) => {
      // The last write wins and there is no token (rule 17): what was planned against must still stand.
      const now = await unless("missing", call(getBackupPlan, { BackupPlanId: state.planId }), undefined);
      if (now?.VersionId !== state.versionId || now.DeletionDate !== undefined) return "moved";
      if (fields.some(({ path }) => path !== "tags"))
        await call(updateBackupPlan, { BackupPlanId: state.planId, BackupPlan: toDocument(state.name, spec) });
      if (spec.tags && fields.some(({ path }) => path === "tags"))
        await call(tagResource, { ResourceArn: id, Tags: spec.tags });
      return "updated";
    },
  ),

  adopt: step("apply")([tagResource], async (call, _target, { key }, live, { fleet }) => {
    await call(tagResource, { ResourceArn: live.id, Tags: ownershipTags(fleet, "plan", key.name) });
  }),

  remove: step("apply")([deleteBackupPlan], async (call, _target, { state }) => {
    await unless("missing", call(deleteBackupPlan, { BackupPlanId: state.planId }), undefined);
  }),

  examples: { smallest, fullest },
});

const isExists = (error: unknown): boolean => error instanceof AwsError && error.failure.kind === "exists";

/** Whether a plan bears both our marks under this name. */
async function haveOurs(
  call: Call<typeof listBackupPlans | typeof listTags>,
  fleet: string,
  name: string,
): Promise<boolean> {
  for await (const { arn } of plansOf(call))
    if (ownershipOf(await tagsOf(call, arn), fleet, "plan", name) === "ours") return true;
  return false;
}
