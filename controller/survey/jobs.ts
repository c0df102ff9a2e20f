import { instant, type Target } from "../domain/identity.ts";
import { type FailedJob, type Jobs, type MendedJob, workOf } from "../domain/survey.ts";
import { addedUp, type Part } from "./coverage.ts";
import type { EndedJob } from "./reads.ts";

/** Half-open: windows of one report after another hold every moment once. */
export interface Window {
  readonly from: Date;
  readonly to: Date;
}

/** The jobs of one target that ended in a window. A job ends once, so that over a chain's reports each is counted once. */
export function jobsOf(
  { rows: jobs, complete }: Part<EndedJob>,
  { from, to }: Window,
  { target, watched = [] }: { readonly target?: Target; readonly watched?: readonly string[] | undefined } = {},
): Jobs {
  const mended = mendedAmong(jobs, new Set(watched));
  return {
    complete,
    window: { from: instant(from), to: instant(to) },
    byState: byState(jobs, "backup"),
    copyByState: byState(jobs, "copy"),
    failed: failedAmong(jobs, target),
    ...(mended.length > 0 ? { mended } : {}),
    oldestRecoveryPointOn: null,
    rpoBreaches: [],
  };
}

function byState(jobs: readonly EndedJob[], kind: EndedJob["kind"]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const job of jobs) if (job.kind === kind) counts[job.state] = (counts[job.state] ?? 0) + 1;
  return counts;
}

function failedAmong(jobs: readonly EndedJob[], target: Target | undefined): FailedJob[] {
  const clean = cleanByWork(jobs);
  return jobs
    .filter((job) => !job.clean)
    .map((job) => {
      const retry = clean.get(workOfJob(job))?.find(({ createdOn }) => createdOn > job.createdOn);
      const { id: jobId, kind, resource: arn, owner, destination, plan, state, message, endedOn } = job;
      return {
        jobId,
        kind,
        ...(target ? { target } : {}),
        arn,
        ...(owner === undefined ? {} : { owner }),
        ...(destination === undefined ? {} : { destination }),
        ...(plan === undefined ? {} : { plan }),
        state,
        message,
        on: instant(endedOn),
        ...(retry ? { retriedBy: retry.id } : {}),
      };
    });
}

const workOfJob = ({ kind, resource: arn, destination }: EndedJob): string => workOf({ kind, arn, destination });

/** Oldest first. */
const cleanByWork = (jobs: readonly EndedJob[]): ReadonlyMap<string, readonly EndedJob[]> =>
  Map.groupBy(
    jobs.filter((job) => job.clean).toSorted((a, b) => a.endedOn.getTime() - b.endedOn.getTime()),
    workOfJob,
  );

const mendedAmong = (jobs: readonly EndedJob[], watched: ReadonlySet<string>): MendedJob[] =>
  [...cleanByWork(jobs)].flatMap(([work, clean]) => {
    const last = clean.at(-1);
    return last && watched.has(work) ? [{ jobId: last.id, work, on: instant(last.endedOn) }] : [];
  });

/** The jobs of all targets over one window. */
export function jobsOver(targets: readonly Jobs[], { from, to }: Window): Jobs {
  const mended = targets.flatMap((one) => one.mended ?? []).toSorted((a, b) => (a.work < b.work ? -1 : 1));
  return {
    complete: targets.every(({ complete }) => complete),
    window: { from: instant(from), to: instant(to) },
    byState: addedUp(targets.map((one) => one.byState)),
    copyByState: addedUp(targets.map((one) => one.copyByState)),
    failed: targets
      .flatMap(({ failed }) => failed)
      .toSorted((a, b) => (a.on === b.on ? (a.jobId < b.jobId ? -1 : 1) : a.on < b.on ? -1 : 1)),
    ...(mended.length > 0 ? { mended } : {}),
    oldestRecoveryPointOn: null,
    rpoBreaches: [],
  };
}
