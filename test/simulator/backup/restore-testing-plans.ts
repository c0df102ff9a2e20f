/** Restore testing plans (semantics §6.1). A plan is known by its name, which is unique and never changes. */
import type {
  CreateRestoreTestingPlanInput,
  CreateRestoreTestingPlanOutput,
  DeleteRestoreTestingPlanInput,
  GetRestoreTestingPlanInput,
  GetRestoreTestingPlanOutput,
  ListRestoreTestingPlansInput,
  ListRestoreTestingPlansOutput,
  RestoreTestingRecoveryPointSelection,
  UpdateRestoreTestingPlanInput,
  UpdateRestoreTestingPlanOutput,
} from "@aws-sdk/client-backup";
import { backupArn } from "./arns.ts";
import type { BackupContext, Checked } from "./contract.ts";
import { checkCreatorRequestId } from "./creator-request-id.ts";
import { digestOf } from "./digest.ts";
import {
  alreadyExists,
  invalidParameter,
  invalidRequest,
  limitExceeded,
  missingParameter,
  notFound,
} from "./errors.ts";
import { pageOf } from "./paging.ts";
import { scheduleTests } from "./restore-test-runs.ts";
import { scheduleProblem } from "./schedule.ts";
import { nextSequence, type BackupState, type RestoreTestingPlan, type TestedPoints } from "./state.ts";
import { Table } from "./table.ts";
import { checkTags } from "./tags.ts";

const mostPlans = 100;
const mostVaultSelectors = 30;

export function createRestoreTestingPlan(
  input: Checked<CreateRestoreTestingPlanInput>,
  context: BackupContext,
): CreateRestoreTestingPlanOutput {
  const { state, now } = context;
  const { RestoreTestingPlanName: name } = input.RestoreTestingPlan;
  checkTestingName("RestoreTestingPlanName", name);
  checkCreatorRequestId(input.CreatorRequestId);
  checkTags(input.Tags);
  const document = checkedDocument({}, input.RestoreTestingPlan);
  const request = digestOf(input.RestoreTestingPlan);
  const known = state.restoreTestingPlans.get(name);
  if (known !== undefined) return created(replayed(known, input.CreatorRequestId, request));
  if (state.restoreTestingPlans.size >= mostPlans)
    throw limitExceeded(`Restore testing plans per account exceed ${mostPlans}`);
  const plan = state.restoreTestingPlans.add(name, {
    ...document,
    sequence: nextSequence(state),
    name,
    arn: backupArn(state, `restore-testing-plan:${name}-${context.uuid()}`),
    creationDate: now,
    creatorRequestId: input.CreatorRequestId,
    request,
    tags: { ...input.Tags },
    selections: new Table(),
    lastUpdate: undefined,
    lastExecution: undefined,
    version: 0,
  });
  scheduleTests(state, plan, now);
  return created(plan);
}

export function getRestoreTestingPlan(
  input: Checked<GetRestoreTestingPlanInput>,
  { state }: BackupContext,
): GetRestoreTestingPlanOutput {
  const plan = testingPlan(state, input.RestoreTestingPlanName);
  return {
    RestoreTestingPlan: {
      ...listed(plan),
      CreatorRequestId: plan.creatorRequestId,
      RecoveryPointSelection: { ...plan.points },
    },
  };
}

/** Tells neither which points nor which selections: those take a call each. */
export function listRestoreTestingPlans(
  input: ListRestoreTestingPlansInput,
  context: BackupContext,
): ListRestoreTestingPlansOutput {
  const page = pageOf(context, "ListRestoreTestingPlans", input, context.state.restoreTestingPlans);
  return { RestoreTestingPlans: page.rows.map(listed), NextToken: page.NextToken };
}

/** What is left out stays as it is (unconfirmed). Tags are not touched. */
export function updateRestoreTestingPlan(
  input: Checked<UpdateRestoreTestingPlanInput>,
  { state, now }: BackupContext,
): UpdateRestoreTestingPlanOutput {
  const plan = testingPlan(state, input.RestoreTestingPlanName);
  Object.assign(plan, checkedDocument(plan, input.RestoreTestingPlan));
  plan.lastUpdate = now;
  plan.version += 1;
  scheduleTests(state, plan, now);
  return { ...created(plan), UpdateTime: now };
}

/** Of one that is not there nothing is said: no "not found" is modelled for it. */
export function deleteRestoreTestingPlan(
  input: Checked<DeleteRestoreTestingPlanInput>,
  { state }: BackupContext,
): void {
  const plan = state.restoreTestingPlans.get(input.RestoreTestingPlanName);
  if (plan !== undefined && plan.selections.size > 0) {
    throw invalidRequest("Related restore testing selections must be deleted prior to restore testing plan deletion");
  }
  state.restoreTestingPlans.delete(input.RestoreTestingPlanName);
}

export function testingPlan({ restoreTestingPlans }: BackupState, name: string): RestoreTestingPlan {
  const plan = restoreTestingPlans.get(name);
  if (plan === undefined) throw notFound(`Cannot find restore testing plan with name ${name}`);
  return plan;
}

/** Letters, digits and `_`, at most 50. */
export function checkTestingName(member: string, name: string): void {
  if (!/^[A-Za-z0-9_]{1,50}$/.test(name)) throw invalidParameter(`${member} has 1 to 50 letters, digits or _.`);
}

const created = (plan: RestoreTestingPlan) => ({
  CreationTime: plan.creationDate,
  RestoreTestingPlanArn: plan.arn,
  RestoreTestingPlanName: plan.name,
});

const listed = (plan: RestoreTestingPlan) => ({
  ...created(plan),
  LastExecutionTime: plan.lastExecution,
  LastUpdateTime: plan.lastUpdate,
  ScheduleExpression: plan.schedule,
  ScheduleExpressionTimezone: plan.timezone,
  StartWindowHours: plan.startWindowHours,
});

function replayed(known: RestoreTestingPlan, requestId: string | undefined, request: string): RestoreTestingPlan {
  if (requestId !== undefined && known.creatorRequestId === requestId && known.request === request) return known;
  throw alreadyExists(`Restore testing plan with name ${known.name} already exists`, known);
}

type Document = Pick<RestoreTestingPlan, "schedule" | "timezone" | "startWindowHours" | "points">;

/** What a plan says with what is given laid over what it said before; AWS's defaults where neither says anything. */
function checkedDocument(
  before: Partial<Document>,
  given: Checked<UpdateRestoreTestingPlanInput>["RestoreTestingPlan"],
): Document {
  const schedule = given.ScheduleExpression ?? before.schedule;
  const timezone = given.ScheduleExpressionTimezone ?? before.timezone ?? "Etc/UTC";
  const startWindowHours = given.StartWindowHours ?? before.startWindowHours ?? 24;
  if (schedule === undefined) throw missingParameter("ScheduleExpression");
  const problem = scheduleProblem(schedule, timezone);
  if (problem !== undefined) throw invalidParameter(problem);
  if (startWindowHours < 1 || startWindowHours > 168) throw invalidParameter("StartWindowHours must be from 1 to 168");
  const points = given.RecoveryPointSelection ? checkedPoints(given.RecoveryPointSelection) : before.points;
  if (points === undefined) throw missingParameter("RecoveryPointSelection");
  return { schedule, timezone, startWindowHours, points };
}

function checkedPoints(given: RestoreTestingRecoveryPointSelection): TestedPoints {
  const { Algorithm, RecoveryPointTypes = [], IncludeVaults = [], ExcludeVaults = [] } = given;
  const SelectionWindowDays = given.SelectionWindowDays ?? 30;
  if (Algorithm === undefined) throw missingParameter("Algorithm");
  if (RecoveryPointTypes.length === 0) throw missingParameter("RecoveryPointTypes");
  if (IncludeVaults.length === 0) throw missingParameter("IncludeVaults");
  if (SelectionWindowDays < 1 || SelectionWindowDays > 365) {
    throw invalidParameter("SelectionWindowDays must be from 1 to 365");
  }
  if (IncludeVaults.length > mostVaultSelectors || ExcludeVaults.length > mostVaultSelectors) {
    throw invalidParameter(`A restore testing plan names at most ${mostVaultSelectors} vaults`);
  }
  for (const vault of [...IncludeVaults, ...ExcludeVaults])
    if (vault !== "*" && !/^arn:[^:]+:backup:[^:]+:[^:]+:backup-vault:.+$/.test(vault))
      throw invalidParameter(`${vault} is not the ARN of a backup vault`);
  return { Algorithm, RecoveryPointTypes, IncludeVaults, ExcludeVaults, SelectionWindowDays };
}
