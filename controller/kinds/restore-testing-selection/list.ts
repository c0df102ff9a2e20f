import {
  getRestoreTestingSelection,
  listRestoreTestingPlans,
  listRestoreTestingSelections,
  listTags,
} from "../../aws/backup-operations.ts";
import type { Call } from "../../aws/operation.ts";
import { failureOf, unless } from "../../domain/errors.ts";
import type { Target } from "../../domain/identity.ts";
import type { Live, Unread } from "../../domain/live.ts";
import type { ListContext } from "../kind.ts";
import { pages } from "../../aws/pages.ts";
import { tagsOf } from "../listing.ts";
import { marksOf } from "../ownership.ts";
import { claimOf } from "../request-mark.ts";
import { testingPlansOf, type TestingPlanMember } from "../testing-plans.ts";
import { fromSelection } from "./document.ts";
import type { RestoreTestingSelectionState } from "./spec.ts";

type Listing = Call<
  | typeof listRestoreTestingPlans
  | typeof listRestoreTestingSelections
  | typeof getRestoreTestingSelection
  | typeof listTags
>;

/** Every selection of every restore testing plan, with its content: the list alone has no resources (semantics §6.1). */
export async function* listTestingSelections(
  call: Listing,
  target: Target,
  context: ListContext,
): AsyncGenerator<Live<RestoreTestingSelectionState> | Unread> {
  for await (const plan of testingPlansOf(call)) {
    try {
      const marks = marksOf(await tagsOf(call, plan.arn));
      for await (const name of namesIn(call, plan.name)) {
        const read = await readSelection(call, plan, name, { target, marks, ...context });
        if (read) yield read;
      }
    } catch (error) {
      // Which selections the plan has is not known, so any that is missing may be among them.
      yield { unread: plan.arn, failure: failureOf(error) };
    }
  }
}

async function* namesIn(call: Call<typeof listRestoreTestingSelections>, planName: string): AsyncGenerator<string> {
  const read = (NextToken: string | undefined) =>
    call(listRestoreTestingSelections, { RestoreTestingPlanName: planName, NextToken });
  for await (const page of pages(listRestoreTestingSelections.name, read))
    for (const { RestoreTestingSelectionName: name } of page.RestoreTestingSelections ?? [])
      if (name !== undefined) yield name;
}

interface Reading extends ListContext {
  readonly target: Target;
  /** What its plan's tags say of other managers and of break glass goes for its selections too. */
  readonly marks: ReturnType<typeof marksOf>;
}

async function readSelection(
  call: Call<typeof getRestoreTestingSelection>,
  plan: TestingPlanMember,
  name: string,
  reading: Reading,
): Promise<Live<RestoreTestingSelectionState> | Unread | undefined> {
  const key = { target: reading.target, kind: "restore-testing-selection", name: `${plan.name}/${name}` };
  // It has no id and no ARN of its own; its plan's ARN ends in a UUID, so that this is never another's.
  const id = `${plan.arn}/${name}`;
  try {
    const named = { RestoreTestingPlanName: plan.name, RestoreTestingSelectionName: name };
    const found = await unless("missing", call(getRestoreTestingSelection, named), undefined);
    // Deleted since it was listed.
    if (found?.RestoreTestingSelection === undefined) return undefined;
    const { CreatorRequestId: requestId, ...selection } = found.RestoreTestingSelection;
    const { ownership } = claimOf({ id, requestId, key }, reading);
    const state = { planName: plan.name, selectionName: name, ...fromSelection(selection) };
    return { key, id, ownership, ...reading.marks, state };
  } catch (error) {
    return { unread: id, key, failure: failureOf(error) };
  }
}
