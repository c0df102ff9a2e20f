import * as z from "zod";
import { Settings } from "../../infra/settings.ts";

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly description?: string;
  readonly default?: unknown;
  readonly required?: readonly string[];
}

/** A row for each setting of a deployment, from the schema that reads them: path, default, and what it decides. */
export function settingsTable(): string {
  const schema = z.toJSONSchema(Settings, { io: "input" }) as Schema;
  return ["| setting | default | what it decides |", "| --- | --- | --- |", ...rows(schema, "", true)].join("\n");
}

/** `needed`: whether what the properties are of must be there itself. */
function rows({ properties = {}, required = [] }: Schema, prefix: string, needed: boolean): readonly string[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const path = `${prefix}${name}`;
    const isRequired = required.includes(name);
    if (schema.properties) return rows(schema, `${path}.`, needed && isRequired);
    const standing = isRequired ? (needed ? "required" : "required with the others") : "none";
    const given = schema.default === undefined ? standing : `\`${shown(schema.default)}\``;
    return [`| \`${path}\` | ${given} | ${cell(schema.description ?? "")} |`];
  });
}

const shown = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
const cell = (text: string): string => text.replaceAll("|", "\\|");
