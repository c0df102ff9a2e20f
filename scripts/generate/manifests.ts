import { format } from "prettier";
import * as z from "zod";
import { adoptable, ENVELOPE, placed, PlainName } from "../../controller/load/manifests/common.ts";
import { FLEET, FLEET_DECLARES, FleetSpec, SMALLEST_FLEET } from "../../controller/load/manifests/fleet.ts";
import { API_VERSION, consentKinds, manifestKinds } from "../../controller/load/manifests/registry.ts";
import { consequenceOf, type Consequence } from "./consequences.ts";
import { fieldRows, type FieldRow } from "./field-rows.ts";

interface Documented {
  readonly kind: string;
  readonly declares: string;
  readonly name: z.ZodType<string>;
  readonly spec: z.ZodType;
  readonly smallest: string;
}

const placedKinds = new Set(manifestKinds.map(({ kind }) => kind));
const documented: readonly Documented[] = [
  { kind: FLEET, declares: FLEET_DECLARES, name: PlainName, spec: FleetSpec, smallest: SMALLEST_FLEET },
  ...manifestKinds,
  ...consentKinds,
];

/** The manifests' JSON Schema for editors and their reference for people, drawn from the schemas that validate them. */
export async function generateManifestDocs(consequence: Consequence = consequenceOf): Promise<Map<string, string>> {
  return new Map([
    ["desired-state/schema.json", await format(JSON.stringify(manifestSchema()), { parser: "json", printWidth: 120 })],
    ["desired-state/REFERENCE.md", await format(reference(consequence), { parser: "markdown", printWidth: 120 })],
  ]);
}

/** One schema for every document: editors choose the branch by `kind`. */
const manifestSchema = (): unknown => ({
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Holdfast manifest",
  description: "One document of a desired state.",
  type: "object",
  required: ["apiVersion", "kind", "metadata", "spec"],
  oneOf: documented.map(({ kind, declares, name, spec }) => ({
    title: kind,
    description: declares,
    type: "object",
    properties: {
      apiVersion: { const: API_VERSION },
      kind: { const: kind },
      metadata: {
        type: "object",
        properties: { name: plainSchema(name) },
        required: ["name"],
        additionalProperties: false,
      },
      spec: editorSchema(spec, placedKinds.has(kind)),
    },
    required: ["apiVersion", "kind", "metadata", "spec"],
    additionalProperties: false,
  })),
});

function plainSchema(schema: z.ZodType): unknown {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input" });
  return rest;
}

const TWELVE_DIGITS = "^\\d{12}$";

/** What people write: where variables are put in, patterns let a text with `${` through; account ids may stand without quotes. */
function editorSchema(schema: z.ZodType, variables: boolean): z.core.JSONSchema.BaseSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: "input",
    override: ({ jsonSchema, path }) => {
      if (jsonSchema.pattern === TWELVE_DIGITS) jsonSchema.type = ["string", "integer"] as unknown as "string"; // JSON Schema has lists of types; zod's type knows one
      const fixed = !variables || path.includes("targets") || path.includes("propertyNames");
      if (jsonSchema.pattern !== undefined && !fixed) {
        jsonSchema.anyOf = [{ pattern: jsonSchema.pattern }, { pattern: "\\$\\{" }];
        delete jsonSchema.pattern;
      }
    },
  });
  return rest;
}

const reference = (consequence: Consequence): string =>
  [
    "# Manifest reference",
    "Generated from the schemas that validate manifests (`npm run generate`). How to write manifests is in [README.md](README.md).",
    documented.map(({ kind, declares }) => `- [${kind}](#${kind.toLowerCase()}): ${declares}`).join("\n"),
    ...documented.map((one) => section(one, consequence)),
    `## In every manifest but the Fleet, ${consentKinds.map(({ kind }) => kind).join(" and ")}`,
    "Where it applies, and how it is managed. No variables in these.",
    table("", everywhere(), consequence),
  ].join("\n\n");

/** The fields that say where and how: told once. */
const everywhere = (): readonly FieldRow[] =>
  fieldRows(plainSchema(z.strictObject({ ...placed, ...adoptable }))).map((row) =>
    row.path === "adopt" ? { ...row, description: `${row.description} Not for a RecoveryPointPolicy.` } : row,
  );

const isOwn = ({ path }: FieldRow): boolean => !ENVELOPE.has(/^[^.[]+/.exec(path)?.[0] ?? "");

const section = ({ kind, declares, spec, smallest }: Documented, consequence: Consequence): string =>
  [
    `## ${kind}`,
    declares,
    "The smallest one:",
    `\`\`\`yaml\n${smallest}\`\`\``,
    table(kind, fieldRows(plainSchema(spec)).filter(placedKinds.has(kind) ? isOwn : () => true), consequence),
    ...fieldRows(plainSchema(spec)).flatMap(choices),
  ].join("\n\n");

const choices = ({ path, choices: names }: FieldRow): readonly string[] =>
  names.length === 0 ? [] : [`Names for \`${path}\`: ${names.map((name) => `\`${name}\``).join(", ")}.`];

function table(kind: string, rows: readonly FieldRow[], consequence: Consequence): string {
  const cells = rows.map((row) => [
    `\`${row.path}\`${row.required ? " (required)" : ""}`,
    row.type,
    row.defaultValue === undefined ? "" : `\`${row.defaultValue}\``,
    row.limit,
    row.description,
    consequence(kind, row.path) ?? "",
  ]);
  const told = cells.some((row) => row[5] !== "");
  const heads = ["field of spec", "type", "default", "limit", "meaning", ...(told ? ["if you edit it"] : [])];
  const lines = cells.map((row) => row.slice(0, heads.length).map(escaped).join(" | "));
  return [heads.join(" | "), heads.map(() => "---").join(" | "), ...lines].map((line) => `| ${line} |`).join("\n");
}

const escaped = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
