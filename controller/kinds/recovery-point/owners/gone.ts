import { describeDbClusterSnapshots, describeDbSnapshots } from "../../../aws/owner-operations.ts";
import type { Call } from "../../../aws/operation.ts";
import { AwsError } from "../../../domain/errors.ts";
import type { Owned } from "../../../owner-services/owned.ts";
import type { OwnerCall } from "../../../owner-services/service.ts";
import { ownerOf } from "../../../owner-services/services.ts";

export type SnapshotCall = Call<typeof describeDbSnapshots | typeof describeDbClusterSnapshots>;

/** gone: proven. live: it is there, perhaps under another name. unknown: neither can be said, so it is not an orphan (rule 3). */
export type Verdict = "gone" | "live" | "unknown";

/** A resource that a complete listing did not have, and a point of it from which to learn what it was. */
export interface Suspect {
  readonly resource: string;
  readonly type: string;
  readonly point: string;
}

/**
 * The second half of the proof: the service's own typed not-found, under the same role and in the same account and Region; and, where
 * names can change, that nothing alive bears the id of what the point was taken of (rules 3, 4).
 */
export async function proveGone(
  { resource, type, point }: Suspect,
  at: OwnerCall,
  here: SnapshotCall,
): Promise<Verdict> {
  const service = ownerOf(type, resource);
  if (!service) return "unknown";
  const [name, { read, renames }] = service;
  try {
    if (await read(at, resource)) return "live";
    return renames ? await renamed(renames(at), await idOf(name, point, here)) : "gone";
  } catch (error) {
    if (error instanceof AwsError) return "unknown";
    throw error;
  }
}

async function renamed(alive: AsyncIterable<Owned>, id: string | undefined): Promise<Verdict> {
  if (id === undefined) return "unknown";
  for await (const one of alive) if (one.id === id) return "live";
  return "gone";
}

const idOf = (service: string, point: string, here: SnapshotCall): Promise<string | undefined> =>
  service === "db" ? instanceOf(point, here) : clusterOf(point, here);

/** The id of the database that a snapshot was taken of: RDS keeps it with the snapshot. Points in air-gapped vaults have none. */
const instanceOf = async (point: string, here: SnapshotCall): Promise<string | undefined> =>
  point.includes(":snapshot:")
    ? (await here(describeDbSnapshots, { DBSnapshotIdentifier: point, ...typeOf(point) })).DBSnapshots?.[0]
        ?.DbiResourceId
    : undefined;

const clusterOf = async (point: string, here: SnapshotCall): Promise<string | undefined> =>
  point.includes(":cluster-snapshot:")
    ? (await here(describeDbClusterSnapshots, { DBClusterSnapshotIdentifier: point, ...typeOf(point) }))
        .DBClusterSnapshots?.[0]?.DbClusterResourceId
    : undefined;

/** RDS lists the snapshots that nobody took by hand only to whoever names their type (rds, SnapshotType of DescribeDBSnapshots). */
const typeOf = (point: string): { SnapshotType?: "awsbackup" } =>
  point.includes(":awsbackup:") ? { SnapshotType: "awsbackup" } : {};
