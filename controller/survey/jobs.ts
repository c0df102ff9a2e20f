import { instant } from "../domain/identity.ts";
import type { FailedJob, Jobs } from "../domain/survey.ts";
import { addedUp, type Part } from "./coverage.ts";
import type { EndedJob } from "./reads.ts";

/** Half-open: windows of one report after another hold every moment once. */
export interface Window {
  readonly from: Date;
  readonly to: Date;
}

/** The jobs of one target that ended in a window. A job ends once, so that over a chain's reports each is counted once. */
export function jobsOf({ rows: jobs, complete }: Part<EndedJob>, { from, to }: Window): Jobs {
  return {
    complete,
    window: { from: instant(from), to: instant(to) },
    byState: byState(jobs, "backup"),
    copyByState: byState(jobs, "copy"),
    failed: failedAmong(jobs),
    oldestRecoveryPointOn: null,
    rpoBreaches: [],
  };
}

function byState(jobs: readonly EndedJob[], kind: EndedJob["kind"]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const job of jobs) if (job.kind === kind) counts[job.state] = (counts[job.state] ?? 0) + 1;
  return counts;
}

function failedAmong(jobs: readonly EndedJob[]): FailedJob[] {
  const clean = Map.groupBy(
    jobs.filter((job) => job.clean).toSorted((a, b) => a.endedOn.getTime() - b.endedOn.getTime()),
    workOf,
  );
  return jobs
    .filter((job) => !job.clean)
    .map((job) => {
      const retry = clean.get(workOf(job))?.find(({ createdOn }) => createdOn > job.createdOn);
      const { id: jobId, kind, resource: arn, state, message, endedOn } = job;
      return { jobId, kind, arn, state, message, on: instant(endedOn), ...(retry ? { retriedBy: retry.id } : {}) };
    });
}

/** What a job was to do. A copy elsewhere does not make up for one that failed. */
const workOf = ({ kind, resource, destination }: EndedJob): string => `${kind} ${resource} ${destination ?? ""}`;

/** The jobs of all targets over one window. */
export const jobsOver = (targets: readonly Jobs[], { from, to }: Window): Jobs => ({
  complete: targets.every(({ complete }) => complete),
  window: { from: instant(from), to: instant(to) },
  byState: addedUp(targets.map((one) => one.byState)),
  copyByState: addedUp(targets.map((one) => one.copyByState)),
  failed: targets
    .flatMap(({ failed }) => failed)
    .toSorted((a, b) => (a.on === b.on ? (a.jobId < b.jobId ? -1 : 1) : a.on < b.on ? -1 : 1)),
  oldestRecoveryPointOn: null,
  rpoBreaches: [],
});
