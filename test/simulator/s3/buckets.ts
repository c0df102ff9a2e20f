/** Buckets and their settings. */
import { UnsupportedPolicyError, parsePolicy } from "../iam/policy.ts";
import { startFrom, takePage } from "../paging.ts";
import { ApiError, type Context } from "../service.ts";
import { bucketNamed, type S3Context } from "./context.ts";
import { invalidArgument, noSuchBucket } from "./errors.ts";
import { bucketHolding, bucketsOwnedBy } from "./named.ts";
import { newBucket, type Retention } from "./state.ts";

interface BucketInput {
  readonly Bucket: string;
}

interface CreateBucketInput extends BucketInput {
  readonly CreateBucketConfiguration?: { readonly LocationConstraint?: string };
  readonly ObjectLockEnabledForBucket?: boolean;
}

export function createBucket(input: CreateBucketInput, { now, principal, region, state }: Context<S3Context>): unknown {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(input.Bucket)) {
    throw new ApiError("InvalidBucketName", "The specified bucket is not valid.", { BucketName: input.Bucket }, 400);
  }
  const existing = bucketHolding(state.world, input.Bucket);
  if (existing?.account === principal.account) {
    const message = "Your previous request to create the named bucket succeeded and you already own it.";
    throw new ApiError("BucketAlreadyOwnedByYou", message, { BucketName: input.Bucket }, 409);
  }
  if (existing !== undefined) {
    const message =
      "The requested bucket name is not available. The bucket namespace is shared by all users of the system.";
    throw new ApiError("BucketAlreadyExists", message, { BucketName: input.Bucket }, 409);
  }
  const location = input.CreateBucketConfiguration?.LocationConstraint ?? region;
  const objectLock = input.ObjectLockEnabledForBucket === true;
  state.buckets.set(
    input.Bucket,
    newBucket({ name: input.Bucket, account: principal.account, region: location, created: now, objectLock }),
  );
  return { Location: `/${input.Bucket}` };
}

export function headBucket(input: BucketInput, { state }: Context<S3Context>): unknown {
  return { BucketRegion: regionOf(input.Bucket, state) };
}

export function deleteBucket(input: BucketInput, { state }: Context<S3Context>): void {
  if (bucketNamed(input.Bucket, state).objects.size > 0) {
    throw new ApiError(
      "BucketNotEmpty",
      "The bucket you tried to delete is not empty",
      { BucketName: input.Bucket },
      409,
    );
  }
  const { account, region } = bucketNamed(input.Bucket, state);
  state.buckets.delete(input.Bucket);
  if (state.world.exists(account, region))
    state.world.resources(account, region).delete(`arn:aws:s3:::${input.Bucket}`);
}

interface ListBucketsInput {
  readonly MaxBuckets?: number;
  readonly ContinuationToken?: string;
  readonly Prefix?: string;
  readonly BucketRegion?: string;
}

/** Whoever does not ask for pages gets everything at once (S3 API Reference, ListBuckets). */
export function listBuckets(input: ListBucketsInput, { principal, state }: Context<S3Context>): unknown {
  const { MaxBuckets: most, Prefix = "", BucketRegion } = input;
  if (most !== undefined && (most < 1 || most > 10_000)) {
    throw invalidArgument("Argument max-buckets must be an integer between 1 and 10000");
  }
  const own = bucketsOwnedBy(state.world, principal.account).filter(
    ({ name, region }) => name.startsWith(Prefix) && (BucketRegion ?? region) === region,
  );
  const listing = JSON.stringify(["s3", principal.account, Prefix, BucketRegion]);
  const invalid = () => invalidArgument("The continuation token provided is incorrect");
  const from = startFrom(input.ContinuationToken, listing, invalid);
  const limit = most === undefined ? own.length : Math.min(most, state.world.options.objectPageSize);
  const page = takePage(own, { from, listing, limit });
  return {
    Buckets: page.items.map(({ name, created, region }) => ({
      Name: name,
      CreationDate: created,
      BucketRegion: region,
    })),
    Owner: { ID: principal.account.padStart(64, "0") },
    ContinuationToken: page.next,
    Prefix: input.Prefix,
  };
}

export function getBucketLocation(input: BucketInput, { state }: Context<S3Context>): unknown {
  const region = regionOf(input.Bucket, state);
  return { LocationConstraint: region === "us-east-1" ? undefined : region };
}

function regionOf(name: string, { world }: S3Context): string {
  const bucket = bucketHolding(world, name);
  if (bucket === undefined) throw noSuchBucket(name);
  return bucket.region;
}

export function getBucketVersioning(input: BucketInput, { state }: Context<S3Context>): unknown {
  const { versioning } = bucketNamed(input.Bucket, state);
  return { Status: versioning === "never" ? undefined : versioning };
}

export function putBucketVersioning(
  input: BucketInput & { readonly VersioningConfiguration: { readonly Status?: "Enabled" | "Suspended" } },
  { state }: Context<S3Context>,
): void {
  const bucket = bucketNamed(input.Bucket, state);
  const status = input.VersioningConfiguration.Status;
  if (status !== "Enabled" && status !== "Suspended") {
    throw new ApiError("IllegalVersioningConfigurationException", "The Versioning element must be specified", {}, 400);
  }
  if (status === "Suspended" && bucket.lock !== undefined) {
    const message =
      "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.";
    throw new ApiError("InvalidBucketState", message, {}, 409);
  }
  bucket.versioning = status;
}

interface LockConfiguration {
  readonly ObjectLockEnabled?: string;
  readonly Rule?: {
    readonly DefaultRetention?: { readonly Mode?: Retention["mode"]; readonly Days?: number; readonly Years?: number };
  };
}

export function getObjectLockConfiguration(input: BucketInput, { state }: Context<S3Context>): unknown {
  const { lock } = bucketNamed(input.Bucket, state);
  if (lock === undefined) {
    const message = "Object Lock configuration does not exist for this bucket";
    throw new ApiError("ObjectLockConfigurationNotFoundError", message, { BucketName: input.Bucket }, 404);
  }
  const rule = lock.defaultRetention;
  const Rule = rule === undefined ? undefined : { DefaultRetention: { Mode: rule.mode, Days: rule.days } };
  return { ObjectLockConfiguration: { ObjectLockEnabled: "Enabled", Rule } };
}

/** Object Lock can be turned on for an existing bucket, never off again. */
export function putObjectLockConfiguration(
  input: BucketInput & { readonly ObjectLockConfiguration?: LockConfiguration },
  { state }: Context<S3Context>,
): unknown {
  const bucket = bucketNamed(input.Bucket, state);
  if (bucket.versioning !== "Enabled") {
    throw new ApiError(
      "InvalidBucketState",
      "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
      {},
      409,
    );
  }
  const rule = input.ObjectLockConfiguration?.Rule?.DefaultRetention;
  if (rule === undefined) {
    bucket.lock = { defaultRetention: undefined };
    return {};
  }
  const days = rule.Days ?? (rule.Years ?? 0) * 365;
  if (rule.Mode === undefined || days < 1 || (rule.Days !== undefined && rule.Years !== undefined)) {
    throw new ApiError(
      "MalformedXML",
      "The XML you provided was not well-formed or did not validate against our published schema",
      {},
      400,
    );
  }
  bucket.lock = { defaultRetention: { mode: rule.Mode, days } };
  return {};
}

export function getBucketPolicy(input: BucketInput, { state }: Context<S3Context>): unknown {
  const { policy } = bucketNamed(input.Bucket, state);
  if (policy === undefined) {
    throw new ApiError("NoSuchBucketPolicy", "The bucket policy does not exist", { BucketName: input.Bucket }, 404);
  }
  return { Policy: Buffer.from(JSON.stringify(policy)) };
}

export function putBucketPolicy(
  input: BucketInput & { readonly Policy: Uint8Array | string },
  { state }: Context<S3Context>,
): void {
  const bucket = bucketNamed(input.Bucket, state);
  try {
    bucket.policy = parsePolicy(Buffer.from(input.Policy).toString());
  } catch (cause) {
    if (!(cause instanceof SyntaxError) && !(cause instanceof UnsupportedPolicyError)) throw cause;
    throw new ApiError("MalformedPolicy", `Policies must be valid JSON: ${cause.message}`, {}, 400);
  }
}

export function deleteBucketPolicy(input: BucketInput, { state }: Context<S3Context>): void {
  bucketNamed(input.Bucket, state).policy = undefined;
}

/** `ExpectedBucketOwner` guards every call against a bucket that changed hands. */
export function checkOwner(
  input: { readonly Bucket?: string; readonly ExpectedBucketOwner?: string },
  state: S3Context,
): void {
  if (input.Bucket === undefined || input.ExpectedBucketOwner === undefined) return;
  const owner = bucketHolding(state.world, input.Bucket)?.account;
  if (owner !== undefined && owner !== input.ExpectedBucketOwner)
    throw new ApiError("AccessDenied", "Access Denied", {}, 403);
}
