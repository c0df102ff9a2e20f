import type { BackupJob, BackupJobState } from "@aws-sdk/client-backup";
import { listBackupJobs } from "../../../aws/backup-operations.ts";
import type { Call } from "../../../aws/operation.ts";
import { AwsError, type AwsFailure } from "../../../domain/errors.ts";
import { ENDED_BADLY, isUnderWay, UNDER_WAY } from "../../../domain/jobs.ts";
import { pages } from "../../../aws/pages.ts";

/** A backup job, as far as it is told. Times are epoch milliseconds. */
export interface ToldJob {
  readonly id: string;
  readonly state: string;
  readonly createdOn: number;
  readonly message: string;
  /** Absent: a person or a remedy started it. */
  readonly planId?: string | undefined;
  readonly ruleName?: string | undefined;
}

/** What the jobs of one resource say. */
export interface ResourceJobs {
  running?: ToldJob;
  /** The last one that a plan started and that failed. */
  failed?: ToldJob;
  /** The last one that nobody's plan started and that failed. */
  tried?: ToldJob;
}

export type JobsByResource = ReadonlyMap<string, ResourceJobs> | { readonly failure: AwsFailure };

/** The jobs of some resources that are under way, or were created since a moment and ended badly: by state, so that what went well is never read. */
export async function readJobs(
  call: Call<typeof listBackupJobs>,
  resources: ReadonlySet<string>,
  since: Date,
): Promise<JobsByResource> {
  const found = new Map<string, ResourceJobs>();
  const take = (ByState: BackupJobState, filter: { readonly ByCreatedAfter?: Date }) =>
    eachJob(call, { ByState, ...filter }, (job) => {
      const resource = job.ResourceArn;
      const told = toldJob(job);
      if (resource === undefined || !told || !resources.has(resource)) return;
      const known = found.get(resource) ?? {};
      found.set(resource, known);
      const place = isUnderWay(told.state) ? "running" : told.planId === undefined ? "tried" : "failed";
      if ((known[place]?.createdOn ?? -1) < told.createdOn) known[place] = told;
    });
  try {
    await Promise.all([
      ...UNDER_WAY.map((state) => take(state, {})),
      ...ENDED_BADLY.map((state) => take(state, { ByCreatedAfter: since })),
    ]);
    return found;
  } catch (error) {
    if (error instanceof AwsError) return { failure: error.failure };
    throw error;
  }
}

export async function eachJob(
  call: Call<typeof listBackupJobs>,
  filter: { readonly ByState?: BackupJobState; readonly ByResourceArn?: string; readonly ByCreatedAfter?: Date },
  take: (job: BackupJob) => void,
): Promise<void> {
  const read = (NextToken: string | undefined) => call(listBackupJobs, { ...filter, MaxResults: 1_000, NextToken });
  for await (const page of pages(listBackupJobs.name, read)) for (const job of page.BackupJobs ?? []) take(job);
}

export function toldJob(job: BackupJob): ToldJob | undefined {
  const { BackupJobId: id, State: state, CreationDate, StatusMessage, CreatedBy } = job;
  if (id === undefined || state === undefined || CreationDate === undefined) return undefined;
  return {
    id,
    state,
    createdOn: CreationDate.getTime(),
    message: StatusMessage ?? "",
    // Empty where nobody's plan made it (semantics §4.2).
    planId: CreatedBy?.BackupPlanId,
    ruleName: CreatedBy?.BackupRuleName,
  };
}
