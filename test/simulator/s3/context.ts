/** What S3's handlers know beyond their input: every bucket, and what else this caller may do. */
import type { World } from "../world.ts";
import { noSuchBucket } from "./errors.ts";
import type { Bucket } from "./state.ts";

export interface S3Context {
  readonly world: World;
  readonly buckets: Map<string, Bucket>;
  /** Whether the caller may learn which keys there are. */
  readonly mayList: (bucket: Bucket) => boolean;
  readonly mayBypassGovernance: (bucket: Bucket, key: string) => boolean;
}

export function bucketNamed(name: string, { buckets }: S3Context): Bucket {
  const bucket = buckets.get(name);
  if (bucket === undefined) throw noSuchBucket(name);
  return bucket;
}
