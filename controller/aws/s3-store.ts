/** An `ObjectStore` in a bucket: every put is conditional, so that S3 itself settles who came first (semantics §9.5). */
import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type GetObjectCommandOutput,
  type PutObjectCommandInput,
} from "@aws-sdk/client-s3";
import { digestOf } from "../domain/digest.ts";
import { failureOf, HoldfastError, type AwsFailure } from "../domain/errors.ts";
import type { Clock, ObjectStore, PutOptions, StoredObject, VersionAudit } from "../ports.ts";
import { answeredAt } from "./clients.ts";
import { reads, writes, type Call } from "./operation.ts";
import type { listVersions } from "./s3-versions.ts";

export const getObject = reads("s3:GetObject", GetObjectCommand, { pace: "other" });
/** A condition on what is there is a read of it; Object Lock is a right of its own (semantics §9.5). */
export const putObject = writes("s3:PutObject", PutObjectCommand, {
  pace: "other",
  also: ["s3:GetObject", "s3:PutObjectRetention"],
});
export const listObjects = reads("s3:ListBucket", ListObjectsV2Command, { pace: "other" });

/** Keeps what is put from being deleted or overwritten. */
export interface ObjectLock {
  readonly mode: "GOVERNANCE" | "COMPLIANCE";
  readonly days: number;
}

export interface S3StoreOptions {
  /** `s3://bucket/prefix`. */
  readonly url: string;
  readonly call: Call<typeof getObject | typeof putObject | typeof listObjects | typeof listVersions>;
  readonly clock: Clock;
  readonly lock?: ObjectLock;
}

export function createS3Store(options: S3StoreOptions): ObjectStore {
  const place = { ...options, ...placeOf(options.url) };
  return {
    url: options.url,
    get: (key) => get(place, key),
    put: (key, body, how) => put(place, key, body, how),
    list: (within) => list(place, within),
    audit: (within) => audit(place, within),
    time: () => time(place),
  };
}

interface Place extends S3StoreOptions {
  readonly bucket: string;
  /** Empty, or with a slash at its end. */
  readonly prefix: string;
}

const TRIES = 4;
const FIRST_WAIT_MS = 250;
const waitAfter = ({ clock }: Place, tries: number): Promise<void> => clock.sleep(FIRST_WAIT_MS * 2 ** (tries - 1));

/** The body follows the answer, and may break off by itself: then the object is asked for anew. */
async function get(place: Place, key: string): Promise<StoredObject | undefined> {
  for (let tries = 1; ; tries += 1) {
    /* oxlint-disable no-await-in-loop -- one try after the other */
    const answer = await ask(place, key);
    if (answer === undefined) return undefined;
    const { Body, ETag: etag, LastModified: lastModified } = answer;
    if (!Body || etag === undefined || !lastModified) throw unreachable(place, "read", key, notAnObject);
    const at = answeredAt(answer) ?? place.clock.now();
    try {
      return { body: await Body.transformToByteArray(), etag, lastModified, at };
    } catch (error) {
      if (tries === TRIES) throw unreachable(place, "read", key, brokenOff, error);
    }
    await waitAfter(place, tries);
    /* oxlint-enable no-await-in-loop */
  }
}

async function ask(place: Place, key: string): Promise<GetObjectCommandOutput | undefined> {
  const { call, bucket: Bucket, prefix } = place;
  try {
    return await call(getObject, { Bucket, Key: prefix + key, ChecksumMode: "ENABLED" });
  } catch (error) {
    const failure = failureOf(error);
    if (failure.code === "NoSuchKey") return undefined;
    throw unreachable(place, "read", key, failure, error);
  }
}

type Written = { readonly etag: string; readonly at: Date };

/** Sent again until S3 has decided: the condition makes a second sending harmless. */
async function put(
  place: Place,
  key: string,
  body: Uint8Array,
  { condition, contentType }: PutOptions,
): Promise<Written | "conflict"> {
  const { call, clock } = place;
  const input = putInput(place, key, body, { condition, contentType });
  /** Whether an earlier try may have been carried out, so that it is our own work that stands in the way. */
  let unclear = false;
  for (let tries = 1; ; tries += 1) {
    /* oxlint-disable no-await-in-loop -- one try after the other */
    try {
      const answer = await call(putObject, input);
      if (answer.ETag === undefined) throw unreachable(place, "write", key, notAnObject);
      return { etag: answer.ETag, at: answeredAt(answer) ?? clock.now() };
    } catch (error) {
      const failure = failureOf(error);
      const verdict = verdictOn(failure, condition);
      if (verdict === "lost") return unclear ? await ownWork(place, key, body) : "conflict";
      if (verdict === "final" || tries === TRIES) throw unreachable(place, "write", key, failure, error);
      unclear ||= verdict === "unclear";
    }
    await waitAfter(place, tries);
    /* oxlint-enable no-await-in-loop */
  }
}

const putInput = (
  { bucket, prefix, lock, clock }: Place,
  key: string,
  body: Uint8Array,
  { condition, contentType }: PutOptions,
): PutObjectCommandInput => ({
  Bucket: bucket,
  Key: prefix + key,
  Body: body,
  ContentType: contentType,
  ChecksumSHA256: Buffer.from(digestOf(body), "hex").toString("base64"),
  ...("ifAbsent" in condition ? { IfNoneMatch: "*" } : { IfMatch: condition.ifMatch }),
  ...(lock === undefined
    ? {}
    : {
        ObjectLockMode: lock.mode,
        ObjectLockRetainUntilDate: new Date(clock.now().getTime() + lock.days * DAY_MS),
      }),
});
const DAY_MS = 86_400_000;

async function ownWork(place: Place, key: string, body: Uint8Array): Promise<Written | "conflict"> {
  const there = await get(place, key);
  return there !== undefined && Buffer.from(there.body).equals(body) ? { etag: there.etag, at: there.at } : "conflict";
}

async function list(place: Place, within: string): Promise<readonly string[]> {
  const { call, bucket: Bucket, prefix } = place;
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const input = { Bucket, Prefix: prefix + within, ...(token === undefined ? {} : { ContinuationToken: token }) };
    // oxlint-disable-next-line no-await-in-loop -- a page names the next
    const page = await call(listObjects, input).catch((error: unknown) => {
      throw unreachable(place, "list", within, failureOf(error), error);
    });
    for (const { Key } of page.Contents ?? []) if (Key !== undefined) keys.push(Key.slice(prefix.length));
    const next = page.NextContinuationToken;
    if (page.IsTruncated && (next === undefined || next === token))
      throw unreachable(place, "list", within, endlessListing(listObjects.name));
    token = page.IsTruncated ? next : undefined;
  } while (token !== undefined);
  return keys;
}

/** Of a listing that lists nothing: it is answered also where nothing is there yet. */
async function time(place: Place): Promise<Date> {
  const { call, bucket: Bucket, prefix: Prefix, clock } = place;
  const answer = await call(listObjects, { Bucket, Prefix, MaxKeys: 1 }).catch((error: unknown) => {
    throw unreachable(place, "list", "", failureOf(error), error);
  });
  return answeredAt(answer) ?? clock.now();
}

/** Only who verifies asks for it: a run does not read the code (decision 10). */
async function audit(place: Place, within: string): Promise<VersionAudit> {
  const { auditVersions, listVersions } = await import("./s3-versions.ts");
  try {
    return await auditVersions(place, within);
  } catch (error) {
    const failure = error instanceof RangeError ? endlessListing(listVersions.name) : failureOf(error);
    throw unreachable(place, "audit", within, failure, error);
  }
}

/** What a refused put means. `lost`: another write came first. `again`: S3 could not tell, and asks to be asked again. */
function verdictOn(
  { kind, code }: AwsFailure,
  condition: PutOptions["condition"],
): "lost" | "again" | "unclear" | "final" {
  if (code === "PreconditionFailed" || (code === "NoSuchKey" && "ifMatch" in condition)) return "lost";
  if (kind === "conflict") return "again";
  return kind === "unanswered" || kind === "unavailable" ? "unclear" : "final";
}

const notAnObject: AwsFailure = {
  kind: "unavailable",
  operation: "s3",
  message: "the answer is not S3's: it lacks the object's ETag, time or body",
};
const brokenOff: AwsFailure = {
  kind: "unavailable",
  operation: getObject.name,
  message: "the object's content broke off, or is not what its checksum says, time and again",
};
const endlessListing = (operation: string): AwsFailure => ({
  kind: "unavailable",
  operation,
  message: "the listing does not end: a page says that there is more and names no new page",
});

type Doing = "read" | "write" | "list" | "audit";
const RIGHTS: Readonly<Record<Doing, string>> = {
  // Without s3:ListBucket S3 answers an object that is not there with a denial.
  read: "s3:GetObject on its objects and s3:ListBucket on the bucket",
  write:
    "s3:PutObject and s3:GetObject on its objects, and s3:PutObjectRetention where Object Lock is asked for; a bucket that takes nothing unlocked wants HOLDFAST_RETENTION",
  list: "s3:ListBucket on the bucket",
  audit: "s3:ListBucketVersions on the bucket",
};

const unreachable = (
  { bucket, prefix }: Place,
  doing: Doing,
  key: string,
  failure: AwsFailure,
  cause?: unknown,
): HoldfastError =>
  new HoldfastError(
    "store-unreachable",
    `could not ${doing} s3://${bucket}/${prefix}${key}: ${failure.operation}: ${failure.message}. ${adviceOn(failure, doing, bucket)}`,
    { cause },
  );

function adviceOn({ kind, code }: AwsFailure, doing: Doing, bucket: string): string {
  if (code === "NoSuchBucket")
    return `There is no bucket ${bucket}: check the setting, or deploy the hub stack that makes it`;
  if (kind === "denied")
    return `Check that the caller has ${RIGHTS[doing]}, also in the policies of the bucket and of its key`;
  if (kind === "unreachable" || kind === "expired")
    return "Check the credentials: AWS_PROFILE, a signed-in session, the function's role";
  return "S3 gave no usable answer; nothing rests on a guess, so try again later";
}

/** Throws `setting-refused` for what is not `s3://bucket` or `s3://bucket/prefix`. */
export function placeOf(url: string): { readonly bucket: string; readonly prefix: string } {
  const [, bucket, path = ""] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(url) ?? [];
  if (bucket === undefined)
    throw new HoldfastError("setting-refused", `${url} is not s3://bucket or s3://bucket/prefix`);
  const trimmed = path.replaceAll(/^\/+|\/+$/g, "");
  return { bucket, prefix: trimmed === "" ? "" : `${trimmed}/` };
}
