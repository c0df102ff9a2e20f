/** Which permissions an S3 call takes (S3 User Guide, "Required permissions for Amazon S3 API operations"). */
import type { Need } from "../iam/authorize.ts";
import type { ConditionContext } from "../iam/conditions.ts";
import type { Bucket } from "./state.ts";

interface S3Input {
  readonly Bucket?: string;
  readonly Key?: string;
  readonly Prefix?: string;
  readonly Delimiter?: string;
  readonly VersionId?: string;
  readonly IfMatch?: string;
  readonly IfNoneMatch?: string;
  readonly BypassGovernanceRetention?: boolean;
  readonly ObjectLockMode?: string;
  readonly ObjectLockRetainUntilDate?: Date;
  readonly ObjectLockLegalHoldStatus?: string;
  readonly Retention?: { readonly Mode?: string; readonly RetainUntilDate?: Date };
  readonly ServerSideEncryption?: string;
  readonly SSEKMSKeyId?: string;
  readonly Delete?: { readonly Objects?: readonly { readonly Key: string; readonly VersionId?: string }[] };
}

/** Operations whose action has another name. */
const bucketActions: Readonly<Record<string, string>> = {
  HeadBucket: "ListBucket",
  ListObjects: "ListBucket",
  ListObjectsV2: "ListBucket",
  ListObjectVersions: "ListBucketVersions",
  GetObjectLockConfiguration: "GetBucketObjectLockConfiguration",
  PutObjectLockConfiguration: "PutBucketObjectLockConfiguration",
};

/** Every permission the call takes. A bucket that does not exist asks for none beyond the caller's own: its absence is no secret. */
export function s3Needs(
  operation: string,
  input: S3Input,
  bucket: Pick<Bucket, "account" | "policy"> | undefined,
  now: Date,
): readonly Need[] {
  if (operation === "ListBuckets") return [{ action: "s3:ListAllMyBuckets", resource: "*" }];
  // A bucket being created is nobody's yet, whoever has one of that name.
  const policy =
    bucket === undefined || operation === "CreateBucket"
      ? {}
      : { policy: { document: bucket.policy, owner: bucket.account, rule: "either" as const } };
  const context = contextOf(operation, input, now);
  const onBucket = (action: string): Need => ({
    action: `s3:${action}`,
    resource: `arn:aws:s3:::${input.Bucket ?? ""}`,
    context,
    ...policy,
  });
  const onObject = (action: string, key = input.Key): Need => ({
    action: `s3:${action}`,
    resource: `arn:aws:s3:::${input.Bucket ?? ""}/${key ?? ""}`,
    context,
    ...policy,
  });
  const versioned = (action: string, id = input.VersionId) => (id === undefined ? action : `${action}Version`);

  switch (operation) {
    case "GetObject":
    case "HeadObject":
      return [onObject(versioned("GetObject"))];
    case "PutObject":
      return [
        onObject("PutObject"),
        ...(input.ObjectLockMode === undefined ? [] : [onObject("PutObjectRetention")]),
        ...(input.ObjectLockLegalHoldStatus === undefined ? [] : [onObject("PutObjectLegalHold")]),
        ...(input.IfMatch === undefined ? [] : [onObject("GetObject")]),
      ];
    case "DeleteObject":
      return [onObject(versioned("DeleteObject"))];
    case "DeleteObjects":
      return (input.Delete?.Objects ?? []).map(({ Key, VersionId }) =>
        onObject(versioned("DeleteObject", VersionId), Key),
      );
    case "GetObjectRetention":
    case "PutObjectRetention":
    case "BypassGovernanceRetention":
      return [onObject(operation)];
    default:
      return [onBucket(bucketActions[operation] ?? operation)];
  }
}

/** A lock travels in a put's headers, or is what PutObjectRetention is about; its days are whole ones (Service Authorization Reference, S3). */
function contextOf(operation: string, input: S3Input, now: Date): ConditionContext {
  const until = input.ObjectLockRetainUntilDate ?? input.Retention?.RetainUntilDate;
  return {
    "s3:prefix": input.Prefix,
    "s3:delimiter": input.Delimiter,
    "s3:VersionId": input.VersionId,
    "s3:if-match": input.IfMatch,
    "s3:if-none-match": input.IfNoneMatch,
    // Of multipart uploads, which are not simulated, only the last call makes an object.
    "s3:ObjectCreationOperation": operation === "PutObject" ? true : undefined,
    "s3:object-lock-mode": input.ObjectLockMode ?? input.Retention?.Mode,
    "s3:object-lock-retain-until-date": until?.toISOString(),
    "s3:object-lock-remaining-retention-days":
      until === undefined ? undefined : Math.floor((until.getTime() - now.getTime()) / DAY_MS),
    "s3:object-lock-legal-hold": input.ObjectLockLegalHoldStatus,
    "s3:x-amz-server-side-encryption": input.ServerSideEncryption,
    "s3:x-amz-server-side-encryption-aws-kms-key-id": input.SSEKMSKeyId,
  };
}
const DAY_MS = 86_400_000;
