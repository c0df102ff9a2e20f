/** S3's errors as it words them (S3 API Reference, "Error responses"). */
import { ApiError } from "../service.ts";

export const noSuchBucket = (bucket: string) =>
  new ApiError("NoSuchBucket", "The specified bucket does not exist", { BucketName: bucket }, 404);
export const noSuchKey = (key: string, headers: Readonly<Record<string, string>> = {}) =>
  new ApiError("NoSuchKey", "The specified key does not exist.", { Key: key, $headers: headers }, 404);
export const noSuchVersion = (key: string, id: string) =>
  new ApiError("NoSuchVersion", "The specified version does not exist.", { Key: key, VersionId: id }, 404);
export const preconditionFailed = (condition: string) =>
  new ApiError(
    "PreconditionFailed",
    "At least one of the pre-conditions you specified did not hold",
    { Condition: condition },
    412,
  );
export const notModified = (etag: string) => new ApiError("NotModified", "Not Modified", { $headers: { etag } }, 304);
export const accessDenied = () => new ApiError("AccessDenied", "Access Denied", {}, 403);
export const lockedVersion = () =>
  new ApiError("AccessDenied", "Access Denied because object protected by object lock.", {}, 403);
export const invalidRequest = (message: string) => new ApiError("InvalidRequest", message, {}, 400);
export const invalidArgument = (message: string) => new ApiError("InvalidArgument", message, {}, 400);
