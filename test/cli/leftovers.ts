import { PRODUCTION } from "../scenarios/manifests.ts";
import { addRecoveryPoint, addVault } from "../simulator/backup/build.ts";
import { IRELAND, SHOP } from "../support/universe.ts";
import { DESIRED_BUCKET, serve, type Served } from "./command-line.ts";

export const DAY_MS = 86_400_000;
export const S3 = `s3://${DESIRED_BUCKET}`;
const VOLUME = `arn:aws:ec2:${IRELAND}:${SHOP}:volume/vol-1`;
export const snapshot = (night: number): string => `arn:aws:ec2:${IRELAND}::snapshot/snap-0${night}`;

const FILES = {
  "fleet.yaml": PRODUCTION["fleet.yaml"],
  "points.yaml": `
apiVersion: holdfast/v1
kind: RecoveryPointPolicy
metadata: { name: clean-up }
spec:
  targets: { groups: [production] }
  match: { vaults: [legacy] }
  orphans: { when: [expired], action: delete, grace: 14d }
`,
};

/** A vault with leftovers that AWS Backup could not delete, and the newest point among them where `last` says so. */
export async function leftovers({ last = false } = {}): Promise<Served> {
  const s = await serve({ files: FILES });
  const shop = s.universe.simulator.backup(SHOP, IRELAND);
  s.universe.simulator.addResource(SHOP, IRELAND, { arn: VOLUME, type: "EBS" });
  addVault(shop, { name: "legacy" });
  for (const night of last ? [3] : [1, 2, 3, 4])
    addRecoveryPoint(shop, {
      vault: "legacy",
      arn: snapshot(night),
      resourceArn: VOLUME,
      resourceType: "EBS",
      status: night > 2 ? "EXPIRED" : "COMPLETED",
      creationDate: new Date(s.universe.simulator.clock.now().getTime() - (night + 40) * DAY_MS),
      lifecycle: { DeleteAfterDays: night > 2 ? 35 : 335 },
      sizeBytes: 1000,
    });
  await s.run(["sync", "--to", S3]);
  return s;
}
