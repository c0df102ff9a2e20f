/** `aws-chunked` bodies: how SDKs and the AWS CLI send an upload whose checksum follows in a trailer. */
import { ApiError } from "../service.ts";
import { textOf, type WireRequest } from "./message.ts";

/** The request with its body unwrapped and its trailers among the headers; the same request where nothing was wrapped. */
export function unchunked(request: WireRequest): WireRequest {
  const encodings = (request.headers["content-encoding"] ?? "").split(",").map((one) => one.trim());
  const streaming = request.headers["x-amz-content-sha256"]?.startsWith("STREAMING-") ?? false;
  if (!streaming && !encodings.includes("aws-chunked")) return request;

  const { body, trailers } = readChunks(request.body);
  const declared = request.headers["x-amz-decoded-content-length"];
  if (declared !== undefined && Number(declared) !== body.length) {
    throw new ApiError("IncompleteBody", "The request body terminated unexpectedly", {}, 400);
  }
  const { "content-encoding": _wrapped, ...headers } = request.headers;
  const left = encodings.filter((one) => one !== "aws-chunked" && one !== "");
  const encoding = left.length === 0 ? {} : { "content-encoding": left.join(",") };
  return { ...request, body, headers: { ...headers, ...encoding, ...trailers, "content-length": String(body.length) } };
}

interface Chunks {
  readonly body: Uint8Array;
  readonly trailers: Readonly<Record<string, string>>;
}

/** `size-in-hex[;chunk-signature=…]\r\n data \r\n`, ended by a chunk of size 0 and the trailing header lines. */
function readChunks(wrapped: Uint8Array): Chunks {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = indexOfLineEnd(wrapped, at);
    const size = Number.parseInt(textOf(wrapped.subarray(at, lineEnd)), 16);
    if (Number.isNaN(size))
      throw new ApiError("InvalidRequest", "The aws-chunked body has a chunk without a size", {}, 400);
    at = lineEnd + 2;
    if (size === 0) return { body: Buffer.concat(parts), trailers: readTrailers(textOf(wrapped.subarray(at))) };
    parts.push(wrapped.subarray(at, at + size));
    at += size + 2;
  }
}

function indexOfLineEnd(bytes: Uint8Array, from: number): number {
  const end = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf("\r\n", from);
  if (end < 0) throw new ApiError("IncompleteBody", "The request body terminated unexpectedly", {}, 400);
  return end;
}

function readTrailers(text: string): Readonly<Record<string, string>> {
  const trailers: Record<string, string> = {};
  for (const line of text.split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return trailers;
}
