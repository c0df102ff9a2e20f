import { addRecoveryPoint, addVault } from "../simulator/backup/build.ts";
import { IRELAND, SHOP } from "../support/universe.ts";
import type { Hub } from "./functions.ts";

/** A vault that nobody's manifest names, whose recovery points are to be kept longer. */
export const LEGACY = `
apiVersion: holdfast/v1
kind: RecoveryPointPolicy
metadata: { name: legacy }
spec:
  targets: { groups: [production] }
  match: { vaults: [legacy], resourceTypes: [EBS] }
  retention: { atLeastDays: 35 }
`;

export function placeLegacy({ simulator }: Pick<Hub, "simulator">): void {
  const state = simulator.backup(SHOP, IRELAND);
  addVault(state, { name: "legacy" });
  const creationDate = new Date(simulator.clock.now().getTime() - 86_400_000);
  for (const volume of ["vol-1", "vol-2", "vol-3"])
    addRecoveryPoint(state, {
      vault: "legacy",
      resourceArn: `arn:aws:ec2:${IRELAND}:${SHOP}:volume/${volume}`,
      resourceType: "EBS",
      creationDate,
      sizeBytes: 1_000_000,
      lifecycle: { DeleteAfterDays: 7 },
    });
}
