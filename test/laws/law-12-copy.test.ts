import { describe, expect, it } from "vitest";
import { addRecoveryPoint, addVault } from "../simulator/backup/build.ts";
import { CENTRAL_VAULT, PRODUCTION } from "../scenarios/manifests.ts";
import { FRANKFURT, HUB, IRELAND, SHOP, universe, type Universe, VAULTS } from "../support/universe.ts";
import { doneTo, killAround, lastReport } from "./around.ts";
import { PATIENCE_MS } from "./cases.ts";
import { ACCOUNTS } from "./manifests.ts";
import { untold } from "./crash.ts";

const DAY_MS = 86_400_000;
const point = (n: number) => `arn:aws:backup:${IRELAND}:${SHOP}:recovery-point:0000000${n}-0000-4000-8000-000000000000`;
const POLICY = `
apiVersion: holdfast/v1
kind: RecoveryPointPolicy
metadata: { name: copied }
spec:
  targets: { groups: [production] }
  match: { vaults: [legacy] }
  copies:
    - to: { account: "${VAULTS}", region: ${FRANKFURT}, vault: central }
      since: "2026-01-01T00:00:00Z"
      remedy: copyAgain
`;
const basis = { "fleet.yaml": PRODUCTION["fleet.yaml"], "central.yaml": CENTRAL_VAULT };

/** Two file systems, one point of each, and a vault elsewhere that must have a copy of both. */
async function uncopied(): Promise<Universe> {
  const u = universe({ files: basis, accounts: [HUB, ...ACCOUNTS] });
  await u.run();
  const shop = u.simulator.backup(SHOP, IRELAND);
  addVault(shop, { name: "legacy" });
  for (const n of [1, 2])
    addRecoveryPoint(shop, {
      vault: "legacy",
      arn: point(n),
      resourceArn: `arn:aws:elasticfilesystem:${IRELAND}:${SHOP}:file-system/fs-0${n}`,
      resourceType: "EFS",
      creationDate: new Date(u.simulator.clock.now().getTime() - 2 * DAY_MS),
      iamRoleArn: `arn:aws:iam::${SHOP}:role/service-role/AWSBackupDefaultServiceRole`,
      lifecycle: { DeleteAfterDays: 90 },
      sizeBytes: 1_000,
    });
  u.commit({ ...basis, "points.yaml": POLICY });
  return u;
}

describe("law 12, crash anywhere", () => {
  it(
    "around the start of a copy",
    async () => {
      const crashes = await killAround(uncopied, "StartCopyJob", async ({ u, dead, from, where }) => {
        await u.run();
        const { spent = [] } = lastReport(u).carried;
        const begun = doneTo(u, from, "StartCopyJob");
        expect(spent.length, `${where}: what may have been started is spent`).toBeGreaterThanOrEqual(begun.length);
        expect(untold(u.simulator, dead), where).toEqual([]);
        u.simulator.clock.advance(2 * DAY_MS);
        await u.run();
        expect([...u.simulator.backup(SHOP, IRELAND).copyJobs].length, `${where}: a job for each`).toBe(2);
        const copies = [...u.simulator.backup(VAULTS, FRANKFURT).vaults.get("central")!.points];
        expect(copies.length, `${where}: a copy of each`).toBe(2);
        u.simulator.clock.advance(DAY_MS);
        await u.run();
        expect(doneTo(u, from, "StartCopyJob").length, `${where}: and rest`).toBe(2);
      });
      expect(crashes).toBe(14);
    },
    PATIENCE_MS,
  );
});
