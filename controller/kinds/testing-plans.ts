import type { RestoreTestingPlanForList } from "@aws-sdk/client-backup";
import * as z from "zod";
import { listRestoreTestingPlans } from "../aws/backup-operations.ts";
import type { Call } from "../aws/operation.ts";
import { pages } from "../aws/pages.ts";

/** AWS's alphabet for restore testing plans and their selections: unlike elsewhere, no hyphen (semantics §6.1). */
export const TestingName = z.string().regex(/^[A-Za-z0-9_]{1,50}$/, "1 to 50 letters, digits and _");

/** A restore testing plan as listed: without the points it tests (semantics §6.1). */
export type TestingPlanMember = RestoreTestingPlanForList & { readonly name: string; readonly arn: string };

/** Every restore testing plan of a target. Its name is AWS's own and unique. */
export async function* testingPlansOf(call: Call<typeof listRestoreTestingPlans>): AsyncGenerator<TestingPlanMember> {
  const read = (NextToken: string | undefined) => call(listRestoreTestingPlans, { NextToken });
  for await (const page of pages(listRestoreTestingPlans.name, read))
    for (const plan of page.RestoreTestingPlans ?? []) {
      const { RestoreTestingPlanName: name, RestoreTestingPlanArn: arn } = plan;
      if (name !== undefined && arn !== undefined) yield { ...plan, name, arn };
    }
}
