/** What every call on an object shares: which version is meant, what a condition compares, what a lock forbids. */
import type { Bucket, ObjectVersion, Version } from "./state.ts";
import type { S3Context } from "./context.ts";

export type ObjectInput = Readonly<Record<string, unknown>> & { readonly Bucket: string; readonly Key: string };

export function versionNamed(bucket: Bucket, key: string, id: string): Version | undefined {
  return bucket.objects.get(key)?.find((version) => version.id === id);
}

/** A new id in a versioned bucket; otherwise the one version there can be. */
export function newVersionId(bucket: Bucket, state: S3Context): string {
  return bucket.versioning === "Enabled" ? state.world.random.letters(32) : "null";
}

export function etagMatches(condition: string, version: ObjectVersion): boolean {
  if (condition.trim() === "*") return true;
  return condition
    .split(",")
    .some((one) => one.trim().replace(/^W\//, "").replaceAll('"', "") === version.etag.replaceAll('"', ""));
}

export function checksumMembers(version: ObjectVersion): Readonly<Record<string, string>> {
  return Object.keys(version.checksums).length === 0 ? {} : { ...version.checksums, ChecksumType: "FULL_OBJECT" };
}

export function isLocked(version: ObjectVersion, now: Date, bypassGovernance: boolean): boolean {
  if (version.legalHold === "ON") return true;
  if (version.retention === undefined || version.retention.until <= now) return false;
  return version.retention.mode === "COMPLIANCE" || !bypassGovernance;
}
