/** Backup selections (semantics §3). They have no update, no ARN and no tags: a change is a new one and the old one's deletion. */
import type {
  BackupSelection,
  CreateBackupSelectionInput,
  CreateBackupSelectionOutput,
  DeleteBackupSelectionInput,
  GetBackupSelectionInput,
  GetBackupSelectionOutput,
  ListBackupSelectionsInput,
  ListBackupSelectionsOutput,
} from "@aws-sdk/client-backup";
import type { BackupContext, Checked } from "./contract.ts";
import { checkCreatorRequestId } from "./creator-request-id.ts";
import { digestOf } from "./digest.ts";
import { alreadyExists, invalidParameter, limitExceeded, notFound } from "./errors.ts";
import { pageOf } from "./paging.ts";
import { livePlan, refuseReadOnly } from "./plans.ts";
import { checkRole, checkSelection, normalised, usesTags } from "./selection-document.ts";
import { nextSequence, type BackupState, type Plan, type Selection } from "./state.ts";
import { addSeconds } from "./time.ts";

const mostSelections = 100;
const mostSelectionsWithTags = 10;

export function createBackupSelection(
  input: Checked<CreateBackupSelectionInput>,
  context: BackupContext,
): CreateBackupSelectionOutput {
  const { state } = context;
  const plan = planForSelection(state, input.BackupPlanId);
  refuseReadOnly(plan, "Cannot create selection");
  checkSelection(input.BackupSelection);
  checkCreatorRequestId(input.CreatorRequestId);
  checkRole(input.BackupSelection, state);
  const content = normalised(input.BackupSelection);
  const selection =
    replayed(plan, content, input.CreatorRequestId) ??
    addSelectionTo(state, withRoom(plan, content, state), {
      id: context.uuid(),
      content,
      creationDate: context.now,
      creatorRequestId: input.CreatorRequestId,
    });
  return { SelectionId: selection.id, BackupPlanId: plan.id, CreationDate: selection.creationDate };
}

export function getBackupSelection(
  input: Checked<GetBackupSelectionInput>,
  context: BackupContext,
): GetBackupSelectionOutput {
  const { state, now } = context;
  const plan = planForSelection(state, input.BackupPlanId);
  const selection = plan.selections.get(input.SelectionId);
  const seen = selection && addSeconds(selection.creationDate, state.world.options.lag.selectionVisible) <= now;
  if (seen !== true) throw notFound(`Cannot find Backup selection with ID ${input.SelectionId}`);
  return {
    BackupSelection: selection?.content,
    SelectionId: selection?.id,
    BackupPlanId: plan.id,
    CreationDate: selection?.creationDate,
    CreatorRequestId: selection?.creatorRequestId,
  };
}

/** Tells no content: that takes one GetBackupSelection each. */
export function listBackupSelections(
  input: Checked<ListBackupSelectionsInput>,
  context: BackupContext,
): ListBackupSelectionsOutput {
  const plan = livePlan(context.state, input.BackupPlanId);
  const page = pageOf(context, "ListBackupSelections", input, plan.selections);
  const members = page.rows.map((selection) => ({
    SelectionId: selection.id,
    SelectionName: selection.content.SelectionName,
    BackupPlanId: plan.id,
    CreationDate: selection.creationDate,
    CreatorRequestId: selection.creatorRequestId,
    IamRoleArn: selection.content.IamRoleArn,
  }));
  return { BackupSelectionsList: members, NextToken: page.NextToken };
}

export function deleteBackupSelection(input: Checked<DeleteBackupSelectionInput>, context: BackupContext): void {
  const plan = planForSelection(context.state, input.BackupPlanId);
  refuseReadOnly(plan, "Cannot delete selection");
  if (!plan.selections.delete(input.SelectionId)) {
    throw invalidParameter(`Cannot find Backup selection with ID ${input.SelectionId}`);
  }
  plan.lastSelectionDeletion = context.now;
}

interface NewSelection {
  readonly id: string;
  readonly content: BackupSelection;
  readonly creationDate: Date;
  readonly creatorRequestId: string | undefined;
}

/** Checks nothing. */
export function addSelectionTo(state: BackupState, plan: Plan, selection: NewSelection): Selection {
  return plan.selections.add(selection.id, { ...selection, planId: plan.id, sequence: nextSequence(state) });
}

/** Selection calls answer an unknown plan with InvalidParameterValueException, not with ResourceNotFoundException (semantics §3.7). */
function planForSelection(state: BackupState, id: string): Plan {
  const plan = state.plans.get(id);
  if (plan === undefined || plan.deletionDate !== undefined) {
    throw invalidParameter(`Cannot find Backup plan with ID ${id}`);
  }
  return plan;
}

function replayed(plan: Plan, content: BackupSelection, creatorRequestId: string | undefined): Selection | undefined {
  if (creatorRequestId === undefined) return undefined;
  for (const selection of plan.selections) {
    if (selection.creatorRequestId !== creatorRequestId) continue;
    if (digestOf(selection.content) === digestOf(content)) return selection;
    throw alreadyExists("Backup selection with the same creator request ID already exists", selection);
  }
  return undefined;
}

function withRoom(plan: Plan, content: BackupSelection, { world }: BackupState): Plan {
  const selections = [...plan.selections];
  if (selections.length >= mostSelections) {
    throw limitExceeded(`Backup selections per backup plan exceed ${mostSelections}`);
  }
  const withTags = selections.filter((selection) => usesTags(selection.content)).length;
  if (usesTags(content) && withTags >= mostSelectionsWithTags) {
    throw limitExceeded(`Backup selections that use tags exceed ${mostSelectionsWithTags} per backup plan`);
  }
  const namesake = selections.find((selection) => selection.content.SelectionName === content.SelectionName);
  if (namesake !== undefined && world.options.duplicateSelectionName === "already-exists") {
    throw alreadyExists("Backup selection with the same name already exists", namesake);
  }
  return plan;
}
