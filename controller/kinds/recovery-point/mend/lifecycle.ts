import { describeRecoveryPoint, updateRecoveryPointLifecycle } from "../../../aws/backup-operations.ts";
import type { Call } from "../../../aws/operation.ts";
import type { Finding } from "../../../domain/change.ts";
import { HoldfastError, unless } from "../../../domain/errors.ts";
import type { Target } from "../../../domain/identity.ts";
import type { AmendResult } from "../../kind.ts";
import { type RecoveryPointRow, toRow } from "../../point-row.ts";
import { DestructionInput } from "./destruction-input.ts";
import { LifecycleMend } from "./lifecycle-input.ts";
import { objectionTo, type RecheckCall } from "./recheck.ts";

type LifecycleCall = Call<typeof describeRecoveryPoint | typeof updateRecoveryPointLifecycle>;

/** Keeps a point for longer, if it is still the one that was judged. */
export async function lengthen(call: LifecycleCall, _target: Target, finding: Finding): Promise<AmendResult> {
  const mend = LifecycleMend.parse(finding.mend?.input);
  const days = daysOf(finding);
  // Shortening destroys, and nothing is destroyed unannounced (law 3): this step does not know how to.
  if (days < (mend.judged.deleteAfterDays ?? Infinity))
    throw new HoldfastError("internal", `${mend.arn} would be kept for less time than now; this step only lengthens`);
  const moved = await movedSince(call, mend);
  if (moved !== undefined) return { held: moved };
  await setLifecycle(call, mend, days);
  return "updated";
}

/** Keeps a point for less long, if nothing objects at the last moment (rule 6). */
export async function shorten(
  call: LifecycleCall & RecheckCall,
  _target: Target,
  finding: Finding,
): Promise<AmendResult> {
  const { destruction, ...rest } = ShortenMend.parse(finding.mend?.input);
  const mend = LifecycleMend.parse(rest);
  const days = daysOf(finding);
  if (!finding.mend?.destruction) throw new HoldfastError("internal", `${mend.arn} would be shortened unannounced`);
  const objection =
    (await objectionTo(call, destruction, finding.mend.destruction.last)) ?? (await movedSince(call, mend));
  if (objection !== undefined) return { held: objection };
  await setLifecycle(call, mend, days);
  return "updated";
}

const ShortenMend = LifecycleMend.extend({ destruction: DestructionInput });

function daysOf(finding: Finding): number {
  const days = finding.mend?.fields.find(({ path }) => path === "lifecycle.deleteAfterDays")?.desired;
  if (typeof days !== "number")
    throw new HoldfastError("internal", `a change of ${finding.subject} says no number of days`);
  return days;
}

/** Reads the point again: what it was judged by must still be so. */
async function movedSince(call: LifecycleCall, mend: LifecycleMend): Promise<string | undefined> {
  const named = { BackupVaultName: mend.vault, RecoveryPointArn: mend.arn };
  const now = toRow((await unless("missing", call(describeRecoveryPoint, named), undefined)) ?? {});
  if (now === undefined || now.status === "DELETING") return "it is gone, or on its way";
  return isAsJudged(mend, now) ? undefined : "its lifecycle is another than it was judged by";
}

const isAsJudged = (
  { judged }: LifecycleMend,
  {
    deleteAfterDays,
    moveToColdStorageAfterDays,
  }: Pick<RecoveryPointRow, "deleteAfterDays" | "moveToColdStorageAfterDays">,
): boolean =>
  (deleteAfterDays ?? null) === judged.deleteAfterDays &&
  (moveToColdStorageAfterDays ?? null) === judged.moveToColdStorageAfterDays;

const setLifecycle = (call: LifecycleCall, mend: LifecycleMend, days: number) =>
  call(updateRecoveryPointLifecycle, {
    BackupVaultName: mend.vault,
    RecoveryPointArn: mend.arn,
    Lifecycle: {
      DeleteAfterDays: days,
      ...(mend.moveToColdStorageAfterDays === null
        ? {}
        : { MoveToColdStorageAfterDays: mend.moveToColdStorageAfterDays }),
      ...(mend.optInToArchive ? { OptInToArchiveForSupportedResources: true } : {}),
    },
  });
