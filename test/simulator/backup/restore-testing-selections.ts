/** What a restore testing plan tests: one type of resource each (semantics §6.1). A selection is known by its name within its plan and takes no tags. */
import type {
  CreateRestoreTestingSelectionInput,
  CreateRestoreTestingSelectionOutput,
  DeleteRestoreTestingSelectionInput,
  GetRestoreTestingSelectionInput,
  GetRestoreTestingSelectionOutput,
  ListRestoreTestingSelectionsInput,
  ListRestoreTestingSelectionsOutput,
  UpdateRestoreTestingSelectionInput,
  UpdateRestoreTestingSelectionOutput,
} from "@aws-sdk/client-backup";
import type { BackupContext, Checked } from "./contract.ts";
import { checkCreatorRequestId } from "./creator-request-id.ts";
import { digestOf } from "./digest.ts";
import { alreadyExists, invalidParameter, limitExceeded, notFound } from "./errors.ts";
import { pageOf } from "./paging.ts";
import { checkTestingName, testingPlan } from "./restore-testing-plans.ts";
import { nextSequence, type BackupState, type RestoreTestingPlan, type RestoreTestingSelection } from "./state.ts";

const mostSelections = 30;
const mostEntries = 30;
const testable = new Set(["Aurora", "DocumentDB", "DynamoDB", "EBS", "EC2", "EFS", "FSx", "Neptune", "RDS", "S3"]);

export function createRestoreTestingSelection(
  input: Checked<CreateRestoreTestingSelectionInput>,
  context: BackupContext,
): CreateRestoreTestingSelectionOutput {
  const { state, now } = context;
  const given = input.RestoreTestingSelection;
  const { RestoreTestingSelectionName: name, ProtectedResourceType: type } = given;
  const plan = testingPlan(state, input.RestoreTestingPlanName);
  checkTestingName("RestoreTestingSelectionName", name);
  checkCreatorRequestId(input.CreatorRequestId);
  if (!testable.has(type)) throw invalidParameter(`${type} is not a resource type that restores are tested of`);
  const content = checkedContent(state, {}, given);
  const request = digestOf(given);
  const known = plan.selections.get(name);
  if (known !== undefined) {
    const replayed = known.creatorRequestId === input.CreatorRequestId && known.request === request;
    if (input.CreatorRequestId !== undefined && replayed) return named(plan, known);
    throw alreadyExists(`Restore testing selection with name ${name} already exists`, known);
  }
  if (plan.selections.size >= mostSelections)
    throw limitExceeded(`Restore testing selections per plan exceed ${mostSelections}`);
  const selection = plan.selections.add(name, {
    ...content,
    sequence: nextSequence(state),
    name,
    type,
    creationDate: now,
    creatorRequestId: input.CreatorRequestId,
    request,
  });
  return named(plan, selection);
}

/** Conditions read back with both lists, empty or not. */
export function getRestoreTestingSelection(
  input: Checked<GetRestoreTestingSelectionInput>,
  { state }: BackupContext,
): GetRestoreTestingSelectionOutput {
  const plan = testingPlan(state, input.RestoreTestingPlanName);
  const selection = find(plan, input.RestoreTestingSelectionName);
  return {
    RestoreTestingSelection: {
      ...listed(plan, selection),
      CreatorRequestId: selection.creatorRequestId,
      ProtectedResourceArns: [...selection.arns],
      ProtectedResourceConditions: {
        StringEquals: [...selection.equals],
        StringNotEquals: [...selection.notEquals],
      },
      RestoreMetadataOverrides: { ...selection.overrides },
    },
  };
}

export function listRestoreTestingSelections(
  input: Checked<ListRestoreTestingSelectionsInput>,
  context: BackupContext,
): ListRestoreTestingSelectionsOutput {
  const plan = testingPlan(context.state, input.RestoreTestingPlanName);
  const page = pageOf(context, "ListRestoreTestingSelections", input, plan.selections);
  return {
    RestoreTestingSelections: page.rows.map((selection) => listed(plan, selection)),
    NextToken: page.NextToken,
  };
}

/** The type stays what it was made with; what is left out stays as it is (unconfirmed). */
export function updateRestoreTestingSelection(
  input: Checked<UpdateRestoreTestingSelectionInput>,
  { state, now }: BackupContext,
): UpdateRestoreTestingSelectionOutput {
  const plan = testingPlan(state, input.RestoreTestingPlanName);
  const selection = find(plan, input.RestoreTestingSelectionName);
  Object.assign(selection, checkedContent(state, selection, input.RestoreTestingSelection));
  return { ...named(plan, selection), UpdateTime: now };
}

export function deleteRestoreTestingSelection(
  input: Checked<DeleteRestoreTestingSelectionInput>,
  { state }: BackupContext,
): void {
  const plan = testingPlan(state, input.RestoreTestingPlanName);
  if (!plan.selections.delete(input.RestoreTestingSelectionName)) throw missing(input.RestoreTestingSelectionName);
}

function find(plan: RestoreTestingPlan, name: string): RestoreTestingSelection {
  const selection = plan.selections.get(name);
  if (selection === undefined) throw missing(name);
  return selection;
}

const missing = (name: string) => notFound(`Cannot find restore testing selection with name ${name}`);

const named = (plan: RestoreTestingPlan, { name, creationDate }: RestoreTestingSelection) => ({
  CreationTime: creationDate,
  RestoreTestingPlanArn: plan.arn,
  RestoreTestingPlanName: plan.name,
  RestoreTestingSelectionName: name,
});

const listed = (plan: RestoreTestingPlan, selection: RestoreTestingSelection) => ({
  CreationTime: selection.creationDate,
  IamRoleArn: selection.role,
  ProtectedResourceType: selection.type,
  RestoreTestingPlanName: plan.name,
  RestoreTestingSelectionName: selection.name,
  ValidationWindowHours: selection.validationWindowHours,
});

type Content = Pick<
  RestoreTestingSelection,
  "role" | "arns" | "equals" | "notEquals" | "overrides" | "validationWindowHours"
>;

/** Either ARNs, or all of the type by `*`, which conditions may narrow. */
function checkedContent(
  state: BackupState,
  before: Partial<Content>,
  given: Checked<Partial<CreateRestoreTestingSelectionInput["RestoreTestingSelection"] & object>>,
): Content {
  const role = given.IamRoleArn ?? before.role ?? "";
  const conditions = given.ProtectedResourceConditions;
  const equals = conditions?.StringEquals ?? before.equals ?? [];
  const notEquals = conditions?.StringNotEquals ?? before.notEquals ?? [];
  const tested = equals.length + notEquals.length;
  const arns = given.ProtectedResourceArns ?? before.arns ?? (tested > 0 ? ["*"] : []);
  const validationWindowHours = given.ValidationWindowHours ?? before.validationWindowHours ?? 0;
  if (!state.world.roleExists(role)) throw invalidParameter(`IAM Role ${role} cannot be assumed by AWS Backup`);
  if (arns.length === 0) throw invalidParameter("ProtectedResourceArns or ProtectedResourceConditions are required");
  if (arns.includes("*") && arns.length > 1) throw invalidParameter("ProtectedResourceArns are ARNs or *, not both");
  if (!arns.includes("*") && tested > 0)
    throw invalidParameter("ProtectedResourceConditions go with the wildcard of ProtectedResourceArns only");
  if (arns.length > mostEntries || tested > mostEntries)
    throw invalidParameter(`A restore testing selection has at most ${mostEntries} ARNs and conditions`);
  for (const { Key } of [...equals, ...notEquals])
    if (!/^aws:ResourceTag\/(?!aws:)/.test(Key ?? "")) throw invalidParameter(`${Key} is not aws:ResourceTag/<key>`);
  if (validationWindowHours < 0 || validationWindowHours > 168)
    throw invalidParameter("ValidationWindowHours must be from 0 to 168");
  const overrides = given.RestoreMetadataOverrides ?? before.overrides ?? {};
  return { role, arns, equals, notEquals, overrides, validationWindowHours };
}
