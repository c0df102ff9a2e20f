import { addRecoveryPoint, addVault } from "../simulator/backup/build.ts";
import { IRELAND, SHOP, universe, type Universe } from "../support/universe.ts";
import { PRODUCTION } from "./manifests.ts";
import { writesSince } from "./telling.ts";

/** A vault that somebody left behind: the points of one volume, which is there. */
export const VOLUME = `arn:aws:ec2:${IRELAND}:${SHOP}:volume/vol-1`;
export const snapshot = (night: number): string => `arn:aws:ec2:${IRELAND}::snapshot/snap-0${night}`;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The production fleet and what is said of points. Its budgets let one go a day. */
export const files = (...documents: readonly string[]): Readonly<Record<string, string>> => ({
  "fleet.yaml": PRODUCTION["fleet.yaml"],
  "points.yaml": documents.join(""),
});

export type Given = Omit<
  Parameters<typeof addRecoveryPoint>[1],
  "vault" | "resourceArn" | "resourceType" | "creationDate"
>;

/** The volume's snapshots: the n-th was taken 40 + n days ago. `archive`: the account that keeps the evidence, for durable runs. */
export function snapshots(
  points: readonly Given[],
  manifests: Readonly<Record<string, string>>,
  archive?: string,
): Universe {
  const u = universe({ files: manifests, ...(archive === undefined ? {} : { archive }) });
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

/** What becomes of points that nobody needs. */
const policy = (orphans: string) => `
apiVersion: holdfast/v1
kind: RecoveryPointPolicy
metadata: { name: clean-up }
spec:
  targets: { groups: [production] }
  match: { vaults: [legacy] }
  orphans: ${orphans}
`;
export const CLEAN_UP = policy(
  "{ when: [expired, planDeleted, resourceDeleted], action: delete, grace: 14d, minMissing: 30d }",
);

/** Consent by whatever the members say; it runs out on a day. */
export const approval = (members: string, expires: string, name = "clean") => `---
apiVersion: holdfast/v1
kind: Approval
metadata: { name: ${name} }
spec: { ${members}, reason: left behind, ticket: OPS-7, expires: "${expires}" }
`;
export const STANDING = "standing: [{ policy: clean-up, cause: expired }]";

export const EXPIRED = { status: "EXPIRED", lifecycle: { DeleteAfterDays: 30 } } as const;
export const KEPT = { lifecycle: { DeleteAfterDays: 400 } } as const;

/** ARNs of the points that somebody asked AWS Backup to delete. */
export const destroyed = (u: Universe, from = 0): readonly string[] =>
  writesSince(u, from)
    .filter(({ operation }) => operation === "DeleteRecoveryPoint")
    .map(({ input }) => String(input["RecoveryPointArn"]));

/** Announced, and the grace gone by. */
export async function announced(
  points: readonly Given[],
  documents: readonly string[] = [CLEAN_UP],
  archive?: string,
): Promise<Universe> {
  const u = snapshots(points, files(...documents), archive);
  await u.run();
  u.simulator.clock.advance(14 * DAY_MS + HOUR_MS);
  return u;
}
