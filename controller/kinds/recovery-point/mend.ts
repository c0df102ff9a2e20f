import * as z from "zod";
import { describeRecoveryPoint, updateRecoveryPointLifecycle } from "../../aws/backup-operations.ts";
import type { Call } from "../../aws/operation.ts";
import type { Finding } from "../../domain/change.ts";
import { HoldfastError, unless } from "../../domain/errors.ts";
import type { Target } from "../../domain/identity.ts";
import type { UpdateResult } from "../kind.ts";
import { type RecoveryPointRow, toRow } from "./row.ts";

const Days = z.number().nullable();

/** Everything the mending call needs, as data: the finding may be read back elsewhere before it is applied. */
export const LifecycleMend = z.strictObject({
  vault: z.string(),
  arn: z.string(),
  /** What the point was judged by; null: for ever, or never cold. */
  judged: z.strictObject({ deleteAfterDays: Days, moveToColdStorageAfterDays: Days }),
  deleteAfterDays: z.int(),
  /** Sent along, since AWS nulls a value that is left out (semantics §4.3); null where the type has no cold storage. */
  moveToColdStorageAfterDays: Days,
  optInToArchive: z.boolean(),
});
export type LifecycleMend = z.infer<typeof LifecycleMend>;

/** Types with cold storage; for every other AWS ignores the setting (semantics §2.4, §4.1). */
const COLD_TYPES: ReadonlySet<string> = new Set([
  "CloudFormation",
  "DynamoDB",
  "EBS",
  "EFS",
  "SAP HANA on Amazon EC2",
  "Timestream",
  "VirtualMachine",
]);

export const coldDays = ({ resourceType, moveToColdStorageAfterDays }: RecoveryPointRow): number | undefined =>
  COLD_TYPES.has(resourceType) ? moveToColdStorageAfterDays : undefined;

export const mendOf = (row: RecoveryPointRow, vault: string, deleteAfterDays: number): LifecycleMend => ({
  vault,
  arn: row.arn,
  judged: {
    deleteAfterDays: row.deleteAfterDays ?? null,
    moveToColdStorageAfterDays: row.moveToColdStorageAfterDays ?? null,
  },
  deleteAfterDays,
  moveToColdStorageAfterDays: coldDays(row) ?? null,
  optInToArchive: row.optInToArchive === true,
});

/** Reads the point again, and sets its lifecycle only if it is still the one that was judged. */
export async function mendLifecycle(
  call: Call<typeof describeRecoveryPoint | typeof updateRecoveryPointLifecycle>,
  _target: Target,
  finding: Finding,
): Promise<UpdateResult> {
  const mend = LifecycleMend.parse(finding.mend?.input);
  // Shortening stored retention destroys, and nothing is destroyed unannounced (law 3): this step does not know how to.
  if (mend.deleteAfterDays < (mend.judged.deleteAfterDays ?? Infinity))
    throw new HoldfastError("internal", `${mend.arn} would be kept for less time than now; this step only lengthens`);
  const named = { BackupVaultName: mend.vault, RecoveryPointArn: mend.arn };
  const now = toRow((await unless("missing", call(describeRecoveryPoint, named), undefined)) ?? {});
  if (now === undefined || now.status === "DELETING" || !isAsJudged(mend, now)) return "moved";
  await call(updateRecoveryPointLifecycle, {
    ...named,
    Lifecycle: {
      DeleteAfterDays: mend.deleteAfterDays,
      ...(mend.moveToColdStorageAfterDays === null
        ? {}
        : { MoveToColdStorageAfterDays: mend.moveToColdStorageAfterDays }),
      ...(mend.optInToArchive ? { OptInToArchiveForSupportedResources: true } : {}),
    },
  });
  return "updated";
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
