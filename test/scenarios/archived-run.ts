import { runDurably, type RanDurably } from "../engines/durable-run.ts";
import { addRecoveryPoint, addVault } from "../simulator/backup/build.ts";
import { IRELAND, SHOP, universe, type Universe } from "../support/universe.ts";
import { VOLUME } from "./legacy-vault.ts";
import { PRODUCTION } from "./manifests.ts";

/** Points are listed in attachments, which workers put there themselves. */
const POINTS = `
apiVersion: holdfast/v1
kind: RecoveryPointPolicy
metadata: { name: legacy }
spec:
  targets: { groups: [production] }
  match: { vaults: [legacy] }
  retention: { atLeastDays: 35 }
`;

/** A durable run whose evidence is kept in the shop's account; its workers work under their own role. */
export async function archivedRun(): Promise<RanDurably & { readonly u: Universe }> {
  const u = universe({ files: { ...PRODUCTION, "points.yaml": POINTS }, archive: SHOP });
  const shop = u.simulator.backup(SHOP, IRELAND);
  addVault(shop, { name: "legacy" });
  const creationDate = new Date(u.simulator.clock.now().getTime() - 86_400_000);
  const lifecycle = { DeleteAfterDays: 7 };
  addRecoveryPoint(shop, { vault: "legacy", resourceArn: VOLUME, resourceType: "EBS", creationDate, lifecycle });
  return { u, ...(await runDurably(u, { worker: async (_, work) => work({ world: await u.worker() }) })) };
}
