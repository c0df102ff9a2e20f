/** Buckets and the versions of their objects. A bucket's name is global; the bucket belongs to one account and one Region. */
import type { PolicyDocument } from "../iam/policy.ts";

export interface Retention {
  readonly mode: "GOVERNANCE" | "COMPLIANCE";
  readonly until: Date;
}

/** One version of a key: an object, or a delete marker that hides the versions under it. */
export type Version = ObjectVersion | DeleteMarker;

export interface ObjectVersion {
  readonly kind: "object";
  /** `null` in a bucket without versioning. */
  readonly id: string;
  readonly modified: Date;
  readonly body: Uint8Array;
  /** In quotes, as it travels: the MD5 of the body in hex. */
  readonly etag: string;
  /** Headers a GET gives back as they were put: content type and the like, by SDK member name. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, string>> | undefined;
  /** SDK member name (`ChecksumSHA256`) to base64. */
  readonly checksums: Readonly<Record<string, string>>;
  retention: Retention | undefined;
  legalHold: "ON" | "OFF" | undefined;
}

export interface DeleteMarker {
  readonly kind: "delete-marker";
  readonly id: string;
  readonly modified: Date;
}

export type Versioning = "never" | "Enabled" | "Suspended";

export interface Bucket {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly created: Date;
  versioning: Versioning;
  /** Absent: Object Lock is not enabled for the bucket. */
  lock:
    { readonly defaultRetention: { readonly mode: Retention["mode"]; readonly days: number } | undefined } | undefined;
  policy: PolicyDocument | undefined;
  /** Key to versions, newest last. A key without versions is not kept. */
  readonly objects: Map<string, Version[]>;
  /** Keys in UTF-8 binary order, the order of every listing. */
  readonly keys: string[];
}

export interface BucketInput {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly created: Date;
  readonly versioning?: Versioning;
  /** Object Lock; needs versioning, and turns it on. */
  readonly objectLock?: boolean;
  readonly policy?: PolicyDocument;
}

export function newBucket(input: BucketInput): Bucket {
  return {
    name: input.name,
    account: input.account,
    region: input.region,
    created: input.created,
    versioning: input.objectLock ? "Enabled" : (input.versioning ?? "never"),
    lock: input.objectLock ? { defaultRetention: undefined } : undefined,
    policy: input.policy,
    objects: new Map(),
    keys: [],
  };
}

/** What a plain GET sees: the newest version, unless that is a delete marker. */
export function currentObject(bucket: Bucket, key: string): ObjectVersion | undefined {
  const newest = bucket.objects.get(key)?.at(-1);
  return newest?.kind === "object" ? newest : undefined;
}

/** Puts a version on top. Without versioning, or with it suspended, it takes the place of the version `null`. */
export function addVersion(bucket: Bucket, key: string, version: Version): void {
  let versions = bucket.objects.get(key);
  if (versions === undefined) {
    versions = [];
    bucket.objects.set(key, versions);
    bucket.keys.splice(firstKeyFrom(bucket, key), 0, key);
  }
  const replaced = version.id === "null" ? versions.findIndex(({ id }) => id === "null") : -1;
  if (replaced >= 0) versions.splice(replaced, 1);
  versions.push(version);
}

export function removeVersion(bucket: Bucket, key: string, id: string): void {
  const left = (bucket.objects.get(key) ?? []).filter((version) => version.id !== id);
  if (left.length > 0) {
    bucket.objects.set(key, left);
  } else if (bucket.objects.delete(key)) {
    bucket.keys.splice(firstKeyFrom(bucket, key), 1);
  }
}

/** Index of the first key at or after the given one. */
export function firstKeyFrom(bucket: Bucket, key: string): number {
  let low = 0;
  let high = bucket.keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (utf8Order(bucket.keys[middle] ?? "", key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** UTF-8 binary order, which differs from JavaScript's own order beyond the basic plane. */
export function utf8Order(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
