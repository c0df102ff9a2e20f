/** The protocol of AWS Backup and EFS: REST paths, JSON bodies, the exception's name in a header (semantics §0.1, §0.2, §10). */
import { ApiError } from "../service.ts";
import { jsonReader, jsonWriter, parseJsonBody } from "./json.ts";
import { bytesOf, noBody, textOf, type WireReply, type WireRequest } from "./message.ts";
import { membersOf, type Operation, type ServiceModel } from "./model.ts";
import type { Protocol, Routed, Stamp } from "./protocol.ts";
import { boundHeaders, payloadMember, readBoundInput } from "./rest.ts";

type Segment = { readonly literal: string } | { readonly label: string };

interface Route {
  readonly operation: Operation;
  readonly method: string;
  readonly segments: readonly Segment[];
  /** Query keys that must be there (`?delete`). */
  readonly query: readonly string[];
}

/** What the services differ in. */
export interface RestJsonStyle {
  /** How an absent member of an answer is told. */
  readonly absent: "null" | "omit";
  /** The body of a modelled error. */
  readonly errorBody: (error: ApiError) => Readonly<Record<string, unknown>>;
}

/** AWS Backup's: every error body has the same four members, often null, whatever the exception (semantics §0.2, §10.1). */
const backupStyle: RestJsonStyle = {
  absent: "null",
  errorBody: ({ message, fields }) => ({ Code: null, Message: message, Type: null, Context: null, ...fields }),
};

export function restJson(model: ServiceModel, style = backupStyle): Protocol {
  const routes = routeTable(model);
  return {
    route: (request) => route(routes, request),
    answer: (operation, output, stamp) => {
      const given = (output ?? {}) as Readonly<Record<string, unknown>>;
      const headers = { ...headersOf(stamp), ...boundHeaders(operation, given) };
      return { status: statusOf(operation, given), headers, body: bodyOf(operation, given, style) };
    },
    refuse: (error, stamp) => refusal(model, error, stamp, style),
  };
}

/** What an answer says of itself, or else what the operation's answers always have. */
function statusOf({ http, output }: Operation, given: Readonly<Record<string, unknown>>): number {
  const said = membersOf(output).find(({ traits }) => traits.httpResponseCode);
  return Number(given[said?.name ?? ""] ?? http?.status ?? 200);
}

function bodyOf(operation: Operation, given: Readonly<Record<string, unknown>>, style: RestJsonStyle): Uint8Array {
  if (membersOf(operation.output).length === 0) return noBody;
  const payload = payloadMember(operation);
  if (payload?.schema.isBlobSchema()) return (given[payload.name] as Uint8Array | undefined) ?? noBody;
  return bytesOf(JSON.stringify(jsonWriter(operation.output, style.absent)(given)));
}

function refusal(model: ServiceModel, error: ApiError, stamp: Stamp, style: RestJsonStyle): WireReply {
  const shape = model.errors.get(error.type);
  const status = error.status ?? shape?.status ?? (shape?.fault === "server" ? 500 : 400);
  const body = bytesOf(JSON.stringify(shape === undefined ? { message: error.message } : style.errorBody(error)));
  return { status, headers: { ...headersOf(stamp), "x-amzn-errortype": error.type }, body };
}

function headersOf(stamp: Stamp): Record<string, string> {
  return { "content-type": "application/json", date: stamp.at.toUTCString(), "x-amzn-requestid": stamp.requestId };
}

/** Routes by number of segments. The path is split before labels are decoded, so that `%2F` stays within its label. */
function routeTable(model: ServiceModel): ReadonlyMap<string, readonly Route[]> {
  const table = new Map<string, Route[]>();
  for (const operation of model.operations.values()) {
    if (operation.http === undefined) continue;
    const [path, query = ""] = operation.http.path.split("?");
    const segments = splitPath(path ?? "").map((part): Segment =>
      part.startsWith("{") ? { label: part.slice(1, -1).replace("+", "") } : { literal: part },
    );
    const key = `${operation.http.method} ${segments.length}`;
    const route = { operation, method: operation.http.method, segments, query: query === "" ? [] : query.split("&") };
    table.set(key, [...(table.get(key) ?? []), route].toSorted(moreSpecificFirst));
  }
  return table;
}

function moreSpecificFirst(a: Route, b: Route): number {
  const literals = (route: Route) => route.segments.filter((segment) => "literal" in segment).length;
  return b.query.length - a.query.length || literals(b) - literals(a);
}

function route(table: ReadonlyMap<string, readonly Route[]>, request: WireRequest): Routed {
  const parts = splitPath(request.path);
  const found = table.get(`${request.method} ${parts.length}`)?.find((candidate) => matches(candidate, parts, request));
  if (found === undefined) throw new ApiError("UnknownOperationException", "", {}, 404);
  const labels: Record<string, string> = {};
  found.segments.forEach((segment, index) => {
    if ("label" in segment) labels[segment.label] = decodeLabel(parts[index] ?? "");
  });
  return {
    operation: found.operation,
    readInput: () => readBoundInput(found.operation, labels, request, readDocument),
  };
}

function matches(candidate: Route, parts: readonly string[], request: WireRequest): boolean {
  return (
    candidate.query.every((key) => key in request.query) &&
    candidate.segments.every((segment, index) => "label" in segment || segment.literal === parts[index])
  );
}

/** Trailing slashes do not count: botocore writes some collection paths with one, and `/tags/{arn}/` too (semantics §0.1, §10.9). */
function splitPath(path: string): readonly string[] {
  return path.split("/").filter((part) => part !== "");
}

function decodeLabel(label: string): string {
  try {
    return decodeURIComponent(label);
  } catch {
    throw new ApiError("SerializationException", `${label} is not a percent-encoded path label`, {}, 400);
  }
}

function readDocument(schema: Operation["input"], body: Uint8Array): unknown {
  return jsonReader(schema)(parseJsonBody(textOf(body)));
}
