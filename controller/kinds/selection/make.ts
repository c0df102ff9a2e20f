import {
  createBackupSelection,
  getBackupSelection,
  listBackupPlans,
  listBackupSelections,
  listTags,
} from "../../aws/backup-operations.ts";
import type { Call } from "../../aws/operation.ts";
import { sameValue } from "../../domain/digest.ts";
import type { Wanted } from "../../domain/desired.ts";
import { AwsError, HoldfastError } from "../../domain/errors.ts";
import type { ResourceKey } from "../../domain/identity.ts";
import type { Naming } from "../kind.ts";
import { isReserved } from "../listing.ts";
import { ownershipOf } from "../ownership.ts";
import { planNameOf, plansOf } from "../plans.ts";
import { markOf, ownMark, readMark, showMark } from "../request-mark.ts";
import { fromSelection, toSelection } from "./document.ts";
import { freeName } from "./identity.ts";
import { partsOf } from "./judging.ts";
import { planTags, type SelectionMember, selectionsOf } from "./list.ts";
import { normaliseSelection } from "./normalise.ts";
import type { SelectionSpec } from "./spec.ts";

type Looking = Call<typeof listBackupPlans | typeof listBackupSelections | typeof getBackupSelection | typeof listTags>;

/**
 * Makes the selection, or its successor beside it. What is live decides the generation, so that the same call after a lost
 * answer finds its own work and makes nothing, and a successor never replays the id of what it succeeds (rules 19, 23).
 */
export async function makeSelection(
  call: Looking & Call<typeof createBackupSelection>,
  { key, spec }: Wanted<SelectionSpec>,
  { fleet, token }: Naming,
): Promise<void> {
  const planId = await findPlan(call, key, fleet);
  const beside = await Array.fromAsync(selectionsOf(call, planId));
  const newest = newestOf(beside, key, fleet);
  if (newest && (await isAlready(call, planId, newest.id, spec))) return;
  const floor = readMark(token)?.generation;
  if (floor === undefined) throw new HoldfastError("internal", `${token} is no selection's request id`);
  const generation = Math.max(floor, (newest?.generation ?? 0) + 1);
  const name = freeName(partsOf(key).name, new Set(beside.map((one) => one.name)));
  await call(createBackupSelection, {
    BackupPlanId: planId,
    BackupSelection: toSelection(name, spec),
    CreatorRequestId: showMark(markOf(fleet, key, generation)),
  });
}

/** The newest live selection that bears our mark for this key. */
function newestOf(beside: readonly SelectionMember[], key: ResourceKey, fleet: string) {
  const generations = beside.flatMap(({ id, CreatorRequestId }) => {
    const mark = ownMark(CreatorRequestId, fleet, key);
    return mark ? [{ id, generation: mark.generation }] : [];
  });
  return generations.toSorted((a, b) => b.generation - a.generation)[0];
}

async function isAlready(
  call: Call<typeof getBackupSelection>,
  planId: string,
  id: string,
  spec: SelectionSpec,
): Promise<boolean> {
  const { BackupSelection: found } = await call(getBackupSelection, { BackupPlanId: planId, SelectionId: id });
  return found !== undefined && sameValue(normaliseSelection(fromSelection(found)), normaliseSelection(spec));
}

/** The id of the plan that goes by the name a selection's key begins with: ours, where others share its name. */
async function findPlan(
  call: Call<typeof listBackupPlans | typeof listTags>,
  key: ResourceKey,
  fleet: string,
): Promise<string> {
  const { plan } = partsOf(key);
  const named: { readonly id: string; readonly ours: boolean }[] = [];
  for await (const one of plansOf(call)) {
    const tags = await planTags(call, one);
    if (!isReserved(one.id) && planNameOf(one, tags, fleet) === plan)
      named.push({ id: one.id, ours: ownershipOf(tags, fleet, "plan", plan) === "ours" });
  }
  const ours = named.filter((one) => one.ours);
  const [found, ...more] = ours.length > 0 ? ours : named;
  if (found && more.length === 0) return found.id;
  throw new AwsError({
    kind: found ? "conflict" : "missing",
    operation: listBackupPlans.name,
    message: `${named.length} plans are named ${plan}`,
  });
}
