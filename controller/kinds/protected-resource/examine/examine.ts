import { describeKey, listBackupJobs, listCopyJobs, listRecoveryPoints } from "../../../aws/backup-operations.ts";
import type { Call } from "../../../aws/operation.ts";
import type { Bar, Finding } from "../../../domain/change.ts";
import type { Target } from "../../../domain/identity.ts";
import type { Settled } from "../../../domain/inventory.ts";
import { isUnderWay } from "../../../domain/jobs.ts";
import type { Examined, ExamineContext } from "../../kind.ts";
import { dateText, isMissing } from "../judge/findings.ts";
import type { BackUpMend } from "../mend/back-up-now.ts";
import { OUTSIDE_READS } from "../outside/ask.ts";
import { type Order, orderText } from "../order.ts";
import { MISSED, REMEDY_TAG } from "../remedy-tag.ts";
import type { ProtectedResourceRuleSpec } from "../spec.ts";
import { type JobsByResource, readJobs, type ResourceJobs, type ToldJob } from "./jobs.ts";
import { tellOutside } from "./outside.ts";
import { examineRemedied } from "./remedied.ts";

/** How far back a failure explains a missing backup, where no rule's period is longer. Milliseconds. */
const USUAL_PAST_MS = 3 * 86_400_000;
/** AWS's most tags that a backup job puts on its point (semantics §0.6). */
const MOST_TAGS = 10;

export const EXAMINATIONS = [listBackupJobs, listCopyJobs, describeKey, ...OUTSIDE_READS] as const;
/** What is looked at where a copy would lie. */
export const ELSEWHERE = [listRecoveryPoints, describeKey] as const;

/** What jobs say of the resources that lack a young enough point, what else keeps backups of them, and whether backups that were made up for have their copies. */
export async function examineResources(
  call: Call<(typeof EXAMINATIONS)[number]>,
  _target: Target,
  parts: readonly Examined[],
  context: ExamineContext<ProtectedResourceRuleSpec>,
): Promise<readonly Settled[]> {
  return tellOutside(call, await askJobs(call, await examineRemedied(call, parts, context), context));
}

/** Why the last backup failed, and what forbids starting another. */
async function askJobs(
  call: Call<typeof listBackupJobs>,
  parts: readonly Settled[],
  { now }: Pick<ExamineContext<unknown>, "now">,
): Promise<readonly Settled[]> {
  const asked = parts.flatMap(({ findings }) => findings.filter(isMissing));
  if (asked.length === 0) return parts;
  const past = Math.max(USUAL_PAST_MS, ...asked.flatMap(ordersIn).map(({ periodMs }) => periodMs));
  const jobs = await readJobs(call, new Set(asked.map(({ subject }) => subject)), new Date(now.getTime() - past));
  return parts.map((part) => ({
    ...part,
    findings: part.findings.map((finding) => (isMissing(finding) ? withJobs(finding, jobs, now) : finding)),
  }));
}

/** As judging left them: any of these may be what failed. */
const ordersIn = ({ mend }: Finding): readonly Order[] =>
  mend ? (mend.input as { readonly orders: readonly Order[] }).orders : [];

function withJobs(finding: Finding, jobs: JobsByResource, now: Date): Finding {
  if ("failure" in jobs) {
    const { operation, message } = jobs.failure;
    return ordered(finding, undefined, [
      {
        reason: "unknown-state",
        because: `whether a backup is under way is not known: ${operation}: ${message}`,
        release: "leave to list backup jobs",
      },
    ]);
  }
  const found = jobs.get(finding.subject) ?? {};
  const told = lastOf(found);
  const because = told ? `${finding.because}; ${jobText(told)}` : finding.because;
  const [order] = finding.mend ? orderFor(finding, found) : [];
  const bars = order ? barsOf(order, found, now) : [];
  return ordered({ ...finding, because, bars: finding.bars.map((bar) => ({ ...bar, because })) }, found, bars);
}

/** The backup that failed, where that is known; else the most frequent that the resource's plans would make. */
function orderFor(finding: Finding, { failed }: ResourceJobs): readonly Order[] {
  const orders = ordersIn(finding);
  const same = orders.filter(({ planId, ruleName }) => planId === failed?.planId && ruleName === failed.ruleName);
  return same.length > 0 ? same : orders;
}

function ordered(finding: Finding, jobs: ResourceJobs | undefined, bars: readonly Bar[]): Finding {
  const { mend } = finding;
  const [order] = mend ? orderFor(finding, jobs ?? {}) : [];
  if (!mend || !order) return finding;
  const input: BackUpMend = { resource: finding.subject, order, remedies: jobs?.failed?.id ?? MISSED };
  const fields = mend.fields.map((field) => ({ ...field, desired: `a backup by ${orderText(order)}` }));
  return { ...finding, bars: [...finding.bars, ...bars], mend: { ...mend, fields, input } };
}

function barsOf(order: Order, { running, tried }: ResourceJobs, now: Date): readonly Bar[] {
  const bars: Bar[] = [];
  if (running)
    bars.push({ reason: "cannot-mend", because: jobText(running), release: "its end: the next run looks again" });
  else if (tried && tried.createdOn >= now.getTime() - order.periodMs)
    bars.push({
      reason: "cannot-mend",
      because: `a backup was started beside its plan in this period of ${orderText(order)}: ${jobText(tried)}`,
      release: `mend what it says; ${orderText(order)} runs again by itself, and is made up for once a period`,
    });
  if (Object.keys(order.tags).length >= MOST_TAGS)
    bars.push({
      reason: "cannot-mend",
      because: `${orderText(order)} puts ${MOST_TAGS} tags on its points, and AWS takes no further one to tell ${REMEDY_TAG}`,
      release: "one tag less in the rule",
    });
  return bars;
}

/** What is under way goes before what failed, and of failures the last one. */
const lastOf = ({ running, failed, tried }: ResourceJobs): ToldJob | undefined =>
  running ?? ((tried?.createdOn ?? 0) > (failed?.createdOn ?? 0) ? tried : failed);

const jobText = ({ id, state, createdOn, message }: ToldJob): string =>
  isUnderWay(state)
    ? `backup job ${id} is under way since ${dateText(createdOn)}`
    : `backup job ${id} of ${dateText(createdOn)} ended ${state}${message === "" ? "" : `: ${message}`}`;
