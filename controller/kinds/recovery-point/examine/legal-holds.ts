import { listLegalHolds, listRecoveryPointsByLegalHold } from "../../../aws/backup-operations.ts";
import type { Call } from "../../../aws/operation.ts";
import { pages } from "../../../aws/pages.ts";

export type HoldCall = Call<typeof listLegalHolds | typeof listRecoveryPointsByLegalHold>;

/** Of some points those under a legal hold that is not cancelled. Of a hold's points, however many, only these are kept. Throws where a listing breaks off. */
export async function heldPoints(call: HoldCall, points: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const held = new Set<string>();
  if (points.size === 0) return held;
  for await (const page of pages(listLegalHolds.name, (NextToken) => call(listLegalHolds, { NextToken })))
    for (const { LegalHoldId, Status } of page.LegalHolds ?? []) {
      // One being cancelled holds until it is.
      if (LegalHoldId === undefined || Status === "CANCELED") continue;
      await addHeld(call, LegalHoldId, points, held);
    }
  return held;
}

async function addHeld(
  call: HoldCall,
  LegalHoldId: string,
  points: ReadonlySet<string>,
  held: Set<string>,
): Promise<void> {
  const read = (NextToken: string | undefined) =>
    call(listRecoveryPointsByLegalHold, { LegalHoldId, MaxResults: 1_000, NextToken });
  for await (const page of pages(listRecoveryPointsByLegalHold.name, read))
    for (const { RecoveryPointArn: arn } of page.RecoveryPoints ?? [])
      if (arn !== undefined && points.has(arn)) held.add(arn);
}
