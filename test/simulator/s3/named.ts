/** Who has a bucket's name, and where: a bucket with what is in it, or a resource that is only there to be backed up. */
import type { Resource, World } from "../world.ts";
import type { Bucket } from "./state.ts";

type NamedBucket = Pick<Bucket, "name" | "account" | "region" | "policy" | "created">;

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
    for (const resource of world.resources(account, region).values()) {
      if (!resource.arn.startsWith(prefix)) continue;
      const name = resource.arn.slice(prefix.length);
      own.set(name, asBucket(resource, { account, region, name }));
    }
  }
  for (const bucket of world.buckets.values()) if (bucket.account === account) own.set(bucket.name, bucket);
  return [...own.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function ofResource(world: World, account: string, name: string): NamedBucket | undefined {
  for (const region of world.options.regions) {
    const resource = world.resources(account, region).get(`${prefix}${name}`);
    if (resource !== undefined) return asBucket(resource, { account, region, name });
  }
  return undefined;
}

function asBucket({ created }: Resource, named: Pick<NamedBucket, "name" | "account" | "region">): NamedBucket {
  return { ...named, policy: undefined, created };
}
