/** S3 as holdfast's clients and a person at a shell use it. */
import { ApiError, type Context, type Handlers } from "../service.ts";
import * as buckets from "./buckets.ts";
import type { S3Context } from "./context.ts";
import { deleteObject } from "./delete-object.ts";
import { getObject, headObject } from "./get-object.ts";
import { listObjects, listObjectsV2, listObjectVersions } from "./listings.ts";
import { putObject } from "./put-object.ts";
import { getObjectRetention, putObjectRetention } from "./retention.ts";

interface DeleteObjectsInput {
  readonly Bucket: string;
  readonly BypassGovernanceRetention?: boolean;
  readonly Delete?: {
    readonly Quiet?: boolean;
    readonly Objects?: readonly { readonly Key: string; readonly VersionId?: string; readonly ETag?: string }[];
  };
}

/** Answers 200 whatever becomes of each object: refusals are rows of the answer. */
function deleteObjects(input: DeleteObjectsInput, context: Context<S3Context>): unknown {
  const deleted: unknown[] = [];
  const errors: unknown[] = [];
  for (const { Key, VersionId, ETag } of input.Delete?.Objects ?? []) {
    const bypass =
      input.BypassGovernanceRetention === undefined
        ? {}
        : { BypassGovernanceRetention: input.BypassGovernanceRetention };
    const one = {
      Bucket: input.Bucket,
      Key,
      ...bypass,
      ...(VersionId === undefined ? {} : { VersionId }),
      ...(ETag === undefined ? {} : { IfMatch: ETag }),
    };
    try {
      const done = deleteObject(one, context);
      const marker = done.DeleteMarker === true ? { DeleteMarker: true, DeleteMarkerVersionId: done.VersionId } : {};
      if (input.Delete?.Quiet !== true) deleted.push({ Key, VersionId, ...marker });
    } catch (error) {
      if (!(error instanceof ApiError) || error.type === "NoSuchBucket") throw error;
      errors.push({ Key, VersionId, Code: error.type, Message: error.message });
    }
  }
  return { Deleted: deleted, Errors: errors };
}

const all: Handlers<S3Context> = {
  ListBuckets: buckets.listBuckets,
  CreateBucket: buckets.createBucket,
  HeadBucket: buckets.headBucket,
  DeleteBucket: buckets.deleteBucket,
  GetBucketLocation: buckets.getBucketLocation,
  GetBucketVersioning: buckets.getBucketVersioning,
  PutBucketVersioning: buckets.putBucketVersioning,
  GetObjectLockConfiguration: buckets.getObjectLockConfiguration,
  PutObjectLockConfiguration: buckets.putObjectLockConfiguration,
  GetBucketPolicy: buckets.getBucketPolicy,
  PutBucketPolicy: buckets.putBucketPolicy,
  DeleteBucketPolicy: buckets.deleteBucketPolicy,
  ListObjects: listObjects,
  ListObjectsV2: listObjectsV2,
  ListObjectVersions: listObjectVersions,
  PutObject: putObject,
  GetObject: getObject,
  HeadObject: headObject,
  DeleteObject: deleteObject,
  DeleteObjects: deleteObjects,
  GetObjectRetention: getObjectRetention,
  PutObjectRetention: putObjectRetention,
};

export const s3Handlers: Handlers<S3Context> = Object.fromEntries(
  Object.entries(all).map(([name, handler]) => [
    name,
    (input, context) => {
      buckets.checkOwner(input as { readonly Bucket?: string; readonly ExpectedBucketOwner?: string }, context.state);
      return handler(input, context);
    },
  ]),
);
