import {
  describeBackupVault,
  describeRecoveryPoint,
  listLegalHolds,
  listRecoveryPointsByLegalHold,
  listTags,
} from "../../../aws/backup-operations.ts";
import { getTaggedResources } from "../../../aws/owner-operations.ts";
import type { Call } from "../../../aws/operation.ts";
import { unless } from "../../../domain/errors.ts";
import { tagsOf } from "../../listing.ts";
import { heldPoints } from "../examine/legal-holds.ts";
import { listTagged } from "../../tagged.ts";
import { KEEP_TAG } from "../examine/marks.ts";
import { isRestorable } from "../judge/survivors.ts";
import { toRow } from "../../point-row.ts";
import type { DestructionInput } from "./destruction-input.ts";

/** The reads that come directly before anything is destroyed (rules 6, 12). */
export const RECHECKS = [
  describeRecoveryPoint,
  describeBackupVault,
  listLegalHolds,
  listRecoveryPointsByLegalHold,
  listTags,
  getTaggedResources,
] as const;
export type RecheckCall = Call<(typeof RECHECKS)[number]>;

/**
 * What objects to destroying a point at the last moment, if anything does: the point, its lock, holds and keep mark, and the point that
 * is to survive it are all read once more (rule 6). `last`: a person consented to its being the last.
 */
export async function objectionTo(
  call: RecheckCall,
  point: DestructionInput,
  last: boolean,
): Promise<string | undefined> {
  return (
    (await statusObjection(call, point)) ??
    (await lockObjection(call, point)) ??
    (await keepObjection(call, point)) ??
    ((await heldPoints(call, new Set([point.arn]))).has(point.arn) ? "it is under a legal hold" : undefined) ??
    (last ? undefined : await survivorObjection(call, point))
  );
}

async function statusObjection(
  call: RecheckCall,
  { vault, arn, status, deleteAfterDays }: DestructionInput,
): Promise<string | undefined> {
  const named = { BackupVaultName: vault, RecoveryPointArn: arn };
  const now = await unless("missing", call(describeRecoveryPoint, named), undefined);
  if (now === undefined) return "it is gone";
  if (now.Status !== status) return `it is ${now.Status}, and was ${status} when it was judged`;
  return (toRow(now)?.deleteAfterDays ?? null) === deleteAfterDays
    ? undefined
    : "its lifecycle is another than it was judged by";
}

async function lockObjection(call: RecheckCall, { vault }: DestructionInput): Promise<string | undefined> {
  const { Locked } = await call(describeBackupVault, { BackupVaultName: vault });
  return Locked === true ? "its vault is locked" : undefined;
}

/** Of its own points AWS Backup tells the tags at once; of the others the Tagging API does, by one complete listing (rule 12). */
async function keepObjection(call: RecheckCall, { arn }: DestructionInput): Promise<string | undefined> {
  if (/^arn:[^:]+:backup:/.test(arn))
    return KEEP_TAG in (await tagsOf(call, arn)) ? `it bears the tag ${KEEP_TAG}` : undefined;
  const kept = await listTagged(call, KEEP_TAG);
  if ("failure" in kept) return `keep marks could not be listed: ${kept.failure.message}`;
  return kept.has(arn) ? `it bears the tag ${KEEP_TAG}` : undefined;
}

async function survivorObjection(
  call: RecheckCall,
  { vault, newer, keepLast }: DestructionInput,
): Promise<string | undefined> {
  // `examine` has left those whose keys work, newest first.
  for (const { arn } of newer.slice(0, keepLast)) {
    const named = { BackupVaultName: vault, RecoveryPointArn: arn };
    const now = await unless("missing", call(describeRecoveryPoint, named), undefined);
    if (now === undefined || !isRestorable(now.Status ?? ""))
      return `${arn}, which was to be left, is not there any more`;
  }
  return newer.length >= keepLast ? undefined : "nothing newer would be left";
}
