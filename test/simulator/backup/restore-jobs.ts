/** Restore jobs on demand, what validations say of restore tests, and reading them (semantics §5, §6.1). */
import type {
  DescribeRestoreJobInput,
  DescribeRestoreJobOutput,
  ListRestoreJobsInput,
  ListRestoreJobsOutput,
  PutRestoreValidationResultInput,
  StartRestoreJobInput,
  StartRestoreJobOutput,
} from "@aws-sdk/client-backup";
import type { BackupContext, Checked } from "./contract.ts";
import { digestOf } from "./digest.ts";
import { invalidParameter, invalidRequest, notFound } from "./errors.ts";
import { isAskedFor, same, visibleJobs } from "./job-filters.ts";
import { pageOf } from "./paging.ts";
import { addRestoreJobTo, cleanUp, isUnderValidation } from "./restore-runs.ts";
import type { BackupState, RecoveryPoint, RestoreJob } from "./state.ts";

export function startRestoreJob(input: Checked<StartRestoreJobInput>, context: BackupContext): StartRestoreJobOutput {
  const { state, now } = context;
  const point = findPoint(state, input.RecoveryPointArn);
  if (input.IamRoleArn !== undefined && !state.world.roleExists(input.IamRoleArn)) {
    throw invalidParameter(`IAM Role ${input.IamRoleArn} cannot be assumed by AWS Backup`);
  }
  if (point.status !== "COMPLETED" && point.status !== "AVAILABLE") {
    throw invalidRequest(`Recovery point ${point.arn} cannot be restored: it is ${point.status}.`);
  }
  const request = input.IdempotencyToken === undefined ? undefined : digestOf(input);
  const earlier = Array.from(state.restoreJobs).find((job) => request !== undefined && job.request === request);
  return { RestoreJobId: (earlier ?? addRestoreJobTo(state, now, { point, role: input.IamRoleArn, request })).id };
}

/** Not wrapped. */
export function describeRestoreJob(
  input: Checked<DescribeRestoreJobInput>,
  context: BackupContext,
): DescribeRestoreJobOutput {
  return { ...found(context.state, input.RestoreJobId).view };
}

/** What other jobs call State is Status here. */
export function listRestoreJobs(input: ListRestoreJobsInput, context: BackupContext): ListRestoreJobsOutput {
  const rows = visibleJobs(context, input, (state) => state.restoreJobs);
  const keep = ({ job: { view } }: { readonly job: RestoreJob }) =>
    isAskedFor({ ...view, State: view.Status }, { ...input, ByState: input.ByStatus }) &&
    same(input.ByRestoreTestingPlanArn, view.CreatedBy?.RestoreTestingPlanArn);
  const page = pageOf(context, "ListRestoreJobs", input, rows, keep);
  return { RestoreJobs: page.rows.map(({ job }) => ({ ...job.view })), NextToken: page.NextToken };
}

/** Only of a test that is restored and whose window is open; what is final stays (semantics §6.1). */
export function putRestoreValidationResult(
  input: Checked<PutRestoreValidationResultInput>,
  context: BackupContext,
): void {
  const job = found(context.state, input.RestoreJobId);
  if (job.view.CreatedBy?.RestoreTestingPlanArn === undefined) {
    throw invalidRequest(`Restore job ${job.id} was not started by a restore testing plan.`);
  }
  if (!isUnderValidation(job, context.now)) {
    throw invalidRequest(`The validation of restore job ${job.id} cannot be set: it has not begun, or is over.`);
  }
  job.view.ValidationStatus = input.ValidationStatus;
  job.view.ValidationStatusMessage = input.ValidationStatusMessage;
  if (input.ValidationStatus !== "VALIDATING") cleanUp(context.state, job, context.now);
}

/** A restore names no vault. */
function findPoint({ vaults }: BackupState, arn: string): RecoveryPoint {
  for (const { points } of vaults.values()) {
    const point = points.get(arn);
    if (point !== undefined) return point;
  }
  throw notFound(`Cannot find recovery point ${arn}`);
}

function found(state: BackupState, id: string): RestoreJob {
  const job = state.restoreJobs.get(id);
  if (job === undefined) throw notFound(`Cannot find restore job ${id}`);
  return job;
}
