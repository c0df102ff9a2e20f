import type { GetBackupPlanOutput } from "@aws-sdk/client-backup";
import { getBackupPlan, listBackupPlans, listTags } from "../../aws/backup-operations.ts";
import type { Call } from "../../aws/operation.ts";
import { failureOf, unless } from "../../domain/errors.ts";
import type { ResourceKey, Target } from "../../domain/identity.ts";
import type { Live, Unread } from "../../domain/live.ts";
import type { ListContext } from "../kind.ts";
import { isReserved, tagsOf } from "../listing.ts";
import { marksOf, ownershipOf } from "../ownership.ts";
import type { PlanState } from "../plan-state.ts";
import { planNameOf, plansOf, type PlanMember } from "../plans.ts";
import { fromAdvancedSettings, fromRule, fromScanSettings } from "./document.ts";

type Listing = Call<typeof listBackupPlans | typeof getBackupPlan | typeof listTags>;
type Tags = Readonly<Record<string, string>>;

/** Every plan of a target, with its document: the list alone has no rules (semantics §2.2). */
export async function* listPlans(
  call: Listing,
  target: Target,
  context: ListContext,
): AsyncGenerator<Live<PlanState> | Unread> {
  for await (const plan of plansOf(call)) yield* readPlan(call, plan, target, context);
}

/** Tags first: they tell the name a plan goes by, so that one whose document cannot be read makes no other plan unknown. */
async function* readPlan(
  call: Listing,
  plan: PlanMember,
  target: Target,
  { fleet }: ListContext,
): AsyncGenerator<Live<PlanState> | Unread> {
  let key: ResourceKey | undefined;
  try {
    const tags = isReserved(plan.id) ? {} : await tagsOf(call, plan.arn);
    const name = planNameOf(plan, tags, fleet);
    key = { target, kind: "plan", name };
    const document = await unless("missing", call(getBackupPlan, { BackupPlanId: plan.id }), undefined);
    // Deleted since it was listed: AWS may still show it, with the date (semantics §2.2).
    if (document === undefined || document.DeletionDate !== undefined) return;
    const ownership = isReserved(plan.id) ? "foreign" : ownershipOf(tags, fleet, "plan", name);
    yield { key, id: plan.arn, ownership, ...marksOf(tags), state: toState(plan, document, tags) };
  } catch (error) {
    yield { unread: plan.arn, ...(key && { key }), failure: failureOf(error) };
  }
}

function toState(member: PlanMember, found: GetBackupPlanOutput, tags: Tags): PlanState {
  const plan = found.BackupPlan;
  return {
    planId: member.id,
    name: plan?.BackupPlanName ?? member.BackupPlanName ?? member.id,
    versionId: found.VersionId ?? "",
    creatorRequestId: found.CreatorRequestId,
    rules: (plan?.Rules ?? []).map(fromRule),
    // The settings inside the document come back empty (semantics §2.2).
    advancedBackupSettings: fromAdvancedSettings(found.AdvancedBackupSettings),
    // These do come back inside it, as Terraform's provider reads them (hashicorp/terraform-provider-aws#45392).
    scanSettings: fromScanSettings(plan?.ScanSettings),
    tags: { ...tags },
  };
}
