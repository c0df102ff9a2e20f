import { addRecoveryPoint, addVault } from "../simulator/backup/build.ts";
import { IRELAND, SHOP, universe, type Universe } from "../support/universe.ts";
import { PRODUCTION } from "./manifests.ts";

/** A vault that somebody left behind: the points of one volume, which is there. */
export const VOLUME = `arn:aws:ec2:${IRELAND}:${SHOP}:volume/vol-1`;
export const snapshot = (night: number): string => `arn:aws:ec2:${IRELAND}::snapshot/snap-0${night}`;

const DAY_MS = 86_400_000;

/** The production fleet and what is said of points. Its budgets let one go a day. */
export const files = (...documents: readonly string[]): Readonly<Record<string, string>> => ({
  "fleet.yaml": PRODUCTION["fleet.yaml"],
  "points.yaml": documents.join(""),
});

export type Given = Omit<
  Parameters<typeof addRecoveryPoint>[1],
  "vault" | "resourceArn" | "resourceType" | "creationDate"
>;

/** The volume's snapshots: the n-th was taken 40 + n days ago. */
export function snapshots(points: readonly Given[], manifests: Readonly<Record<string, string>>): Universe {
  const u = universe({ files: manifests });
  const shop = u.simulator.backup(SHOP, IRELAND);
  u.simulator.addResource(SHOP, IRELAND, { arn: VOLUME, type: "EBS" });
  addVault(shop, { name: "legacy" });
  for (const [at, given] of points.entries())
    addRecoveryPoint(shop, {
      vault: "legacy",
      arn: snapshot(at + 1),
      resourceArn: VOLUME,
      resourceType: "EBS",
      creationDate: new Date(u.simulator.clock.now().getTime() - (41 + at) * DAY_MS),
      sizeBytes: 1_000,
      ...given,
    });
  return u;
}
