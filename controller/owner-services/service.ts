import {
  describeDbClusters,
  describeDbInstances,
  describeEfsFileSystems,
  describeFsxFileSystems,
  describeFsxVolumes,
  describeInstances,
  describeRedshiftClusters,
  describeTable,
  describeVolumes,
  getBucketLocation,
  listBuckets,
  listTables,
} from "../aws/owner-operations.ts";
import type { Call } from "../aws/operation.ts";
import { unless } from "../domain/errors.ts";
import { partitionOf, type Target } from "../domain/identity.ts";
import type { Owned } from "./owned.ts";

const BOTH = [
  describeVolumes,
  describeInstances,
  describeDbInstances,
  describeDbClusters,
  describeEfsFileSystems,
  describeFsxFileSystems,
  describeFsxVolumes,
  describeRedshiftClusters,
] as const;

/** The reads that list what there is, which is half a proof (rule 3). */
export const OWNER_LISTINGS = [...BOTH, listTables, listBuckets] as const;
export type ListingCall = Call<(typeof OWNER_LISTINGS)[number]>;

/** The reads that ask for one resource, which is the other half. */
export const OWNER_READS = [...BOTH, describeTable, getBucketLocation] as const;
export type OwnerCall = Call<(typeof OWNER_READS)[number]>;

/** One sort of resource, as its own service tells it. */
export interface OwnerService {
  /** AWS Backup's types whose resources these are. */
  readonly types: readonly string[];
  /** Further types that its listing shows and that it proves nothing of (rule 3): RDS lists the clusters of every engine. */
  readonly alsoLists?: readonly string[];
  /** Of some of these AWS Backup backs up something else in their stead (`coveredBy`), which nothing but this listing tells. */
  readonly mayBeCovered?: true;
  /** Whether an ARN is of this sort. */
  readonly owns: (arn: string) => boolean;
  /** Every one there is. A listing that breaks off throws. */
  readonly list: (call: ListingCall, target: Target) => AsyncIterable<Owned>;
  /** A direct read: undefined is the service's own typed not-found; whatever else goes wrong throws. */
  readonly read: (call: OwnerCall, arn: string) => Promise<Owned | undefined>;
  /** Everyone alive, with the id that outlives a new name. Present where names may move, so that absence under one proves nothing. */
  readonly renames?: (call: OwnerCall) => AsyncIterable<Owned>;
}

/** What an answer tells of resources, whose ARNs services may leave to be made of their ids. */
type Told<Answer> = (answer: Answer, arnOf: (id: string) => string) => readonly Owned[];

/** What a read for one resource tells of it. An answer without a row is no word of its absence. */
export async function toldOf<Answer>(
  arn: string,
  read: Promise<Answer>,
  told: Told<Answer>,
): Promise<Owned | undefined> {
  const answer = await unless("missing", read, undefined);
  return answer === undefined ? undefined : { ...told(answer, () => arn)[0], arn };
}

/** What stands behind the last of a separator: `orders` of `…:table/orders`. */
export const after = (arn: string, separator: string): string => arn.slice(arn.lastIndexOf(separator) + 1);

export const arnIn = (service: string, { account, region }: Target, resource: string): string =>
  `arn:${partitionOf(region)}:${service}:${region}:${account}:${resource}`;

export const matches = (pattern: RegExp) => (arn: string) => pattern.test(arn);

/** Where nothing is kept services say 0, or nothing. */
export const daysOrNone = (days = 0): number | undefined => (days > 0 ? days : undefined);
