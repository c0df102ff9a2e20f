/** Backup jobs on demand, and reading them (semantics §5). */
import type {
  DescribeBackupJobInput,
  DescribeBackupJobOutput,
  ListBackupJobsInput,
  ListBackupJobsOutput,
  StartBackupJobInput,
  StartBackupJobOutput,
  StopBackupJobInput,
} from "@aws-sdk/client-backup";
import { addBackupJob, stop } from "./backup-runs.ts";
import type { BackupContext, Checked } from "./contract.ts";
import { digestOf } from "./digest.ts";
import { invalidParameter, invalidRequest, limitExceeded, notFound } from "./errors.ts";
import { isAskedFor, same, visibleJobs } from "./job-filters.ts";
import { lifecycleProblem } from "./lifecycle.ts";
import { pageOf } from "./paging.ts";
import { resourceType } from "./resource-types.ts";
import type { BackupJob, BackupState } from "./state.ts";
import { checkTags } from "./tags.ts";
import { reachVault } from "./vault-permission.ts";
import type { ProtectableResource } from "./world.ts";

const defaultStartWindow = 480;
const defaultCompletionWindow = 10_080;
const mostPointTags = 10;

export function startBackupJob(input: Checked<StartBackupJobInput>, context: BackupContext): StartBackupJobOutput {
  const { state, now } = context;
  const vault = reachVault(context, input.BackupVaultName, "StartBackupJob");
  const resource = findResource(state, input.ResourceArn);
  checkRequest(input, state);
  const request = input.IdempotencyToken === undefined ? undefined : digestOf(input);
  const earlier = Array.from(state.backupJobs).find((job) => request !== undefined && job.order.request === request);
  const job =
    earlier ??
    addBackupJob(state, now, {
      role: input.IamRoleArn,
      order: {
        resource,
        vaultName: vault.name,
        kind: "snapshot",
        lifecycle: input.Lifecycle ?? {},
        tags: input.RecoveryPointTags ?? {},
        copies: [],
        airGappedVaultArn: input.LogicallyAirGappedBackupVaultArn,
        startWindow: input.StartWindowMinutes ?? defaultStartWindow,
        completionWindow: input.CompleteWindowMinutes ?? defaultCompletionWindow,
        request,
      },
    });
  return {
    BackupJobId: job.id,
    CreationDate: job.view.CreationDate,
    IsParent: job.view.IsParent,
    RecoveryPointArn: job.view.RecoveryPointArn,
  };
}

export function stopBackupJob(input: Checked<StopBackupJobInput>, context: BackupContext): void {
  const { state, now } = context;
  const job = found(state, input.BackupJobId);
  if (resourceType(job.order.resource.type)?.stoppable !== true) {
    throw invalidRequest(`Backup jobs of ${job.order.resource.type} cannot be stopped.`);
  }
  if (job.view.State !== "CREATED" && job.view.State !== "RUNNING") {
    throw invalidRequest(`Backup job ${job.id} cannot be stopped: it is ${job.view.State}.`);
  }
  stop(state, job, now);
}

export function describeBackupJob(
  input: Checked<DescribeBackupJobInput>,
  context: BackupContext,
): DescribeBackupJobOutput {
  return { ...found(context.state, input.BackupJobId).view };
}

export function listBackupJobs(input: ListBackupJobsInput, context: BackupContext): ListBackupJobsOutput {
  const rows = visibleJobs(context, input, (state) => state.backupJobs);
  const keep = ({ job: { view } }: { readonly job: BackupJob }) =>
    isAskedFor(view, input) && same(input.ByBackupVaultName, view.BackupVaultName);
  const page = pageOf(context, "ListBackupJobs", input, rows, keep);
  return { BackupJobs: page.rows.map(({ job }) => ({ ...job.view })), NextToken: page.NextToken };
}

function checkRequest(input: Checked<StartBackupJobInput>, { world }: BackupState): void {
  const problem = lifecycleProblem(input.Lifecycle, "snapshot");
  if (problem !== undefined) throw invalidParameter(problem);
  checkTags(input.RecoveryPointTags);
  if (Object.keys(input.RecoveryPointTags ?? {}).length > mostPointTags) {
    throw limitExceeded(`A backup job adds at most ${mostPointTags} tags`);
  }
  const start = input.StartWindowMinutes ?? defaultStartWindow;
  if (start < 60) throw invalidParameter("StartWindowMinutes must be at least 60");
  if ((input.CompleteWindowMinutes ?? defaultCompletionWindow) <= start) {
    throw invalidParameter("CompleteWindowMinutes must be greater than StartWindowMinutes");
  }
  if (!world.roleExists(input.IamRoleArn)) {
    throw invalidParameter(`IAM Role ${input.IamRoleArn} cannot be assumed by AWS Backup`);
  }
}

function findResource({ world, account, region }: BackupState, arn: string): ProtectableResource {
  for (const resource of world.protectedResources(account, region)) if (resource.arn === arn) return resource;
  throw notFound(`Cannot find resource ${arn}`);
}

function found(state: BackupState, id: string): BackupJob {
  const job = state.backupJobs.get(id);
  if (job === undefined) throw notFound(`Cannot find backup job ${id}`);
  return job;
}
