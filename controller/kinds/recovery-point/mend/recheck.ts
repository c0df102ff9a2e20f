import {
  describeBackupVault,
  describeRecoveryPoint,
  getBackupPlan,
  listLegalHolds,
  listRecoveryPointsByLegalHold,
  listTags,
} from "../../../aws/backup-operations.ts";
import { describeDbClusterSnapshots, describeDbSnapshots, getTaggedResources } from "../../../aws/owner-operations.ts";
import type { Call } from "../../../aws/operation.ts";
import { unless } from "../../../domain/errors.ts";
import type { AmendContext } from "../../kind.ts";
import { tagsOf } from "../../listing.ts";
import { heldPoints } from "../examine/legal-holds.ts";
import { listTagged } from "../../tagged.ts";
import { KEEP_TAG } from "../examine/marks.ts";
import { placeOf } from "../../place.ts";
import { isRestorable } from "../judge/survivors.ts";
import { proveGone, type SnapshotCall } from "../owners/gone.ts";
import { OWNER_READS } from "../../owner-services.ts";
import { toRow } from "../row.ts";
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

/** The reads that prove once more that an orphan's plan or resource is gone, where either was (rule 3). */
export const PROOFS = [getBackupPlan, ...OWNER_READS] as const;
type ProofCall = Call<(typeof PROOFS)[number]>;

/** What a database's own snapshots tell of it, where the point lies. */
export const SNAPSHOT_READS = [describeDbSnapshots, describeDbClusterSnapshots] as const;

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

/** What it is an orphan of is proven gone once more, before it goes for that. */
export async function proofObjection(
  call: SnapshotCall,
  { proof, resource, type, arn }: DestructionInput,
  { elsewhere }: Pick<AmendContext, "elsewhere">,
): Promise<string | undefined> {
  if (proof?.of === "plan") {
    const place = placeOf(proof.arn);
    if (!place) return `nobody can tell where ${proof.arn} was`;
    const id = proof.arn.slice(proof.arn.indexOf(":backup-plan:") + ":backup-plan:".length);
    const there: ProofCall = elsewhere(place);
    const plan = await unless("missing", there(getBackupPlan, { BackupPlanId: id }), undefined);
    return plan === undefined || plan.DeletionDate !== undefined ? undefined : `its plan ${proof.arn} is there`;
  }
  if (proof?.of === "resource") {
    const verdict = await proveGone({ resource, type, point: arn }, elsewhere(proof.owner), call);
    return verdict === "gone" ? undefined : `nobody can prove any more that ${resource} is gone`;
  }
  return undefined;
}
