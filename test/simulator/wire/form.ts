/** Forms read from a schema: awsQuery's `Tags.member.1.Key=a&Tags.member.1.Value=b`, and EC2's `Tag.1.Key=a&Tag.1.Value=b`. */
import type { NormalizedSchema } from "@smithy/core/schema";
import { membersOf, type Member } from "./model.ts";
import { readTimestamp } from "./timestamp.ts";

type Fields = ReadonlyMap<string, string>;

/** EC2 begins every name with a capital and never nests the items of a list under a name of their own. */
export type FormStyle = "query" | "ec2";

/** Reads the shape whose members are spelled with the given prefix (empty at the top). */
export function fromForm(schema: NormalizedSchema, fields: Fields, prefix: string, style: FormStyle): unknown {
  if (schema.isStructSchema()) {
    const out: Record<string, unknown> = {};
    for (const member of membersOf(schema)) {
      const value = fromForm(member.schema, fields, join(prefix, nameOf(member, style)), style);
      if (value !== undefined) out[member.name] = value;
    }
    return prefix === "" || Object.keys(out).length > 0 ? out : undefined;
  }
  if (schema.isListSchema()) return listFromForm(schema, fields, prefix, style);
  if (schema.isMapSchema()) return mapFromForm(schema, fields, prefix, style);
  const text = fields.get(prefix);
  if (text === undefined) return undefined;
  if (schema.isNumericSchema()) return Number(text);
  if (schema.isBooleanSchema()) return text === "true";
  if (schema.isTimestampSchema()) return readTimestamp(text);
  if (schema.isBlobSchema()) return Buffer.from(text, "base64");
  return text;
}

function nameOf({ name, traits }: Member, style: FormStyle): string {
  if (style === "query") return traits.xmlName ?? name;
  const spelled = traits.xmlName ?? name;
  return (traits.ec2QueryName as string | undefined) ?? `${spelled.charAt(0).toUpperCase()}${spelled.slice(1)}`;
}

function listFromForm(
  schema: NormalizedSchema,
  fields: Fields,
  prefix: string,
  style: FormStyle,
): readonly unknown[] | undefined {
  const item = schema.getValueSchema();
  const flat = style === "ec2" || schema.getMergedTraits().xmlFlattened;
  const stem = flat ? prefix : join(prefix, item.getMergedTraits().xmlName ?? "member");
  const items: unknown[] = [];
  for (let index = 1; ; index += 1) {
    const value = fromForm(item, fields, `${stem}.${index}`, style);
    if (value === undefined) return items.length > 0 || fields.has(prefix) ? items : undefined;
    items.push(value);
  }
}

/** `Attributes.entry.1.Name=a&Attributes.entry.1.Value.DataType=String` (Smithy, "AWS query protocol"). */
function mapFromForm(
  schema: NormalizedSchema,
  fields: Fields,
  prefix: string,
  style: FormStyle,
): Readonly<Record<string, unknown>> | undefined {
  const stem = schema.getMergedTraits().xmlFlattened ? prefix : join(prefix, "entry");
  const name = schema.getKeySchema().getMergedTraits().xmlName ?? "key";
  const item = schema.getValueSchema().getMergedTraits().xmlName ?? "value";
  const out: Record<string, unknown> = {};
  for (let index = 1; ; index += 1) {
    const key = fields.get(`${stem}.${index}.${name}`);
    if (key === undefined) return index > 1 ? out : undefined;
    out[key] = fromForm(schema.getValueSchema(), fields, `${stem}.${index}.${item}`, style);
  }
}

function join(prefix: string, name: string): string {
  return prefix === "" ? name : `${prefix}.${name}`;
}
