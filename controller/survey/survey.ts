import pLimit from "p-limit";
import { runStep, type Call } from "../aws/operation.ts";
import { AwsError } from "../domain/errors.ts";
import { instant, type Target } from "../domain/identity.ts";
import { ownerBy } from "../domain/owner.ts";
import type { Asking, Coverage, Jobs, LeftOff, RestoreTest, Survey } from "../domain/survey.ts";
import type { Clock, FleetReader } from "../ports.ts";
import { coverageOf, coverageOver, type Part } from "./coverage.ts";
import { jobsOf, jobsOver } from "./jobs.ts";
import {
  type EndedJob,
  backupJobs,
  copyJobs,
  protectedResources,
  restoreTests,
  taggedResources,
  tagsOfResources,
  undatedJobs,
} from "./reads.ts";
import { restoresSince, testsOver } from "./restore-tests.ts";

export interface Surveying {
  readonly clock: Clock;
  readonly fleet: FleetReader;
  /** Targets read side by side. */
  readonly concurrency: number;
  /** What the last survey of a signed report left off with. Undefined: there was none. */
  readonly last: LeftOff | undefined;
  /** Work that earlier reports tell a failure of. */
  readonly watched?: readonly string[];
  /** Keys of tags that name a resource's owner. */
  readonly ownerTags?: readonly string[] | undefined;
}

const DAY_MS = 24 * 3_600_000;
/** Job records live so long (semantics §5.4). Milliseconds. */
const LONGEST_WINDOW_MS = 30 * DAY_MS;

/** From where the last survey ended, as far as AWS remembers; at the first a day. */
export function askingSince(
  now: Date,
  { last, watched = [], ownerTags = [] }: Pick<Surveying, "last" | "watched" | "ownerTags">,
): Asking {
  const since = last ? Date.parse(last.to) : now.getTime() - DAY_MS;
  const from = new Date(Math.max(since, now.getTime() - LONGEST_WINDOW_MS));
  return {
    window: { from, to: now },
    undecided: last?.undecided ?? [],
    undated: last?.undated ?? [],
    watched,
    ownerTags,
  };
}

/**
 * Reads what there is to protect, and how its jobs and restore tests went. Decides nothing: what cannot be read leaves its part
 * incomplete, is told among the observations, and stops nothing else.
 */
export async function survey(targets: readonly Target[], surveying: Surveying): Promise<Survey> {
  const { clock, fleet, concurrency } = surveying;
  const asking = askingSince(clock.now(), surveying);
  const limit = pLimit(concurrency);
  return surveyOver(
    await Promise.all(targets.map((target) => limit(() => surveyTarget(fleet.reader(target), target, asking)))),
    asking,
  );
}

/** The surveys of all targets as one. */
export function surveyOver(seen: readonly TargetSurvey[], asking: Asking): Survey {
  const { window, undecided } = asking;
  const tests = testsOver(
    seen.map((one) => one.tests),
    window,
    undecided,
  );
  return {
    coverage: coverageOver(seen.map(({ coverage }) => coverage)),
    jobs: jobsOver(
      seen.map(({ jobs }) => jobs),
      window,
    ),
    restoreTests: tests.rows,
    leftOff: { to: instant(window.to), undecided: [...tests.undecided], ...undatedOver(seen, asking) },
  };
}

/** Jobs without an end that need not be told again. A listing that broke off may have left some out: they are remembered on. */
function undatedOver(seen: readonly TargetSurvey[], { undated = [] }: Asking): Pick<LeftOff, "undated"> {
  const before = seen.every(({ jobs }) => jobs.complete) ? [] : undated;
  const all = new Set([...before, ...seen.flatMap((one) => one.undated)]);
  return all.size > 0 ? { undated: [...all].toSorted() } : {};
}

export interface TargetSurvey {
  readonly coverage: Coverage;
  readonly jobs: Jobs;
  readonly tests: Part<RestoreTest>;
  /** Ids of jobs that are over without an end, told before or now. */
  readonly undated: readonly string[];
}

/** One target, reduced to what is told of it: its listings are let go. */
export async function surveyTarget(call: Call, target: Target, asking: Asking): Promise<TargetSurvey> {
  const { window, undecided, watched } = asking;
  const [tagged, backedUp, jobs, tests] = await Promise.all([
    readPart(runStep(taggedResources, call, target)),
    readPart(runStep(protectedResources, call, target)),
    endedJobs(call, target, asking),
    readPart(runStep(restoreTests, call, target, restoresSince(window, undecided))),
  ]);
  const { undated } = jobs;
  return {
    coverage: coverageOf(tagged, backedUp, jobs),
    jobs: jobsOf(jobs, window, { target, watched }),
    tests,
    undated,
  };
}

/** How long before a window a job may have been created that is over in it without an end: its lists are read from there. Milliseconds. */
const LONGEST_UNDATED_MS = 2 * DAY_MS;

/** The jobs of one target that ended in a window; those of which AWS does not say when, once they are seen to be over and were not told yet. */
export async function endedJobs(
  call: Call,
  target: Target,
  { window: { from, to }, undated: told = [], ownerTags = [] }: Asking,
): Promise<Part<EndedJob> & Pick<TargetSurvey, "undated">> {
  const [backups, copies, undated] = await Promise.all([
    readPart(runStep(backupJobs, call, target, from)),
    readPart(runStep(copyJobs, call, target, from)),
    readPart(runStep(undatedJobs, call, target, new Date(from.getTime() - LONGEST_UNDATED_MS))),
  ]);
  const dated = [...backups.rows, ...copies.rows].filter(({ endedOn }) => endedOn >= from && endedOn < to);
  const known = new Set(told);
  const rows = [...dated, ...undated.rows.filter(({ id }) => !known.has(id))];
  return {
    rows: await withOwners(rows, call, target, ownerTags),
    complete: backups.complete && copies.complete && undated.complete,
    undated: undated.rows.map(({ id }) => id),
  };
}

/** Whose the resources are of jobs that went wrong: asked of those alone. Where their tags cannot be read they are told without an owner. */
async function withOwners(
  jobs: readonly EndedJob[],
  call: Call,
  target: Target,
  ownerTags: readonly string[],
): Promise<readonly EndedJob[]> {
  const asked = new Set(jobs.flatMap(({ clean, resource }) => (clean || resource === "" ? [] : [resource])));
  if (ownerTags.length === 0 || asked.size === 0) return jobs;
  const { rows } = await readPart(runStep(tagsOfResources, call, target, [...asked]));
  const owners = new Map(rows.map(({ arn, tags }) => [arn, ownerBy(ownerTags, tags)]));
  return jobs.map((job) => {
    const owner = job.clean ? undefined : owners.get(job.resource);
    return owner === undefined ? job : { ...job, owner };
  });
}

/** A target that nobody came to read. */
export function unsurveyed({ window }: Asking): TargetSurvey {
  const nothing = { rows: [], complete: false };
  return {
    coverage: coverageOf(nothing, nothing, nothing),
    jobs: jobsOf(nothing, window),
    tests: nothing,
    undated: [],
  };
}

async function readPart<Row>(listing: AsyncIterable<Row>): Promise<Part<Row>> {
  const rows: Row[] = [];
  try {
    for await (const row of listing) rows.push(row);
    return { rows, complete: true };
  } catch (error) {
    // Why it broke off is told among the observations.
    if (!(error instanceof AwsError)) throw error;
    return { rows, complete: false };
  }
}
