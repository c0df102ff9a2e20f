/** S3's protocol: REST with XML documents, object bodies as they are, buckets in the path or in the host name. */
import { ApiError } from "../service.ts";
import { unchunked } from "./aws-chunked.ts";
import { bytesOf, noBody, textOf, type WireReply, type WireRequest } from "./message.ts";
import { membersOf, type Operation, type ServiceModel } from "./model.ts";
import type { Protocol, Routed, Stamp } from "./protocol.ts";
import { boundHeaders, payloadMember, readBoundInput } from "./rest.ts";
import { operationAt, type S3Address } from "./s3-routes.ts";
import { escapeXml, fromXmlBody, toXml } from "./xml.ts";

const namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

export function restXml(model: ServiceModel): Protocol {
  return {
    route: (request) => route(model, request),
    answer,
    refuse,
  };
}

function route(model: ServiceModel, request: WireRequest): Routed {
  const address = addressOf(request);
  const operation = model.operations.get(operationAt(request, address));
  if (operation === undefined)
    throw new ApiError("MethodNotAllowed", "The specified method is not allowed against this resource.", {}, 405);
  const labels = { Bucket: address.bucket ?? "", Key: address.key ?? "" };
  return {
    operation,
    readInput: () =>
      readBoundInput(operation, labels, unchunked(request), (schema, body) => fromXmlBody(schema, textOf(body))),
  };
}

/** `bucket.s3.region.amazonaws.com/key`, `bucket.localhost/key` or `/bucket/key`. An address of digits and dots is no bucket's host. */
function addressOf(request: WireRequest): S3Address {
  const host = (request.headers["host"] ?? "").replace(/:\d+$/, "");
  const virtual = /^(.+?)\.(?:s3[.-].*amazonaws\.com|localhost)$/.exec(host)?.[1];
  const path = request.path.replace(/^\//, "");
  if (virtual !== undefined) return addressed(virtual, path);
  const slash = path.indexOf("/");
  return slash < 0 ? addressed(path, "") : addressed(path.slice(0, slash), path.slice(slash + 1));
}

function addressed(bucket: string, key: string): S3Address {
  return {
    bucket: bucket === "" ? undefined : decodeURIComponent(bucket),
    key: key === "" ? undefined : decodeURIComponent(key),
  };
}

function answer(operation: Operation, output: unknown, stamp: Stamp): WireReply {
  const given = (output ?? {}) as Readonly<Record<string, unknown>>;
  const headers = {
    ...headersOf(stamp),
    ...(membersOf(operation.output).length === 0 ? {} : boundHeaders(operation, given)),
  };
  const payload = payloadMember(operation);
  const status = typeof given["$status"] === "number" ? given["$status"] : (operation.http?.status ?? 200);
  if (payload?.schema.isBlobSchema()) {
    return { status, headers, body: (given[payload.name] as Uint8Array | undefined) ?? noBody, streaming: true };
  }
  if (payload?.schema.isStringSchema()) {
    // As it is, without an element around it: a bucket's policy (S3 API Reference, GetBucketPolicy).
    return { status, headers, body: bytesOf((given[payload.name] as string | undefined) ?? "") };
  }
  if (payload !== undefined) {
    const name = payload.traits.xmlName ?? payload.schema.getName() ?? payload.name;
    return xmlReply(status, headers, toXml(payload.schema, given[payload.name], name, namespace));
  }
  if (operation.name === "GetBucketLocation")
    return xmlReply(status, headers, locationXml(given["LocationConstraint"]));
  const documented = membersOf(operation.output).some(
    ({ traits }) => traits.httpHeader === undefined && traits.httpPrefixHeaders === undefined,
  );
  if (!documented) return { status, headers, body: noBody };
  const root = operation.output.getMergedTraits().xmlName ?? `${operation.name}Result`;
  return xmlReply(status, headers, toXml(operation.output, given, root, namespace));
}

/** The one answer whose root element is itself the member; us-east-1 is spelled as an empty one. */
function locationXml(location: unknown): string {
  const body = typeof location === "string" ? escapeXml(location) : "";
  return `<LocationConstraint xmlns="${namespace}">${body}</LocationConstraint>`;
}

function xmlReply(status: number, headers: Record<string, string>, xml: string): WireReply {
  return {
    status,
    headers: { ...headers, "content-type": "application/xml" },
    body: bytesOf(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}`),
  };
}

/** Errors are XML with the code inside; a HEAD request gets the status alone, which is why SDKs then know only `NotFound`. */
function refuse(error: ApiError, stamp: Stamp, request: WireRequest): WireReply {
  const status = error.status ?? 400;
  const { $headers, ...fields } = error.fields;
  const headers = { ...headersOf(stamp), ...($headers as Record<string, string> | undefined) };
  if (status === 304 || request.method === "HEAD") return { status, headers, body: noBody };
  const members: Readonly<Record<string, unknown>> = {
    Code: error.type,
    Message: error.message,
    ...fields,
    RequestId: stamp.requestId,
    HostId: stamp.requestId,
  };
  const detail = Object.entries(members).map(([name, value]) => `<${name}>${escapeXml(elementText(value))}</${name}>`);
  return xmlReply(status, headers, `<Error>${detail.join("")}</Error>`);
}

function elementText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function headersOf(stamp: Stamp): Record<string, string> {
  return {
    date: stamp.at.toUTCString(),
    "x-amz-request-id": stamp.requestId,
    "x-amz-id-2": stamp.requestId,
    server: "AmazonS3",
  };
}
