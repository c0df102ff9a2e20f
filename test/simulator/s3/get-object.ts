/** Getting objects: the version that is meant, conditions, one range of bytes. */
import { ApiError, type Context } from "../service.ts";
import { bucketNamed, type S3Context } from "./context.ts";
import { accessDenied, noSuchKey, noSuchVersion, notModified, preconditionFailed } from "./errors.ts";
import { checksumMembers, etagMatches, versionNamed, type ObjectInput } from "./objects.ts";
import type { Bucket, ObjectVersion, Version } from "./state.ts";

interface ReadInput extends ObjectInput {
  readonly VersionId?: string;
  readonly IfMatch?: string;
  readonly IfNoneMatch?: string;
  readonly IfModifiedSince?: Date;
  readonly IfUnmodifiedSince?: Date;
  readonly Range?: string;
  readonly ChecksumMode?: string;
}

export function getObject(input: ReadInput, { state }: Context<S3Context>): unknown {
  const bucket = bucketNamed(input.Bucket, state);
  const version = versionToRead(bucket, input, state);
  const range = rangeOf(input.Range, version.body.length);
  const body = range === undefined ? version.body : version.body.subarray(range.first, range.last + 1);
  const ranged =
    range === undefined
      ? {}
      : { $status: 206, ContentRange: `bytes ${range.first}-${range.last}/${version.body.length}` };
  return { ...describe(bucket, version, input), ...ranged, ContentLength: body.length, Body: body };
}

export function headObject(input: ReadInput, { state }: Context<S3Context>): unknown {
  const bucket = bucketNamed(input.Bucket, state);
  return describe(bucket, versionToRead(bucket, input, state), input);
}

function describe(bucket: Bucket, version: ObjectVersion, input: ReadInput): Readonly<Record<string, unknown>> {
  return {
    AcceptRanges: "bytes",
    ContentType: "binary/octet-stream",
    ServerSideEncryption: "AES256",
    ...version.headers,
    ContentLength: version.body.length,
    ETag: version.etag,
    LastModified: version.modified,
    Metadata: version.metadata,
    ...(bucket.versioning === "never" ? {} : { VersionId: version.id }),
    ...(input.ChecksumMode === "ENABLED" && input.Range === undefined ? checksumMembers(version) : {}),
    ObjectLockMode: version.retention?.mode,
    ObjectLockRetainUntilDate: version.retention?.until,
    ObjectLockLegalHoldStatus: version.legalHold,
  };
}

/** The version a read means, after its conditions. A missing key is a secret from those who may not list the bucket. */
function versionToRead(bucket: Bucket, input: ReadInput, state: S3Context): ObjectVersion {
  const version =
    input.VersionId === undefined
      ? bucket.objects.get(input.Key)?.at(-1)
      : versionNamed(bucket, input.Key, input.VersionId);
  if (version?.kind !== "object") {
    if (!state.mayList(bucket)) throw accessDenied();
    throw absent(input, version);
  }
  if (input.IfMatch !== undefined && !etagMatches(input.IfMatch, version)) throw preconditionFailed("If-Match");
  if (
    input.IfUnmodifiedSince !== undefined &&
    input.IfMatch === undefined &&
    wholeSecond(version) > input.IfUnmodifiedSince.getTime()
  ) {
    throw preconditionFailed("If-Unmodified-Since");
  }
  const unchanged =
    input.IfNoneMatch === undefined
      ? input.IfModifiedSince !== undefined && wholeSecond(version) <= input.IfModifiedSince.getTime()
      : etagMatches(input.IfNoneMatch, version);
  if (unchanged) throw notModified(version.etag);
  return version;
}

function absent(input: ReadInput, marker: Version | undefined): ApiError {
  if (marker === undefined && input.VersionId !== undefined) return noSuchVersion(input.Key, input.VersionId);
  if (marker === undefined) return noSuchKey(input.Key);
  const headers = { "x-amz-delete-marker": "true", "x-amz-version-id": marker.id };
  if (input.VersionId === undefined) return noSuchKey(input.Key, headers);
  const message = "The specified method is not allowed against this resource.";
  return new ApiError("MethodNotAllowed", message, { $headers: headers }, 405);
}

/** HTTP dates have no fraction. */
function wholeSecond(version: ObjectVersion): number {
  return Math.floor(version.modified.getTime() / 1000) * 1000;
}

/** One range of bytes; anything else is answered whole, as RFC 9110 allows. */
function rangeOf(
  header: string | undefined,
  size: number,
): { readonly first: number; readonly last: number } | undefined {
  const parts = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (parts === null || (parts[1] === "" && parts[2] === "")) return undefined;
  const first = parts[1] === "" ? Math.max(0, size - Number(parts[2])) : Number(parts[1]);
  const last = parts[1] === "" || parts[2] === "" ? size - 1 : Math.min(Number(parts[2]), size - 1);
  if (first < size && first <= last) return { first, last };
  throw new ApiError("InvalidRange", "The requested range is not satisfiable", { ActualObjectSize: size }, 416);
}
