import type { BackupSelectionsListMember } from "@aws-sdk/client-backup";
import { getBackupSelection, listBackupPlans, listBackupSelections, listTags } from "../../aws/backup-operations.ts";
import type { Call } from "../../aws/operation.ts";
import { failureOf } from "../../domain/errors.ts";
import type { ResourceKey, Target } from "../../domain/identity.ts";
import type { Live, Unread } from "../../domain/live.ts";
import type { ListContext } from "../kind.ts";
import { pages } from "../../aws/pages.ts";
import { isReserved, tagsOf } from "../listing.ts";
import { marksOf } from "../ownership.ts";
import { planNameOf, type PlanMember, plansOf } from "../plans.ts";
import { type Claim, claimOf } from "../request-mark.ts";
import type { SelectionState } from "../selection-state.ts";
import { fromSelection } from "./document.ts";
import { namesBehind } from "./identity.ts";

type Listing = Call<typeof listBackupPlans | typeof listBackupSelections | typeof getBackupSelection | typeof listTags>;

/** Every selection of every plan, with its content: the list alone has none (semantics §3.1). */
export async function* listSelections(
  call: Listing,
  target: Target,
  context: ListContext,
): AsyncGenerator<Live<SelectionState> | Unread> {
  for await (const plan of plansOf(call)) {
    try {
      const tags = await planTags(call, plan);
      const name = planNameOf(plan, tags, context.fleet);
      for await (const member of selectionsOf(call, plan.id))
        yield await readSelection(call, member, { ...plan, name, marks: marksOf(tags) }, target, context);
    } catch (error) {
      // Which selections the plan has is not known, so any that is missing may be among them.
      yield { unread: plan.arn, failure: failureOf(error) };
    }
  }
}

export type SelectionMember = BackupSelectionsListMember & { readonly id: string; readonly name: string };

export async function* selectionsOf(
  call: Call<typeof listBackupSelections>,
  planId: string,
): AsyncGenerator<SelectionMember> {
  const read = (NextToken: string | undefined) => call(listBackupSelections, { BackupPlanId: planId, NextToken });
  for await (const page of pages(listBackupSelections.name, read))
    for (const member of page.BackupSelectionsList ?? []) {
      const { SelectionId: id, SelectionName: name } = member;
      if (id !== undefined && name !== undefined) yield { ...member, id, name };
    }
}

/** AWS's own plans and an organization's bear no mark of ours. */
export const planTags = async (call: Call<typeof listTags>, plan: PlanMember) =>
  isReserved(plan.id) ? {} : tagsOf(call, plan.arn);

/** A selection's plan, by the name it goes by. What its tags say of other managers and of break glass goes for its selections too. */
interface NamedPlan extends PlanMember {
  readonly name: string;
  readonly marks: ReturnType<typeof marksOf>;
}

async function readSelection(
  call: Call<typeof getBackupSelection>,
  member: SelectionMember,
  plan: NamedPlan,
  target: Target,
  context: ListContext,
): Promise<Live<SelectionState> | Unread> {
  const { key, ownership, generation } = claim(member, plan, target, context);
  try {
    // Not found although listed: AWS shows a new one up to two minutes late (semantics §0.5), so it is unread and not gone.
    const found = await call(getBackupSelection, { BackupPlanId: plan.id, SelectionId: member.id });
    const content = fromSelection(found.BackupSelection ?? { SelectionName: undefined, IamRoleArn: undefined });
    const facts = {
      planId: plan.id,
      selectionName: member.name,
      generation,
      creatorRequestId: member.CreatorRequestId,
    };
    return { key, id: member.id, ownership, ...plan.marks, state: { ...facts, ...content } };
  } catch (error) {
    return { unread: member.id, key, failure: failureOf(error) };
  }
}

/** What is in AWS's own plans and an organization's is theirs, whatever its request id says. */
function claim(member: SelectionMember, plan: NamedPlan, target: Target, context: ListContext): Claim {
  const keyOf = (name: string): ResourceKey => ({ target, kind: "selection", name: `${plan.name}/${name}` });
  const key = keyOf(member.name);
  if (isReserved(plan.id)) return { key, ownership: "foreign", generation: 0 };
  const keys = namesBehind(member.name).map(keyOf);
  return claimOf({ id: member.id, requestId: member.CreatorRequestId, key, keys }, context);
}
