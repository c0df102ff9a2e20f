/** Who signed a request and for which service. The signature itself is not verified: the scope says all the simulator needs. */
import { queryValue, type WireRequest } from "./message.ts";

export interface Credential {
  readonly accessKeyId: string;
  readonly region: string;
  /** SigV4 signing name: `backup`, `s3`, `sts`, `kms`, `organizations`, `tagging`. */
  readonly service: string;
  readonly sessionToken: string | undefined;
}

/** Reads the `Authorization` header, or the query of a presigned URL. Undefined: the request is anonymous. Only S3 still takes
 * version 2 signatures, whose presigned URLs AWS CLI 1 makes by default; they name neither service nor Region. */
export function credentialOf(request: WireRequest): Credential | undefined {
  const header = /Credential=([^,\s]+)/.exec(request.headers["authorization"] ?? "")?.[1];
  const scope = header ?? queryValue(request.query, "X-Amz-Credential");
  if (scope === undefined) return versionTwo(request);
  const parts = scope.split("/");
  const [region, service, terminator] = parts.slice(-3);
  const accessKeyId = parts.slice(0, -4).join("/");
  if (region === undefined || service === undefined || terminator !== "aws4_request" || accessKeyId === "")
    return undefined;
  const sessionToken = request.headers["x-amz-security-token"] ?? queryValue(request.query, "X-Amz-Security-Token");
  return { accessKeyId, region, service, sessionToken };
}

function versionTwo(request: WireRequest): Credential | undefined {
  const header = /^AWS ([^:]+):/.exec(request.headers["authorization"] ?? "")?.[1];
  const accessKeyId = header ?? queryValue(request.query, "AWSAccessKeyId");
  if (accessKeyId === undefined) return undefined;
  const sessionToken = request.headers["x-amz-security-token"] ?? queryValue(request.query, "x-amz-security-token");
  return { accessKeyId, region: "us-east-1", service: "s3", sessionToken };
}
