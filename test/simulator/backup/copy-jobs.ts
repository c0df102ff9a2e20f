/** Copy jobs on demand, and reading them (semantics §4.8, §5). They are started in the source's account and Region; nothing stops one. */
import type {
  DescribeCopyJobInput,
  DescribeCopyJobOutput,
  ListCopyJobsInput,
  ListCopyJobsOutput,
  StartCopyJobInput,
  StartCopyJobOutput,
} from "@aws-sdk/client-backup";
import { parseVaultArn } from "./arns.ts";
import type { BackupContext, Checked } from "./contract.ts";
import { addCopyJob } from "./copy-runs.ts";
import { digestOf } from "./digest.ts";
import { invalidParameter, invalidRequest, notFound } from "./errors.ts";
import { isAskedFor, same, visibleJobs } from "./job-filters.ts";
import { lifecycleProblem } from "./lifecycle.ts";
import { pageOf } from "./paging.ts";
import { reachPoint } from "./recovery-points.ts";
import type { CopyJob, RecoveryPoint } from "./state.ts";

export function startCopyJob(input: Checked<StartCopyJobInput>, context: BackupContext): StartCopyJobOutput {
  const { state, now } = context;
  const at = { BackupVaultName: input.SourceBackupVaultName, RecoveryPointArn: input.RecoveryPointArn };
  const source = reachPoint(context, at, "StartCopyJob");
  checkRequest(input, source, context);
  const request = input.IdempotencyToken === undefined ? undefined : digestOf(input);
  const earlier = Array.from(state.copyJobs).find((job) => request !== undefined && job.order.request === request);
  const job =
    earlier ??
    addCopyJob(state, now, {
      role: input.IamRoleArn,
      destination: input.DestinationBackupVaultArn,
      order: { source, lifecycle: input.Lifecycle, request },
    });
  return { CopyJobId: job.id, CreationDate: job.view.CreationDate, IsParent: job.view.IsParent };
}

/** Wrapped, unlike a backup job. */
export function describeCopyJob(input: Checked<DescribeCopyJobInput>, context: BackupContext): DescribeCopyJobOutput {
  const job = context.state.copyJobs.get(input.CopyJobId);
  if (job === undefined) throw notFound(`Cannot find copy job ${input.CopyJobId}`);
  return { CopyJob: { ...job.view } };
}

export function listCopyJobs(input: ListCopyJobsInput, context: BackupContext): ListCopyJobsOutput {
  const rows = visibleJobs(context, input, (state) => state.copyJobs);
  const keep = ({ job: { view } }: { readonly job: CopyJob }) =>
    isAskedFor(view, input) &&
    same(input.ByDestinationVaultArn, view.DestinationBackupVaultArn) &&
    same(input.BySourceRecoveryPointArn, view.SourceRecoveryPointArn);
  const page = pageOf(context, "ListCopyJobs", input, rows, keep);
  return { CopyJobs: page.rows.map(({ job }) => ({ ...job.view })), NextToken: page.NextToken };
}

/** Whether the destination takes the copy is found out by the job, not by the call. */
function checkRequest(input: Checked<StartCopyJobInput>, source: RecoveryPoint, { state }: BackupContext): void {
  if (parseVaultArn(input.DestinationBackupVaultArn) === undefined) {
    throw invalidParameter(`Destination backup vault ARN ${input.DestinationBackupVaultArn} is not valid`);
  }
  const problem = lifecycleProblem(input.Lifecycle, "snapshot");
  if (problem !== undefined) throw invalidParameter(problem);
  if (!state.world.roleExists(input.IamRoleArn)) {
    throw invalidParameter(`IAM Role ${input.IamRoleArn} cannot be assumed by AWS Backup`);
  }
  if (source.continuous) throw invalidRequest("Continuous recovery points cannot be copied on demand.");
  if (source.storageClass === "COLD") throw invalidRequest("Recovery points in cold storage cannot be copied.");
  if (source.status === "CREATING" || source.status === "DELETING") {
    throw invalidRequest(`Recovery point ${source.arn} cannot be copied: it is ${source.status}.`);
  }
}
