/** Who signed a request and for which service. The signature itself is not verified: the scope says all the simulator needs. */
import { queryValue, type WireRequest } from "./message.ts";

export interface Credential {
  readonly accessKeyId: string;
  readonly region: string;
  /** SigV4 signing name: `backup`, `s3`, `sts`, `kms`, `organizations`, `tagging`. */
  readonly service: string;
  readonly sessionToken: string | undefined;
}

/** Reads the `Authorization` header, or the query of a presigned URL. Undefined: the request is anonymous. */
export function credentialOf(request: WireRequest): Credential | undefined {
  const header = /Credential=([^,\s]+)/.exec(request.headers["authorization"] ?? "")?.[1];
  const scope = header ?? queryValue(request.query, "X-Amz-Credential");
  if (scope === undefined) return undefined;
  const parts = scope.split("/");
  const [region, service, terminator] = parts.slice(-3);
  const accessKeyId = parts.slice(0, -4).join("/");
  if (region === undefined || service === undefined || terminator !== "aws4_request" || accessKeyId === "")
    return undefined;
  const sessionToken = request.headers["x-amz-security-token"] ?? queryValue(request.query, "X-Amz-Security-Token");
  return { accessKeyId, region, service, sessionToken };
}
