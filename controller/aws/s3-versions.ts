/** Looks below the current objects of a bucket: at what was written over, and at what was deleted. */
import { ListObjectVersionsCommand, type ListObjectVersionsCommandOutput } from "@aws-sdk/client-s3";
import type { StoredVersion, VersionAudit } from "../ports.ts";
import { reads, type Call } from "./operation.ts";

export const listVersions = reads("s3:ListBucketVersions", ListObjectVersionsCommand, { pace: "other" });

export interface VersionsOf {
  readonly call: Call<typeof listVersions>;
  readonly bucket: string;
  /** Where keys begin for who asks; cut off those that are told. */
  readonly prefix: string;
}

type Page = ListObjectVersionsCommandOutput;

/** A version written while the bucket kept none has this id: what was there before it, nobody can say (S3 User Guide, "versioning"). */
const UNVERSIONED = "null";

/** Every key with more than one version or any delete marker. Throws what the call throws, and `RangeError` for pages that do not end. */
export async function auditVersions({ call, bucket, prefix }: VersionsOf, within: string): Promise<VersionAudit> {
  const seen = new Map<string, StoredVersion[]>();
  let unversioned = 0;
  let next: Pick<Page, "NextKeyMarker" | "NextVersionIdMarker"> | undefined;
  do {
    const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = next ?? {};
    // oxlint-disable-next-line no-await-in-loop -- a page names the next
    const page = await call(listVersions, {
      Bucket: bucket,
      Prefix: prefix + within,
      ...(KeyMarker === undefined ? {} : { KeyMarker }),
      ...(VersionIdMarker === undefined ? {} : { VersionIdMarker }),
    });
    for (const { key, version } of rowsOf(page)) {
      seen.set(key, [...(seen.get(key) ?? []), version]);
      if (version.id === UNVERSIONED) unversioned += 1;
    }
    if (page.IsTruncated && (page.NextKeyMarker === undefined || sameMarkers(page, next)))
      throw new RangeError(
        "the listing of versions does not end: a page says that there is more and names no new page",
      );
    next = page.IsTruncated ? page : undefined;
    // A key's versions may go on in the next page. Of all others only the suspicious stay: a chain has many keys.
    for (const [key, versions] of seen) if (key !== next?.NextKeyMarker && !isSuspicious(versions)) seen.delete(key);
  } while (next !== undefined);
  return { findings: [...seen].map(([key, versions]) => ({ key: key.slice(prefix.length), versions })), unversioned };
}

const isSuspicious = (versions: readonly StoredVersion[]): boolean =>
  versions.length > 1 || versions.some(({ deleted }) => deleted);

const sameMarkers = (page: Page, before: Pick<Page, "NextKeyMarker" | "NextVersionIdMarker"> | undefined): boolean =>
  before !== undefined &&
  page.NextKeyMarker === before.NextKeyMarker &&
  page.NextVersionIdMarker === before.NextVersionIdMarker;

/** A row that lacks what S3 always gives counts as a version too: less known is not less there. */
const rowsOf = ({ Versions = [], DeleteMarkers = [] }: Page) =>
  [...Versions.map((row) => ({ row, deleted: false })), ...DeleteMarkers.map((row) => ({ row, deleted: true }))].map(
    ({ row: { Key = "", VersionId: id = "unknown", LastModified: on }, deleted }) => ({
      key: Key,
      version: { id, on: on ?? new Date(0), deleted },
    }),
  );
