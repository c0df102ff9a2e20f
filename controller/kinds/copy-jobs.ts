import type { CopyJob } from "@aws-sdk/client-backup";
import { describeKey, listCopyJobs } from "../aws/backup-operations.ts";
import type { Call } from "../aws/operation.ts";
import type { Bar, Finding } from "../domain/change.ts";
import { AwsError, type AwsFailure } from "../domain/errors.ts";
import { COPY_UNDER_WAY } from "../domain/jobs.ts";
import type { ExamineContext } from "./kind.ts";
import { pages } from "../aws/pages.ts";
import { placeOf } from "./place.ts";
import { CopyMend } from "./copy-mend.ts";
import { dropped } from "./dropped.ts";

/** One copy failed: it is tried again after so long, lest a run an hour start one an hour. Milliseconds. */
const AGAIN_AFTER_MS = 24 * 3_600_000;
/** Copy jobs that AWS runs at once for an account in one destination Region (semantics §0.6). */
const MOST_AT_ONCE = 100;

type KeyCall = Call<typeof describeKey>;
type CopyCall = Call<typeof listCopyJobs | typeof describeKey>;
type Context = Pick<ExamineContext<unknown>, "now" | "elsewhere">;

interface Jobs {
  readonly running: readonly CopyJob[];
  readonly failed: readonly CopyJob[];
}

/** What keeps a missing copy from being started: one is under way, one has just failed, AWS's quotas, or a key. */
export async function examineCopies(
  call: CopyCall,
  findings: readonly Finding[],
  context: Context,
): Promise<ReadonlyMap<Finding, Finding>> {
  const missing = findings.filter(({ mend }) => mend?.step === "copy");
  if (missing.length === 0) return new Map();
  const jobs = await readJobs(call, context.now);
  const starting = new Map<string, number>();
  const examined = new Map<Finding, Finding>();
  for (const finding of missing) {
    const copy = CopyMend.parse(finding.mend?.input);
    if ("failure" in jobs) {
      examined.set(finding, barred(finding, [unreadable(jobs.failure)]));
      continue;
    }
    const underWay = jobs.running.some((job) => isOf(job, copy));
    const bars = [...jobBars(copy, jobs, starting), ...(await keyBars(call, copy, context))];
    examined.set(finding, underWay ? dropped(finding) : barred(withFailure(finding, copy, jobs), bars));
    if (!underWay && bars.length + finding.bars.length === 0) starting.set(copy.resource, 1);
  }
  return examined;
}

const barred = (finding: Finding, bars: readonly Bar[]): Finding => ({ ...finding, bars: [...finding.bars, ...bars] });

/** A copy that was tried is told with what AWS said of it: that is what there is to mend. */
function withFailure(finding: Finding, copy: CopyMend, { failed }: Jobs): Finding {
  const job = failed.find((one) => isOf(one, copy));
  return job
    ? {
        ...finding,
        // Only its own kind's word: what another kind calls a copy that is missing stays so.
        cause: finding.cause === "copyMissing" ? "copyFailed" : finding.cause,
        because: `${finding.because}: copy job ${job.CopyJobId} failed: ${saidOf(job)}`,
      }
    : finding;
}

const saidOf = ({ StatusMessage }: CopyJob): string => StatusMessage ?? "AWS does not say why";

const unreadable = ({ operation, message }: AwsFailure): Bar => ({
  reason: "unknown-state",
  because: `whether a copy is under way is not known: ${operation}: ${message}`,
  release: "leave to list copy jobs",
});

async function readJobs(call: CopyCall, now: Date): Promise<Jobs | { readonly failure: AwsFailure }> {
  const since = new Date(now.getTime() - AGAIN_AFTER_MS);
  const list = async (filter: object): Promise<readonly CopyJob[]> => {
    const jobs: CopyJob[] = [];
    for await (const page of pages(listCopyJobs.name, (NextToken) => call(listCopyJobs, { ...filter, NextToken })))
      jobs.push(...(page.CopyJobs ?? []));
    return jobs;
  };
  try {
    const running: CopyJob[] = [];
    for (const ByState of COPY_UNDER_WAY) running.push(...(await list({ ByState })));
    return { running, failed: await list({ ByState: "FAILED", ByCompleteAfter: since }) };
  } catch (error) {
    if (error instanceof AwsError) return { failure: error.failure };
    throw error;
  }
}

const isOf = (job: CopyJob, { arn, destination }: CopyMend): boolean =>
  job.SourceRecoveryPointArn === arn && job.DestinationBackupVaultArn === destination;

function jobBars(copy: CopyMend, { running, failed }: Jobs, starting: ReadonlyMap<string, number>): readonly Bar[] {
  const failure = failed.find((job) => isOf(job, copy));
  if (failure)
    return [
      {
        reason: "cannot-mend",
        because: `copy job ${failure.CopyJobId} failed: ${saidOf(failure)}`,
        release: "mend what it says; the copy is tried again a day after it failed",
      },
    ];
  const region = placeOf(copy.destination)?.region;
  const there = running.filter((job) => placeOf(job.DestinationBackupVaultArn ?? "")?.region === region);
  if (there.length >= MOST_AT_ONCE)
    return [quota(`${there.length} copy jobs run into ${region} already, and AWS runs ${MOST_AT_ONCE} at once`)];
  // AWS runs one backup or copy of a resource at a time (semantics §0.6).
  return running.some((job) => job.ResourceArn === copy.resource) || starting.has(copy.resource)
    ? [quota(`another copy of ${copy.resource} goes first, and AWS makes one at a time`)]
    : [];
}

const quota = (because: string): Bar => ({ reason: "over-budget", because, release: "the next run" });

/** AWS managed keys serve nobody outside their account, and outside their Region only what AWS Backup manages fully (semantics §4.8). */
async function keyBars(
  call: CopyCall,
  { keys, destination }: CopyMend,
  { elsewhere }: Context,
): Promise<readonly Bar[]> {
  const place = placeOf(destination);
  const there = place && (elsewhere(place) as KeyCall | undefined);
  return [
    ...(keys.destination === null ? [] : await keyBar(there, keys.destination, "the destination's key")),
    ...(keys.source === null ? [] : await keyBar(call, keys.source, "its own key")),
  ];
}

async function keyBar(call: KeyCall | undefined, arn: string, what: string): Promise<readonly Bar[]> {
  try {
    const { KeyMetadata } = call ? await call(describeKey, { KeyId: arn }) : {};
    if (KeyMetadata?.KeyState === "Enabled" && KeyMetadata.KeyManager === "CUSTOMER") return [];
    const fault =
      KeyMetadata?.KeyManager === "AWS" ? "is AWS's own, which cannot be shared" : "is not known to be enabled";
    return [
      { reason: "cannot-mend", because: `${what} ${arn} ${fault}`, release: "a customer managed key on both sides" },
    ];
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const { operation, message } = error.failure;
    return [
      {
        reason: "unknown-state",
        because: `${what} ${arn} could not be looked at: ${operation}: ${message}`,
        release: "leave to describe it",
      },
    ];
  }
}
