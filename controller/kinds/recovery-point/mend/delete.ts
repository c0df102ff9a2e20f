import { deleteRecoveryPoint } from "../../../aws/backup-operations.ts";
import type { Call } from "../../../aws/operation.ts";
import type { Finding } from "../../../domain/change.ts";
import { HoldfastError } from "../../../domain/errors.ts";
import type { Target } from "../../../domain/identity.ts";
import type { AmendContext, AmendResult } from "../../kind.ts";
import type { SnapshotCall } from "../owners/gone.ts";
import { DestructionInput } from "./destruction-input.ts";
import { proofObjection } from "./proofs.ts";
import { objectionTo, type RecheckCall } from "./recheck.ts";

/**
 * Asks AWS to delete a point, if nothing objects at the last moment. The answer proves nothing: the point goes later, or turns EXPIRED
 * where rights are missing (rule 9).
 */
export async function deletePoint(
  call: RecheckCall & SnapshotCall & Call<typeof deleteRecoveryPoint>,
  _target: Target,
  finding: Finding,
  context: AmendContext,
): Promise<AmendResult> {
  const point = DestructionInput.parse(finding.mend?.input);
  if (!finding.mend?.destruction) throw new HoldfastError("internal", `${point.arn} would be deleted unannounced`);
  const objection =
    (await objectionTo(call, point, finding.mend.destruction.last)) ?? (await proofObjection(call, point, context));
  if (objection !== undefined) return { held: objection };
  await call(deleteRecoveryPoint, { BackupVaultName: point.vault, RecoveryPointArn: point.arn });
  return "accepted";
}
