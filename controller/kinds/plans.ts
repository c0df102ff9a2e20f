import type { BackupPlansListMember } from "@aws-sdk/client-backup";
import { listBackupPlans } from "../aws/backup-operations.ts";
import type { Call } from "../aws/operation.ts";
import { pages } from "../aws/pages.ts";
import { FLEET_TAG, RESOURCE_TAG } from "./tags.ts";

/** A plan as listed: without its rules (semantics §2.2). */
export type PlanMember = BackupPlansListMember & { readonly id: string; readonly arn: string };

/** Every plan of a target that is not deleted, AWS's and an organization's own included. */
export async function* plansOf(call: Call<typeof listBackupPlans>): AsyncGenerator<PlanMember> {
  for await (const page of pages(listBackupPlans.name, (NextToken) => call(listBackupPlans, { NextToken })))
    for (const plan of page.BackupPlansList ?? []) {
      const { BackupPlanId: id, BackupPlanArn: arn, DeletionDate } = plan;
      if (id !== undefined && arn !== undefined && DeletionDate === undefined) yield { ...plan, id, arn };
    }
}

const MARK = "plan/";

/** The name a plan goes by: of its ownership mark where it bears our fleet's, else AWS's, which others may share (semantics §2.1). */
export function planNameOf(plan: PlanMember, tags: Readonly<Record<string, string>>, fleet: string): string {
  const mark = tags[FLEET_TAG] === fleet ? tags[RESOURCE_TAG] : undefined;
  const marked = mark?.startsWith(MARK) === true ? mark.slice(MARK.length) : "";
  return marked || (plan.BackupPlanName ?? plan.id);
}
