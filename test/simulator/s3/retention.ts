/** Retention of one object version: a COMPLIANCE date only ever moves outwards, for anybody. */
import type { Context } from "../service.ts";
import { ApiError } from "../service.ts";
import { bucketNamed, type S3Context } from "./context.ts";
import { invalidArgument, invalidRequest, lockedVersion, noSuchKey } from "./errors.ts";
import { currentObject, type ObjectVersion, type Retention } from "./state.ts";
import { versionNamed } from "./objects.ts";

interface RetentionInput {
  readonly Bucket: string;
  readonly Key: string;
  readonly VersionId?: string;
  readonly BypassGovernanceRetention?: boolean;
  readonly Retention?: { readonly Mode?: Retention["mode"]; readonly RetainUntilDate?: Date };
}

export function getObjectRetention(input: RetentionInput, { state }: Context<S3Context>): unknown {
  const { retention } = versionOf(input, state);
  if (retention === undefined) {
    const message = "The specified object does not have a ObjectLock configuration";
    throw new ApiError("NoSuchObjectLockConfiguration", message, { Key: input.Key }, 404);
  }
  return { Retention: { Mode: retention.mode, RetainUntilDate: retention.until } };
}

export function putObjectRetention(input: RetentionInput, { now, state }: Context<S3Context>): unknown {
  const bucket = bucketNamed(input.Bucket, state);
  const version = versionOf(input, state);
  const { Mode: mode, RetainUntilDate: until } = input.Retention ?? {};
  if (mode === undefined || until === undefined) throw invalidRequest("Mode and RetainUntilDate must both be supplied");
  if (until <= now) throw invalidArgument("The retain until date must be in the future!");
  const bypass = input.BypassGovernanceRetention === true && state.mayBypassGovernance(bucket, input.Key);
  if (weakens(version, { mode, until }, now, bypass)) throw lockedVersion();
  version.retention = { mode, until };
  return {};
}

function weakens(version: ObjectVersion, wanted: Retention, now: Date, bypass: boolean): boolean {
  const standing = version.retention;
  if (standing === undefined || standing.until <= now) return false;
  const shorter = wanted.until < standing.until;
  if (standing.mode === "COMPLIANCE") return shorter || wanted.mode === "GOVERNANCE";
  return shorter && !bypass;
}

function versionOf(input: RetentionInput, state: S3Context): ObjectVersion {
  const bucket = bucketNamed(input.Bucket, state);
  if (bucket.lock === undefined) throw invalidRequest("Bucket is missing Object Lock Configuration");
  const version =
    input.VersionId === undefined ? currentObject(bucket, input.Key) : versionNamed(bucket, input.Key, input.VersionId);
  if (version?.kind !== "object") throw noSuchKey(input.Key);
  return version;
}
