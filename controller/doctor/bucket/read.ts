import { getBucketLock, getBucketPolicy, getBucketVersioning } from "../../aws/installation-operations.ts";
import type { Call } from "../../aws/operation.ts";
import { look, lookFor, type Fact } from "../fact.ts";
import { readPolicy, type Said } from "../policies/document.ts";

/** How a bucket is set up. A bucket that does not exist is told by each of its facts. */
export interface BucketFacts {
  readonly name: string;
  readonly versioned: Fact<boolean>;
  /** Empty where it has no policy. */
  readonly policy: Fact<readonly Said[]>;
}

export interface Lock {
  readonly mode: string;
  readonly days: number;
}

export async function readBucket(
  call: Call<typeof getBucketPolicy | typeof getBucketVersioning>,
  Bucket: string,
): Promise<BucketFacts> {
  const [versioned, policy] = await Promise.all([
    look(async () => (await call(getBucketVersioning, { Bucket })).Status === "Enabled"),
    lookFor(async () => readPolicy((await call(getBucketPolicy, { Bucket })).Policy ?? ""), "NoSuchBucketPolicy"),
  ]);
  return { name: Bucket, versioned, policy: policy.seen ? { seen: true, value: policy.value ?? [] } : policy };
}

const DAYS_A_YEAR = 365;

/** The bucket's default lock; null: Object Lock is on without one; undefined: it is off. */
export const readLock = (call: Call<typeof getBucketLock>, Bucket: string): Promise<Fact<Lock | null | undefined>> =>
  lookFor(async () => {
    const { ObjectLockConfiguration } = await call(getBucketLock, { Bucket });
    const { Mode, Days, Years = 0 } = ObjectLockConfiguration?.Rule?.DefaultRetention ?? {};
    if (ObjectLockConfiguration?.ObjectLockEnabled !== "Enabled") return undefined;
    return Mode === undefined ? null : { mode: Mode, days: Days ?? Years * DAYS_A_YEAR };
  }, "ObjectLockConfigurationNotFoundError");
