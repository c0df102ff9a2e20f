/** XML bodies, read and written from a schema: the answers of the query services and S3, and the few documents S3 is sent. */
import { XMLParser } from "fast-xml-parser";
import type { NormalizedSchema } from "@smithy/core/schema";
import { ApiError } from "../service.ts";
import { membersOf } from "./model.ts";
import { readTimestamp, timestampFormat, timestampText } from "./timestamp.ts";

/** Writes a value as the element `name`; nothing where there is no value. */
export function toXml(schema: NormalizedSchema, value: unknown, name: string, namespace?: string): string {
  if (value === undefined || value === null) return "";
  const inner = (body: string) => `<${name}${namespace === undefined ? "" : ` xmlns="${namespace}"`}>${body}</${name}>`;
  if (schema.isListSchema()) {
    const item = schema.getValueSchema();
    const each = value as readonly unknown[];
    if (schema.getMergedTraits().xmlFlattened) return each.map((one) => toXml(item, one, name)).join("");
    const itemName = item.getMergedTraits().xmlName ?? "member";
    return inner(each.map((one) => toXml(item, one, itemName)).join(""));
  }
  if (schema.isStructSchema()) {
    return inner(membersToXml(schema, value as Readonly<Record<string, unknown>>));
  }
  return inner(escapeXml(scalarText(schema, value)));
}

/** Writes a structure's members one after another, without an element around them. */
export function membersToXml(schema: NormalizedSchema, value: Readonly<Record<string, unknown>>): string {
  return membersOf(schema)
    .filter(({ traits }) => traits.httpHeader === undefined && traits.httpPrefixHeaders === undefined)
    .map((member) => toXml(member.schema, value[member.name], member.traits.xmlName ?? member.name))
    .join("");
}

function scalarText(schema: NormalizedSchema, value: unknown): string {
  if (value instanceof Date) return timestampText(value, timestampFormat(schema, "date-time"));
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  return String(value);
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => entities[character] ?? character);
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
};

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  removeNSPrefix: true,
  processEntities: true,
  trimValues: false,
});

/** Reads the document's root element as the given shape. `MalformedXML` is S3's own word for a body that is not one. */
export function fromXmlBody(schema: NormalizedSchema, text: string): unknown {
  let parsed: Readonly<Record<string, unknown>>;
  try {
    parsed = parser.parse(text, true) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new ApiError(
      "MalformedXML",
      `The XML you provided was not well-formed: ${(cause as Error).message}`,
      {},
      400,
    );
  }
  const root = Object.entries(parsed).find(([name]) => !name.startsWith("?"))?.[1];
  if (root === undefined) throw new ApiError("MalformedXML", "The XML you provided was not well-formed", {}, 400);
  return fromXml(schema, root);
}

function fromXml(schema: NormalizedSchema, node: unknown): unknown {
  if (schema.isStructSchema()) {
    const given = childrenOf(node);
    const out: Record<string, unknown> = {};
    for (const { name, schema: member, traits } of membersOf(schema)) {
      const child = given[traits.xmlName ?? name];
      if (child !== undefined) out[name] = member.isListSchema() ? listFromXml(member, child) : fromXml(member, child);
    }
    return out;
  }
  const text = typeof node === "string" ? node : "";
  if (schema.isTimestampSchema()) return readTimestamp(text);
  if (schema.isNumericSchema()) return Number(text);
  if (schema.isBooleanSchema()) return text.trim() === "true";
  if (schema.isBlobSchema()) return Buffer.from(text, "base64");
  return text;
}

function listFromXml(schema: NormalizedSchema, node: unknown): readonly unknown[] {
  const item = schema.getValueSchema();
  const items = schema.getMergedTraits().xmlFlattened
    ? node
    : childrenOf(node)[item.getMergedTraits().xmlName ?? "member"];
  return (items === undefined ? [] : [items].flat()).map((one) => fromXml(item, one));
}

/** The parser gives text for an element without children; whitespace around children is not a value. */
function childrenOf(node: unknown): Readonly<Record<string, unknown>> {
  return typeof node === "object" && node !== null ? (node as Readonly<Record<string, unknown>>) : {};
}
