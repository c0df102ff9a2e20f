/** awsQuery bodies: `Tags.member.1.Key=a&Tags.member.1.Value=b` read from a schema. */
import type { NormalizedSchema } from "@smithy/core/schema";
import { membersOf } from "./model.ts";
import { readTimestamp } from "./timestamp.ts";

type Fields = ReadonlyMap<string, string>;

/** Reads the shape whose members are spelled with the given prefix (empty at the top). */
export function fromForm(schema: NormalizedSchema, fields: Fields, prefix: string): unknown {
  if (schema.isStructSchema()) {
    const out: Record<string, unknown> = {};
    for (const member of membersOf(schema)) {
      const value = fromForm(member.schema, fields, join(prefix, member.traits.xmlName ?? member.name));
      if (value !== undefined) out[member.name] = value;
    }
    return prefix === "" || Object.keys(out).length > 0 ? out : undefined;
  }
  if (schema.isListSchema()) return listFromForm(schema, fields, prefix);
  const text = fields.get(prefix);
  if (text === undefined) return undefined;
  if (schema.isNumericSchema()) return Number(text);
  if (schema.isBooleanSchema()) return text === "true";
  if (schema.isTimestampSchema()) return readTimestamp(text);
  if (schema.isBlobSchema()) return Buffer.from(text, "base64");
  return text;
}

function listFromForm(schema: NormalizedSchema, fields: Fields, prefix: string): readonly unknown[] | undefined {
  const item = schema.getValueSchema();
  const stem = schema.getMergedTraits().xmlFlattened
    ? prefix
    : join(prefix, item.getMergedTraits().xmlName ?? "member");
  const items: unknown[] = [];
  for (let index = 1; ; index += 1) {
    const value = fromForm(item, fields, `${stem}.${index}`);
    if (value === undefined) return items.length > 0 || fields.has(prefix) ? items : undefined;
    items.push(value);
  }
}

function join(prefix: string, name: string): string {
  return prefix === "" ? name : `${prefix}.${name}`;
}
