import { describeKey, describeRecoveryPoint, getBackupPlan } from "../../../aws/backup-operations.ts";
import { describeDbClusterSnapshots, describeDbSnapshots } from "../../../aws/owner-operations.ts";
import type { Call } from "../../../aws/operation.ts";
import { unless } from "../../../domain/errors.ts";
import type { AmendContext } from "../../kind.ts";
import { OWNER_READS } from "../../../owner-services/service.ts";
import { placeOf } from "../../place.ts";
import { listTagged, type TagReading } from "../../tagged.ts";
import { proveGone, type SnapshotCall } from "../owners/gone.ts";
import { toRow } from "../../point-row.ts";
import type { DestructionInput, ProvenCopy } from "./destruction-input.ts";

/**
 * The reads that prove once more what a point goes for, where that is: that an orphan's plan or resource is gone (rule 3), or that its
 * copies are there (rule 20).
 */
export const PROOFS = [getBackupPlan, describeRecoveryPoint, describeKey, ...OWNER_READS] as const;
type ProofCall = Call<(typeof PROOFS)[number]>;

/** What a database's own snapshots tell of it, where the point lies. */
export const SNAPSHOT_READS = [describeDbSnapshots, describeDbClusterSnapshots] as const;

/** What a point goes for is proven once more before it does. */
export async function proofObjection(
  call: SnapshotCall & TagReading,
  { proof, resource, type, arn }: DestructionInput,
  { elsewhere }: Pick<AmendContext, "elsewhere">,
): Promise<string | undefined> {
  switch (proof?.of) {
    case undefined:
      return undefined;
    case "plan":
      return planObjection(proof.arn, elsewhere);
    case "owner":
      return ownerObjection(call, proof.keys, [arn, resource]);
    case "copies":
      return copiesObjection(proof.copies, resource, elsewhere);
    case "resource": {
      const verdict = await proveGone({ resource, type, point: arn }, elsewhere(proof.owner), call);
      return verdict === "gone" ? undefined : `nobody can prove any more that ${resource} is gone`;
    }
    default:
      return proof satisfies never;
  }
}

async function planObjection(arn: string, elsewhere: AmendContext["elsewhere"]): Promise<string | undefined> {
  const place = placeOf(arn);
  if (!place) return `nobody can tell where ${arn} was`;
  const id = arn.slice(arn.indexOf(":backup-plan:") + ":backup-plan:".length);
  const there: ProofCall = elsewhere(place);
  const plan = await unless("missing", there(getBackupPlan, { BackupPlanId: id }), undefined);
  return plan === undefined || plan.DeletionDate !== undefined ? undefined : `its plan ${arn} is there`;
}

/** Still nobody's, by complete listings of every tag that would say whose. */
async function ownerObjection(
  call: TagReading,
  keys: readonly string[],
  arns: readonly string[],
): Promise<string | undefined> {
  for (const key of keys) {
    const tagged = await listTagged(call, key);
    if ("failure" in tagged) return `tags could not be listed: ${tagged.failure.message}`;
    const owned = arns.find((arn) => tagged.has(arn));
    if (owned !== undefined) return `${owned} bears the tag ${key}`;
  }
  return undefined;
}

/** One in every vault that asks: what any of them lacks objects. */
async function copiesObjection(
  copies: readonly ProvenCopy[],
  resource: string,
  elsewhere: AmendContext["elsewhere"],
): Promise<string | undefined> {
  for (const copy of copies) {
    const objection = await copyObjection(elsewhere(copy.target), copy, resource);
    if (objection !== undefined) return objection;
  }
  return undefined;
}

/** The very copy that was judged, whole, of the same resource and moment, kept as long as then, and its key still at work. */
async function copyObjection(there: ProofCall, copy: ProvenCopy, resource: string): Promise<string | undefined> {
  const named = { BackupVaultName: copy.vault, RecoveryPointArn: copy.arn };
  const found = await unless("missing", there(describeRecoveryPoint, named), undefined);
  if (found === undefined) return `its copy ${copy.arn} is not there any more`;
  const row = toRow(found);
  if (row?.status !== "COMPLETED") return `its copy ${copy.arn} is ${row?.status ?? "of no known state"}`;
  if (row.resourceArn !== resource || row.createdOn !== copy.createdOn)
    return `${copy.arn} is not the copy any more that it was judged by`;
  if ((row.deleteOn ?? null) !== copy.deleteOn)
    return `its copy ${copy.arn} is kept for another time than it was judged by`;
  if ((found.ScanResults ?? []).some(({ Findings: findings = [] }) => findings.length > 0))
    return `a malware scan flagged its copy ${copy.arn}`;
  if (copy.keyArn === null) return undefined;
  const { KeyMetadata } = await there(describeKey, { KeyId: copy.keyArn });
  return KeyMetadata?.KeyState === "Enabled" ? undefined : `the key of its copy ${copy.arn} is not enabled`;
}
