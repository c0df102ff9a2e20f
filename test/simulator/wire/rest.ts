/** HTTP bindings shared by rest-json and rest-xml: labels, query, headers and payload into an input, an output back into them. */
import type { NormalizedSchema } from "@smithy/core/schema";
import type { WireRequest } from "./message.ts";
import { membersOf, type Member, type Operation } from "./model.ts";
import { readTimestamp, timestampFormat, timestampText } from "./timestamp.ts";

/** Reads a body document, or the part of it that is the input's payload member. */
export type ReadDocument = (schema: NormalizedSchema, body: Uint8Array) => unknown;

/** Gathers an operation's input from everywhere its members are bound. Members with no binding come from `document`. */
export function readBoundInput(
  operation: Operation,
  labels: Readonly<Record<string, string>>,
  request: WireRequest,
  document: ReadDocument,
): Readonly<Record<string, unknown>> {
  const input: Record<string, unknown> = {};
  const unbound: Member[] = [];
  for (const member of membersOf(operation.input)) {
    const { name, schema, traits } = member;
    let value: unknown;
    if (traits.httpLabel) value = fromText(schema, labels[name]);
    else if (traits.httpQuery !== undefined) value = fromQuery(schema, request.query[traits.httpQuery]);
    else if (traits.httpHeader !== undefined)
      value = fromText(schema, request.headers[traits.httpHeader.toLowerCase()]);
    else if (traits.httpPrefixHeaders !== undefined) value = prefixedHeaders(traits.httpPrefixHeaders, request);
    else if (traits.httpPayload) value = readPayload(schema, request.body, document);
    else unbound.push(member);
    if (value !== undefined) input[name] = value;
  }
  if (unbound.length === 0) return input;
  const body = document(operation.input, request.body) as Readonly<Record<string, unknown>>;
  for (const { name } of unbound) if (body[name] !== undefined) input[name] = body[name];
  return input;
}

function readPayload(schema: NormalizedSchema, body: Uint8Array, document: ReadDocument): unknown {
  if (schema.isBlobSchema()) return body;
  return body.length === 0 ? undefined : document(schema, body);
}

function fromQuery(schema: NormalizedSchema, value: string | readonly string[] | undefined): unknown {
  if (value === undefined) return undefined;
  if (schema.isListSchema()) return [value].flat().map((one) => fromText(schema.getValueSchema(), one));
  return fromText(schema, typeof value === "string" ? value : value[0]);
}

function fromText(schema: NormalizedSchema, text: string | undefined): unknown {
  if (text === undefined) return undefined;
  if (schema.isNumericSchema()) return Number(text);
  if (schema.isBooleanSchema()) return text === "true" || text === "True";
  if (schema.isTimestampSchema()) return readTimestamp(text);
  return text;
}

function prefixedHeaders(prefix: string, request: WireRequest): Readonly<Record<string, string>> | undefined {
  const found = Object.entries(request.headers).filter(([name]) => name.startsWith(prefix));
  return found.length === 0
    ? undefined
    : Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value]));
}

/** Output members that travel as headers. */
export function boundHeaders(operation: Operation, output: Readonly<Record<string, unknown>>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const { name, schema, traits } of membersOf(operation.output)) {
    const value = output[name];
    if (value === undefined || value === null) continue;
    if (traits.httpHeader !== undefined) headers[traits.httpHeader.toLowerCase()] = headerText(schema, value);
    else if (traits.httpPrefixHeaders !== undefined) {
      for (const [key, text] of Object.entries(value)) headers[traits.httpPrefixHeaders + key] = String(text);
    }
  }
  return headers;
}

function headerText(schema: NormalizedSchema, value: unknown): string {
  return value instanceof Date ? timestampText(value, timestampFormat(schema, "http-date")) : String(value);
}

/** The member that is the whole body, where an output has one. */
export function payloadMember(operation: Operation): Member | undefined {
  return membersOf(operation.output).find(({ traits }) => traits.httpPayload);
}
