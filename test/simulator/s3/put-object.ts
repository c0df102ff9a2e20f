/** Putting objects, with the conditional rules of semantics §9.5. */
import { createHash } from "node:crypto";
import { ApiError, type Context } from "../service.ts";
import { hasIntegrityCheck, verifiedChecksums } from "./checksums.ts";
import { bucketNamed, type S3Context } from "./context.ts";
import { invalidArgument, invalidRequest, noSuchKey, preconditionFailed } from "./errors.ts";
import { checksumMembers, etagMatches, newVersionId, type ObjectInput } from "./objects.ts";
import { addVersion, currentObject, type Bucket, type ObjectVersion, type Retention } from "./state.ts";

interface PutObjectInput extends ObjectInput {
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
    id: newVersionId(bucket, state),
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
