/** Deleting objects: a marker on top, or a version for good where no lock keeps it. */
import type { Context } from "../service.ts";
import { bucketNamed, type S3Context } from "./context.ts";
import { lockedVersion, noSuchKey, preconditionFailed } from "./errors.ts";
import { etagMatches, isLocked, newVersionId, versionNamed, type ObjectInput } from "./objects.ts";
import { addVersion, currentObject, removeVersion, type Bucket } from "./state.ts";

interface DeleteObjectInput extends ObjectInput {
  readonly VersionId?: string;
  readonly IfMatch?: string;
  readonly BypassGovernanceRetention?: boolean;
}

interface Deleted {
  readonly VersionId?: string;
  readonly DeleteMarker?: boolean;
}

/** Without a version id a versioned bucket only gains a delete marker; with one the version itself goes, if no lock keeps it. */
export function deleteObject(input: DeleteObjectInput, { now, state }: Context<S3Context>): Deleted {
  const bucket = bucketNamed(input.Bucket, state);
  if (input.IfMatch !== undefined) checkDeleteCondition(bucket, input, input.IfMatch);
  if (input.VersionId !== undefined) return deleteVersion(bucket, input, input.VersionId, now, state);
  if (bucket.versioning === "never") {
    removeVersion(bucket, input.Key, "null");
    return {};
  }
  const id = newVersionId(bucket, state);
  addVersion(bucket, input.Key, { kind: "delete-marker", id, modified: now });
  return { VersionId: id, DeleteMarker: true };
}

function checkDeleteCondition(bucket: Bucket, input: DeleteObjectInput, condition: string): void {
  const current = currentObject(bucket, input.Key);
  if (current === undefined) throw noSuchKey(input.Key);
  if (!etagMatches(condition, current)) throw preconditionFailed("If-Match");
}

function deleteVersion(bucket: Bucket, input: DeleteObjectInput, id: string, now: Date, state: S3Context): Deleted {
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
