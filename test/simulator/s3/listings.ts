/** Listings: UTF-8 binary order, prefixes rolled up at a delimiter, pages that may be short. */
import type { Context } from "../service.ts";
import { bucketNamed, type S3Context } from "./context.ts";
import { invalidArgument } from "./errors.ts";
import { currentObject, firstKeyFrom, utf8Order, type Bucket } from "./state.ts";

interface ListInput {
  readonly Bucket: string;
  readonly Prefix?: string;
  readonly Delimiter?: string;
  readonly MaxKeys?: number;
  readonly EncodingType?: string;
}

/** What a listing shows under one name: a key, or everything under a common prefix. */
type Entry = { readonly key: string } | { readonly prefix: string };

interface Listed {
  readonly entries: readonly Entry[];
  /** The last name shown, when there is more. */
  readonly last: string | undefined;
}

/** Walks keys after `after` until the page is full. `shown` says whether a key is there for this listing. */
function walk(
  bucket: Bucket,
  input: ListInput,
  after: string | undefined,
  limit: number,
  shown: (key: string) => boolean,
): Listed {
  const prefix = input.Prefix ?? "";
  const entries: Entry[] = [];
  let last: string | undefined;
  for (let index = firstKeyFrom(bucket, after ?? prefix); index < bucket.keys.length; index += 1) {
    const key = bucket.keys[index] ?? "";
    if (!key.startsWith(prefix)) {
      if (utf8Order(key, prefix) > 0) break;
      continue;
    }
    const entry = entryOf(key, prefix, input.Delimiter);
    const name = nameOf(entry);
    const before = entries.at(-1);
    const alreadyShown =
      (after !== undefined && utf8Order(name, after) <= 0) || (before !== undefined && nameOf(before) === name);
    if (alreadyShown || !shown(key)) continue;
    if (entries.length === limit) return { entries, last };
    entries.push(entry);
    last = name;
  }
  return { entries, last: undefined };
}

function entryOf(key: string, prefix: string, delimiter: string | undefined): Entry {
  const at = delimiter === undefined || delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
  return at < 0 ? { key } : { prefix: key.slice(0, at + (delimiter?.length ?? 0)) };
}

function nameOf(entry: Entry): string {
  return "key" in entry ? entry.key : entry.prefix;
}

function pageLimit(input: ListInput, state: S3Context): number {
  const asked = input.MaxKeys ?? 1000;
  if (asked < 0) throw invalidArgument("Argument max-keys must be an integer between 0 and 2147483647");
  return Math.min(asked, 1000, state.world.options.objectPageSize);
}

/** boto3 asks for URL encoding, so that keys XML cannot carry arrive whole. */
function encoder(input: ListInput): (text: string) => string {
  return input.EncodingType === "url" ? (text) => encodeURIComponent(text).replaceAll("%2F", "/") : (text) => text;
}

function objectRow(bucket: Bucket, key: string, encode: (text: string) => string): unknown {
  const version = currentObject(bucket, key);
  if (version === undefined) return undefined;
  const algorithms = Object.keys(version.checksums).map((name) => name.replace("Checksum", ""));
  return {
    Key: encode(key),
    LastModified: version.modified,
    ETag: version.etag,
    ...(algorithms.length === 0 ? {} : { ChecksumAlgorithm: algorithms, ChecksumType: "FULL_OBJECT" }),
    Size: version.body.length,
    StorageClass: version.headers["StorageClass"] ?? "STANDARD",
  };
}

function rows(bucket: Bucket, entries: readonly Entry[], encode: (text: string) => string) {
  return {
    Contents: entries.flatMap((entry) => ("key" in entry ? [objectRow(bucket, entry.key, encode)] : [])),
    CommonPrefixes: entries.flatMap((entry) => ("prefix" in entry ? [{ Prefix: encode(entry.prefix) }] : [])),
  };
}

export function listObjectsV2(
  input: ListInput & { readonly ContinuationToken?: string; readonly StartAfter?: string },
  { state }: Context<S3Context>,
): unknown {
  const bucket = bucketNamed(input.Bucket, state);
  const limit = pageLimit(input, state);
  const after = input.ContinuationToken === undefined ? input.StartAfter : decodeToken(input.ContinuationToken);
  const listed = walk(bucket, input, after, limit, (key) => currentObject(bucket, key) !== undefined);
  const encode = encoder(input);
  return {
    Name: input.Bucket,
    Prefix: encode(input.Prefix ?? ""),
    Delimiter: input.Delimiter === undefined ? undefined : encode(input.Delimiter),
    StartAfter: input.StartAfter === undefined ? undefined : encode(input.StartAfter),
    ContinuationToken: input.ContinuationToken,
    MaxKeys: input.MaxKeys ?? 1000,
    EncodingType: input.EncodingType,
    KeyCount: listed.entries.length,
    IsTruncated: listed.last !== undefined,
    NextContinuationToken: listed.last === undefined ? undefined : encodeToken(listed.last),
    ...rows(bucket, listed.entries, encode),
  };
}

/** The older listing, which `aws s3api list-objects` and old tools use: continued by the last name itself. */
export function listObjects(input: ListInput & { readonly Marker?: string }, { state }: Context<S3Context>): unknown {
  const bucket = bucketNamed(input.Bucket, state);
  const listed = walk(
    bucket,
    input,
    input.Marker,
    pageLimit(input, state),
    (key) => currentObject(bucket, key) !== undefined,
  );
  const encode = encoder(input);
  return {
    Name: input.Bucket,
    Prefix: encode(input.Prefix ?? ""),
    Marker: encode(input.Marker ?? ""),
    MaxKeys: input.MaxKeys ?? 1000,
    EncodingType: input.EncodingType,
    IsTruncated: listed.last !== undefined,
    // S3 gives NextMarker only with a delimiter; without one the last key serves.
    NextMarker: listed.last !== undefined && input.Delimiter !== undefined ? encode(listed.last) : undefined,
    ...rows(bucket, listed.entries, encode),
  };
}

/** A page holds whole keys with all their versions, so that it never ends between two versions of one key. */
export function listObjectVersions(
  input: ListInput & { readonly KeyMarker?: string },
  { state }: Context<S3Context>,
): unknown {
  const bucket = bucketNamed(input.Bucket, state);
  const encode = encoder(input);
  const listed = walk(bucket, input, input.KeyMarker, pageLimit(input, state), () => true);
  const all = listed.entries.flatMap((entry) => ("key" in entry ? versionRows(bucket, entry.key, encode) : []));
  return {
    Name: input.Bucket,
    Prefix: encode(input.Prefix ?? ""),
    KeyMarker: encode(input.KeyMarker ?? ""),
    MaxKeys: input.MaxKeys ?? 1000,
    EncodingType: input.EncodingType,
    IsTruncated: listed.last !== undefined,
    NextKeyMarker: listed.last === undefined ? undefined : encode(listed.last),
    Versions: all.filter((row) => "Size" in row),
    DeleteMarkers: all.filter((row) => !("Size" in row)),
    CommonPrefixes: rows(bucket, listed.entries, encode).CommonPrefixes,
  };
}

/** Newest first. */
function versionRows(bucket: Bucket, key: string, encode: (text: string) => string) {
  return (bucket.objects.get(key) ?? []).toReversed().map((version, index) => {
    const row = { Key: encode(key), VersionId: version.id, IsLatest: index === 0, LastModified: version.modified };
    if (version.kind === "delete-marker") return row;
    const StorageClass = version.headers["StorageClass"] ?? "STANDARD";
    return Object.assign(row, { ETag: version.etag, Size: version.body.length, StorageClass });
  });
}

function encodeToken(name: string): string {
  return Buffer.from(`after ${name}`).toString("base64");
}

function decodeToken(token: string): string {
  const text = Buffer.from(token, "base64").toString();
  if (!text.startsWith("after ")) throw invalidArgument("The continuation token provided is incorrect");
  return text.slice("after ".length);
}
