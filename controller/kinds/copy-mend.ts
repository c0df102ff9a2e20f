import * as z from "zod";
import { listCopyJobs, startCopyJob } from "../aws/backup-operations.ts";
import type { Call } from "../aws/operation.ts";
import type { Finding } from "../domain/change.ts";
import type { Target } from "../domain/identity.ts";
import { COPY_UNDER_WAY } from "../domain/jobs.ts";
import type { AmendContext, AmendResult } from "./kind.ts";
import { Lifecycle, lifecycleInput } from "./lifecycle.ts";
import { pages } from "../aws/pages.ts";

/** Everything that starting a copy needs, as data. */
export const CopyMend = z.strictObject({
  vault: z.string(),
  arn: z.string(),
  createdOn: z.int(),
  resource: z.string(),
  destination: z.string(),
  roleArn: z.string(),
  /** Null: the source's own lifecycle is inherited (semantics §2.4). */
  deleteAfterDays: z.number().nullable(),
  moveToColdStorageAfterDays: z.number().nullable(),
  /** As a plan's copy action says it, whole. Absent: those two decide. */
  lifecycle: Lifecycle.optional(),
  /** Keys to be looked at before: null where they do not matter. */
  keys: z.strictObject({ source: z.string().nullable(), destination: z.string().nullable() }),
});
export type CopyMend = z.infer<typeof CopyMend>;

/** A copy that ended so recently may not be in the listing that the point was judged by. Milliseconds. */
const JUST_NOW_MS = 3_600_000;

/** Starts the missing copy, unless one is on its way or has just arrived: a copy is never started twice (rule 20). */
export async function startCopy(
  call: Call<typeof startCopyJob | typeof listCopyJobs>,
  _target: Target,
  finding: Finding,
  { token, now }: AmendContext,
): Promise<AmendResult> {
  const copy = CopyMend.parse(finding.mend?.input);
  const read = (NextToken: string | undefined) =>
    call(listCopyJobs, {
      BySourceRecoveryPointArn: copy.arn,
      ByDestinationVaultArn: copy.destination,
      ByCreatedAfter: new Date(now.getTime() - 30 * 86_400_000),
      NextToken,
    });
  for await (const page of pages(listCopyJobs.name, read))
    for (const { State, CopyJobId, CompletionDate } of page.CopyJobs ?? []) {
      if (COPY_UNDER_WAY.some((state) => state === State)) return { held: `copy job ${CopyJobId} is under way` };
      const endedAgo = now.getTime() - (CompletionDate?.getTime() ?? 0);
      if (State === "COMPLETED" && endedAgo < JUST_NOW_MS) return { held: `copy job ${CopyJobId} has just ended` };
    }
  await call(startCopyJob, {
    RecoveryPointArn: copy.arn,
    SourceBackupVaultName: copy.vault,
    DestinationBackupVaultArn: copy.destination,
    IamRoleArn: copy.roleArn,
    IdempotencyToken: token,
    ...lifecycleOf(copy),
  });
  return "updated";
}

function lifecycleOf({ lifecycle, deleteAfterDays, moveToColdStorageAfterDays: cold }: CopyMend) {
  if (lifecycle) return { Lifecycle: lifecycleInput(lifecycle) };
  if (deleteAfterDays === null) return {};
  return {
    Lifecycle: lifecycleInput({ deleteAfterDays, ...(cold === null ? {} : { moveToColdStorageAfterDays: cold }) }),
  };
}
