import * as z from "zod";
import { listBackupJobs, startBackupJob } from "../../../aws/backup-operations.ts";
import type { Call } from "../../../aws/operation.ts";
import type { Finding } from "../../../domain/change.ts";
import type { Target } from "../../../domain/identity.ts";
import { isUnderWay } from "../../../domain/jobs.ts";
import { eachJob, toldJob, type ToldJob } from "../examine/jobs.ts";
import { Order, orderText } from "../order.ts";
import type { AmendContext, AmendResult } from "../../kind.ts";
import { lifecycleInput } from "../../lifecycle.ts";
import { REMEDY_TAG } from "../remedy-tag.ts";

/** The backup that is made up for, and the job whose failure it makes up for. */
export const BackUpMend = z.strictObject({
  resource: z.string(),
  order: Order,
  /** Of the job that failed; `MISSED` where none is known to have been started. */
  remedies: z.string(),
});
export type BackUpMend = z.infer<typeof BackUpMend>;

/**
 * Starts what a rule should have made, as the rule would have made it, unless a job of the resource is under way or one was started by
 * hand within the rule's period: a backup is made up for once a resource and period (rule 21). So is one whose answer was lost: it is
 * found among the jobs, and not asked for again.
 */
export async function backUpNow(
  call: Call<typeof listBackupJobs | typeof startBackupJob>,
  _target: Target,
  finding: Finding,
  { token, now }: AmendContext,
): Promise<AmendResult> {
  const { resource, order, remedies } = BackUpMend.parse(finding.mend?.input);
  const since = now.getTime() - order.periodMs;
  const jobs = await jobsOf(call, resource, new Date(since));
  const running = jobs.find(({ state }) => isUnderWay(state));
  if (running) return { held: `backup job ${running.id} is under way` };
  const tried = jobs.find(({ planId, createdOn }) => planId === undefined && createdOn >= since);
  if (tried)
    return { held: `backup job ${tried.id} was started by hand in this period of ${orderText(order)}: ${tried.state}` };
  await call(startBackupJob, {
    ResourceArn: resource,
    BackupVaultName: order.vault,
    LogicallyAirGappedBackupVaultArn: order.airGappedVaultArn,
    IamRoleArn: order.roleArn,
    IdempotencyToken: token,
    Lifecycle: order.lifecycle && lifecycleInput(order.lifecycle),
    RecoveryPointTags: { ...order.tags, [REMEDY_TAG]: remedies },
    ...(Object.keys(order.options).length > 0 ? { BackupOptions: order.options } : {}),
    StartWindowMinutes: order.startWindowMinutes,
    CompleteWindowMinutes: order.completionWindowMinutes,
  });
  return "updated";
}

/** Jobs of the resource that are under way, however old, and all that were created since. */
async function jobsOf(call: Call<typeof listBackupJobs>, resource: string, since: Date): Promise<readonly ToldJob[]> {
  const jobs: ToldJob[] = [];
  await eachJob(call, { ByResourceArn: resource, ByCreatedAfter: dayBefore(since) }, (job) => {
    const told = toldJob(job);
    if (told) jobs.push(told);
  });
  return jobs;
}

/** A job that was created before the period may still be under way; AWS runs none for longer than its completion window. */
const dayBefore = (date: Date): Date => new Date(date.getTime() - 7 * 86_400_000);
