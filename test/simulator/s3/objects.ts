/** Objects: put, get, head, delete, with the conditional rules of semantics §9.5. */
import { createHash } from "node:crypto";
import type { Context } from "../service.ts";
import { ApiError } from "../service.ts";
import { hasIntegrityCheck, verifiedChecksums } from "./checksums.ts";
import {
  accessDenied,
  invalidArgument,
  invalidRequest,
  lockedVersion,
  noSuchKey,
  noSuchVersion,
  notModified,
  preconditionFailed,
} from "./errors.ts";
import { bucketNamed, type S3Context } from "./context.ts";
import {
  addVersion,
  currentObject,
  removeVersion,
  type Bucket,
  type ObjectVersion,
  type Retention,
  type Version,
} from "./state.ts";

type Input = Readonly<Record<string, unknown>> & { readonly Bucket: string; readonly Key: string };

export interface PutObjectInput extends Input {
  readonly Body?: Uint8Array;
  readonly IfMatch?: string;
  readonly IfNoneMatch?: string;
  readonly Metadata?: Readonly<Record<string, string>>;
  readonly ObjectLockMode?: Retention["mode"];
  readonly ObjectLockRetainUntilDate?: Date;
  readonly ObjectLockLegalHoldStatus?: "ON" | "OFF";
}

/** Members of a put that a get gives back unchanged. */
const keptHeaders = [
  "ContentType",
  "ContentEncoding",
  "ContentDisposition",
  "ContentLanguage",
  "CacheControl",
  "StorageClass",
  "ServerSideEncryption",
  "SSEKMSKeyId",
];

export function putObject(input: PutObjectInput, { now, state }: Context<S3Context>): unknown {
  const bucket = bucketNamed(input.Bucket, state);
  if (Buffer.byteLength(input.Key) > 1024) throw new ApiError("KeyTooLongError", "Your key is too long", {}, 400);
  checkWriteConditions(bucket, input);
  const body = input.Body ?? new Uint8Array(0);
  const version: ObjectVersion = {
    kind: "object",
    id: versionId(bucket, state),
    modified: now,
    body,
    etag: `"${createHash("md5").update(body).digest("hex")}"`,
    headers: Object.fromEntries(
      keptHeaders.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]])),
    ),
    metadata: input.Metadata,
    checksums: verifiedChecksums(input, body),
    retention: retentionOf(input, bucket, now),
    legalHold: input.ObjectLockLegalHoldStatus,
  };
  addVersion(bucket, input.Key, version);
  const shownId = bucket.versioning === "never" ? {} : { VersionId: version.id };
  return {
    ETag: version.etag,
    ...shownId,
    ...checksumMembers(version),
    ServerSideEncryption: version.headers["ServerSideEncryption"] ?? "AES256",
  };
}

/** If-None-Match knows only `*`; If-Match on what is not there is a 404, not a 412. A delete marker counts as absent. */
function checkWriteConditions(bucket: Bucket, input: PutObjectInput): void {
  const current = currentObject(bucket, input.Key);
  if (input.IfNoneMatch !== undefined) {
    if (input.IfNoneMatch !== "*") {
      throw new ApiError(
        "NotImplemented",
        "A header you provided implies functionality that is not implemented",
        { Header: "If-None-Match" },
        501,
      );
    }
    if (current !== undefined) throw preconditionFailed("If-None-Match");
  }
  if (input.IfMatch === undefined) return;
  if (current === undefined) throw noSuchKey(input.Key);
  if (!etagMatches(input.IfMatch, current)) throw preconditionFailed("If-Match");
}

function retentionOf(input: PutObjectInput, bucket: Bucket, now: Date): Retention | undefined {
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: until } = input;
  const asked = mode !== undefined || until !== undefined || input.ObjectLockLegalHoldStatus !== undefined;
  if (asked && bucket.lock === undefined) throw invalidRequest("Bucket is missing Object Lock Configuration");
  if (asked && !hasIntegrityCheck(input)) {
    throw invalidRequest(
      "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters",
    );
  }
  if ((mode === undefined) !== (until === undefined)) {
    throw invalidArgument("x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied");
  }
  if (mode === undefined || until === undefined) return defaultRetention(bucket, now);
  if (until <= now) throw invalidArgument("The retain until date must be in the future!");
  return { mode, until };
}

function defaultRetention(bucket: Bucket, now: Date): Retention | undefined {
  const rule = bucket.lock?.defaultRetention;
  return rule === undefined ? undefined : { mode: rule.mode, until: new Date(now.getTime() + rule.days * 86_400_000) };
}

function versionId(bucket: Bucket, state: S3Context): string {
  return bucket.versioning === "Enabled" ? state.world.random.letters(32) : "null";
}

interface ReadInput extends Input {
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

function checksumMembers(version: ObjectVersion): Readonly<Record<string, string>> {
  return Object.keys(version.checksums).length === 0 ? {} : { ...version.checksums, ChecksumType: "FULL_OBJECT" };
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

function etagMatches(condition: string, version: ObjectVersion): boolean {
  if (condition.trim() === "*") return true;
  return condition
    .split(",")
    .some((one) => one.trim().replace(/^W\//, "").replaceAll('"', "") === version.etag.replaceAll('"', ""));
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

export interface DeleteObjectInput extends Input {
  readonly VersionId?: string;
  readonly IfMatch?: string;
  readonly BypassGovernanceRetention?: boolean;
}

/** Without a version id a versioned bucket only gains a delete marker; with one the version itself goes, if no lock keeps it. */
export function deleteObject(
  input: DeleteObjectInput,
  { now, state }: Context<S3Context>,
): { readonly VersionId?: string; readonly DeleteMarker?: boolean } {
  const bucket = bucketNamed(input.Bucket, state);
  if (input.IfMatch !== undefined) checkDeleteCondition(bucket, input, input.IfMatch);
  if (input.VersionId !== undefined) return deleteVersion(bucket, input, input.VersionId, now, state);
  if (bucket.versioning === "never") {
    removeVersion(bucket, input.Key, "null");
    return {};
  }
  const id = versionId(bucket, state);
  addVersion(bucket, input.Key, { kind: "delete-marker", id, modified: now });
  return { VersionId: id, DeleteMarker: true };
}

function checkDeleteCondition(bucket: Bucket, input: DeleteObjectInput, condition: string): void {
  const current = currentObject(bucket, input.Key);
  if (current === undefined) throw noSuchKey(input.Key);
  if (!etagMatches(condition, current)) throw preconditionFailed("If-Match");
}

function deleteVersion(
  bucket: Bucket,
  input: DeleteObjectInput,
  id: string,
  now: Date,
  state: S3Context,
): { readonly VersionId?: string; readonly DeleteMarker?: boolean } {
  const version = versionNamed(bucket, input.Key, id);
  if (version === undefined) return { VersionId: id };
  if (version.kind === "delete-marker") {
    removeVersion(bucket, input.Key, id);
    return { VersionId: id, DeleteMarker: true };
  }
  const bypass = input.BypassGovernanceRetention === true && state.mayBypassGovernance(bucket, input.Key);
  if (isLocked(version, now, bypass)) throw lockedVersion();
  removeVersion(bucket, input.Key, id);
  return { VersionId: id };
}

export function isLocked(version: ObjectVersion, now: Date, bypassGovernance: boolean): boolean {
  if (version.legalHold === "ON") return true;
  if (version.retention === undefined || version.retention.until <= now) return false;
  return version.retention.mode === "COMPLIANCE" || !bypassGovernance;
}

export function versionNamed(bucket: Bucket, key: string, id: string): Version | undefined {
  return bucket.objects.get(key)?.find((version) => version.id === id);
}
