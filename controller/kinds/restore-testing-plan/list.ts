import type { RestoreTestingPlanForGet } from "@aws-sdk/client-backup";
import { getRestoreTestingPlan, listRestoreTestingPlans, listTags } from "../../aws/backup-operations.ts";
import type { Call } from "../../aws/operation.ts";
import { failureOf, unless } from "../../domain/errors.ts";
import type { Target } from "../../domain/identity.ts";
import type { Live, Unread } from "../../domain/live.ts";
import type { ListContext } from "../kind.ts";
import { tagsOf } from "../listing.ts";
import { marksOf, ownershipOf } from "../ownership.ts";
import { testingPlansOf } from "../testing-plans.ts";
import type { RestoreTestingPlanState } from "./spec.ts";

type Listing = Call<typeof listRestoreTestingPlans | typeof getRestoreTestingPlan | typeof listTags>;

/** Every restore testing plan of a target, each with the points it tests. */
export async function* listTestingPlans(
  call: Listing,
  target: Target,
  { fleet }: ListContext,
): AsyncGenerator<Live<RestoreTestingPlanState> | Unread> {
  for await (const { name, arn } of testingPlansOf(call)) {
    const key = { target, kind: "restore-testing-plan", name };
    try {
      const named = { RestoreTestingPlanName: name };
      // Deleted since it was listed.
      const found = await unless("missing", call(getRestoreTestingPlan, named), undefined);
      if (found?.RestoreTestingPlan === undefined) continue;
      const tags = await tagsOf(call, arn);
      const ownership = ownershipOf(tags, fleet, "restore-testing-plan", name);
      yield { key, id: arn, ownership, ...marksOf(tags), state: toState(found.RestoreTestingPlan, tags) };
    } catch (error) {
      yield { unread: arn, key, failure: failureOf(error) };
    }
  }
}

function toState(plan: RestoreTestingPlanForGet, tags: Readonly<Record<string, string>>): RestoreTestingPlanState {
  const points = plan.RecoveryPointSelection;
  return {
    scheduleExpression: plan.ScheduleExpression ?? "",
    scheduleExpressionTimezone: plan.ScheduleExpressionTimezone,
    startWindowHours: plan.StartWindowHours,
    recoveryPointSelection: {
      algorithm: points?.Algorithm ?? "",
      recoveryPointTypes: points?.RecoveryPointTypes ?? [],
      includeVaults: points?.IncludeVaults ?? [],
      excludeVaults: points?.ExcludeVaults,
      selectionWindowDays: points?.SelectionWindowDays,
    },
    tags: { ...tags },
    updatedOn: updateOf(plan),
  };
}

/** Which writing of a plan this is: there is no version, and the last write wins. */
export const updateOf = (plan: RestoreTestingPlanForGet | undefined): string | undefined =>
  plan?.LastUpdateTime?.toISOString();
