/** JSON bodies, read and written from a schema. Each shape is compiled once into a closure. */
import type { NormalizedSchema } from "@smithy/core/schema";
import { ApiError } from "../service.ts";
import { membersOf, type Member } from "./model.ts";
import { readTimestamp, timestampFormat } from "./timestamp.ts";

type Convert = (value: unknown) => unknown;

/** What becomes of a member without a value: AWS Backup writes it as `null` (semantics §10.1), the others leave it out. */
export type Absent = "null" | "omit";

const readers = new WeakMap<object, Convert>();
const writers: Readonly<Record<Absent, WeakMap<object, Convert>>> = { null: new WeakMap(), omit: new WeakMap() };

/** Throws `SerializationException` where a value is not of its shape; unknown members are ignored, as AWS does. */
export function jsonReader(schema: NormalizedSchema): Convert {
  return compiled(readers, schema, compileReader);
}

export function jsonWriter(schema: NormalizedSchema, absent: Absent): Convert {
  return compiled(writers[absent], schema, (shape) => compileWriter(shape, absent));
}

/** Remembers structures by their shape, which also ends recursion: a member refers to the closure, not to its code. */
function compiled(
  cache: WeakMap<object, Convert>,
  schema: NormalizedSchema,
  compile: (schema: NormalizedSchema) => Convert,
): Convert {
  const key: unknown = schema.isStructSchema() ? schema.getSchema() : undefined;
  if (typeof key !== "object" || key === null) return compile(schema);
  const known = cache.get(key);
  if (known !== undefined) return known;
  let made: Convert | undefined;
  const later: Convert = (value) => (made ?? unready())(value);
  cache.set(key, later);
  made = compile(schema);
  cache.set(key, made);
  return made;
}

function unready(): never {
  throw new Error("a schema was used while it was being compiled");
}

function compileReader(schema: NormalizedSchema): Convert {
  if (schema.isStructSchema()) return structReader(membersOf(schema));
  if (schema.isListSchema()) {
    const item = jsonReader(schema.getValueSchema());
    return (value) => (Array.isArray(value) ? value.map((each) => item(each)) : mismatch(value, "List"));
  }
  if (schema.isMapSchema()) {
    const item = jsonReader(schema.getValueSchema());
    return (value) =>
      Object.fromEntries(Object.entries(objectOf(value)).flatMap(([k, v]) => (v === null ? [] : [[k, item(v)]])));
  }
  if (schema.isTimestampSchema()) {
    return (value) =>
      typeof value === "number" || typeof value === "string" ? readTimestamp(value) : mismatch(value, "Timestamp");
  }
  if (schema.isBlobSchema()) return (value) => Buffer.from(typed(value, "string", "Blob"), "base64");
  if (schema.isBooleanSchema()) return (value) => typed(value, "boolean", "Boolean");
  if (schema.isNumericSchema()) return (value) => typed(value, "number", "Number");
  if (schema.isStringSchema()) return (value) => typed(value, "string", "String");
  return (value) => value;
}

function structReader(members: readonly Member[]): Convert {
  const fields = members.map((member) => ({
    name: member.name,
    wire: member.traits.jsonName ?? member.name,
    read: jsonReader(member.schema),
  }));
  return (value) => {
    const given = objectOf(value);
    const out: Record<string, unknown> = {};
    for (const { name, wire, read } of fields) {
      const field = given[wire];
      if (field !== undefined && field !== null) out[name] = read(field);
    }
    return out;
  };
}

function compileWriter(schema: NormalizedSchema, absent: Absent): Convert {
  if (schema.isStructSchema()) return structWriter(membersOf(schema), absent);
  if (schema.isListSchema()) {
    const item = jsonWriter(schema.getValueSchema(), absent);
    return (value) => (value as readonly unknown[]).map((each) => item(each));
  }
  if (schema.isMapSchema()) {
    const item = jsonWriter(schema.getValueSchema(), absent);
    return (value) => Object.fromEntries(Object.entries(value as object).map(([k, v]) => [k, item(v)]));
  }
  if (schema.isTimestampSchema()) {
    const format = timestampFormat(schema, "epoch-seconds");
    return (value) => (format === "epoch-seconds" ? (value as Date).getTime() / 1000 : (value as Date).toISOString());
  }
  if (schema.isBlobSchema()) return (value) => Buffer.from(value as Uint8Array).toString("base64");
  return (value) => value;
}

function structWriter(members: readonly Member[], absent: Absent): Convert {
  const fields = members
    .filter(({ traits }) => traits.httpHeader === undefined)
    .map((member) => ({
      name: member.name,
      wire: member.traits.jsonName ?? member.name,
      write: jsonWriter(member.schema, absent),
    }));
  return (value) => {
    const given = value as Readonly<Record<string, unknown>>;
    const out: Record<string, unknown> = {};
    for (const { name, wire, write } of fields) {
      const field = given[name];
      if (field !== undefined && field !== null) out[wire] = write(field);
      else if (absent === "null") out[wire] = null;
    }
    return out;
  };
}

type Primitive = { readonly string: string; readonly boolean: boolean; readonly number: number };

function typed<K extends keyof Primitive>(value: unknown, type: K, shape: string): Primitive[K] {
  return typeof value === type ? (value as Primitive[K]) : mismatch(value, shape);
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : mismatch(value, "Structure");
}

function mismatch(value: unknown, shape: string): never {
  const token = Array.isArray(value) ? "ARRAY" : value === null ? "NULL" : (typeof value).toUpperCase();
  throw new ApiError("SerializationException", `${token}_VALUE can not be converted to ${shape}`, {}, 400);
}

/** Parses a body that must be one JSON object; an empty body counts as `{}`. */
export function parseJsonBody(text: string): unknown {
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new ApiError("SerializationException", `The request body is not JSON: ${(cause as Error).message}`, {}, 400);
  }
}
