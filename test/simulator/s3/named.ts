/** Who has a bucket's name, and where: a bucket with what is in it, or a resource that is only there to be backed up. */
import type { World } from "../world.ts";
import type { Bucket } from "./state.ts";

type NamedBucket = Pick<Bucket, "name" | "account" | "region" | "policy" | "created">;

/** What is only a resource was made on no known day. */
const unknownDay = new Date("2025-01-01T00:00:00Z");
const prefix = "arn:aws:s3:::";

/** Names are global. */
export function bucketHolding(world: World, name: string): NamedBucket | undefined {
  const bucket = world.buckets.get(name);
  if (bucket !== undefined) return bucket;
  for (const account of world.organization.accounts.keys()) {
    const own = ofResource(world, account, name);
    if (own !== undefined) return own;
  }
  return undefined;
}

/** The account's own, by name. */
export function bucketsOwnedBy(world: World, account: string): readonly NamedBucket[] {
  const own = new Map<string, NamedBucket>();
  for (const region of world.options.regions) {
    for (const { arn } of world.resources(account, region).values()) {
      if (!arn.startsWith(prefix)) continue;
      const name = arn.slice(prefix.length);
      own.set(name, resourceIn(account, region, name));
    }
  }
  for (const bucket of world.buckets.values()) if (bucket.account === account) own.set(bucket.name, bucket);
  return [...own.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function ofResource(world: World, account: string, name: string): NamedBucket | undefined {
  const region = world.options.regions.find((one) => world.resources(account, one).has(`${prefix}${name}`));
  return region === undefined ? undefined : resourceIn(account, region, name);
}

function resourceIn(account: string, region: string, name: string): NamedBucket {
  return { name, account, region, policy: undefined, created: unknownDay };
}
