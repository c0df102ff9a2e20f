/** Which S3 operation a request is. S3 tells them apart by method, by what the path names, and by a sub-resource in the query. */
import { ApiError } from "../service.ts";
import { queryValue, type WireRequest } from "./message.ts";

export interface S3Address {
  readonly bucket: string | undefined;
  readonly key: string | undefined;
}

type Level = "service" | "bucket" | "object";

/** `METHOD level sub-resource` → operation, for the operations simulated. */
const table: Readonly<Record<string, string>> = {
  "GET service": "ListBuckets",
  "PUT bucket": "CreateBucket",
  "HEAD bucket": "HeadBucket",
  "DELETE bucket": "DeleteBucket",
  "GET bucket": "ListObjects",
  "GET bucket list-type": "ListObjectsV2",
  "GET bucket versions": "ListObjectVersions",
  "GET bucket location": "GetBucketLocation",
  "GET bucket versioning": "GetBucketVersioning",
  "PUT bucket versioning": "PutBucketVersioning",
  "GET bucket object-lock": "GetObjectLockConfiguration",
  "PUT bucket object-lock": "PutObjectLockConfiguration",
  "GET bucket policy": "GetBucketPolicy",
  "PUT bucket policy": "PutBucketPolicy",
  "DELETE bucket policy": "DeleteBucketPolicy",
  "POST bucket delete": "DeleteObjects",
  "PUT object": "PutObject",
  "GET object": "GetObject",
  "HEAD object": "HeadObject",
  "DELETE object": "DeleteObject",
  "GET object retention": "GetObjectRetention",
  "PUT object retention": "PutObjectRetention",
};

/** Query keys that name a sub-resource; others (`prefix`, `x-id`, a presigned URL's own) merely modify. */
const subResources = new Set(
  (
    "accelerate acl analytics attributes cors delete encryption intelligent-tiering inventory legal-hold lifecycle list-type location " +
    "logging metadataTable metrics notification object-lock ownershipControls partNumber policy policyStatus publicAccessBlock " +
    "replication requestPayment restore retention select session tagging torrent uploadId uploads versioning versions website"
  ).split(" "),
);

/** The operation's name. Throws S3's own `NotImplemented` for what exists in S3 but not here. */
export function operationAt(request: WireRequest, address: S3Address): string {
  const level: Level = address.bucket === undefined ? "service" : address.key === undefined ? "bucket" : "object";
  const found = Object.keys(request.query).filter((name) => subResources.has(name));
  const operation = found.length > 1 ? undefined : table[[request.method, level, ...found].join(" ")];
  const elsewhere = request.headers["x-amz-copy-source"] !== undefined;
  if (operation === undefined || elsewhere || queryValue(request.query, "list-type") === "1") {
    throw new ApiError(
      "NotImplemented",
      `The simulator has no S3 ${request.method} of ${[level, ...found].join(" ")}`,
      {},
      501,
    );
  }
  return operation;
}
