import * as z from "zod";

/** One field as a person meets it: `rules[].lifecycle.deleteAfterDays`. */
export interface FieldRow {
  readonly path: string;
  readonly required: boolean;
  readonly type: string;
  readonly defaultValue: string | undefined;
  readonly limit: string;
  readonly description: string;
  /** Where it is one of many names: too many for a table. */
  readonly choices: readonly string[];
}

/** As much of a JSON Schema as a reference tells. */
const Node = z.object({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  format: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  minItems: z.number().optional(),
  maxItems: z.number().optional(),
  required: z.array(z.string()).optional(),
  get properties() {
    return z.record(z.string(), Node).optional();
  },
  get items() {
    return Node.optional();
  },
  get additionalProperties() {
    return z.union([Node, z.boolean()]).optional();
  },
  get anyOf() {
    return z.array(Node).optional();
  },
});
type Node = z.infer<typeof Node>;

/** Every field of a schema, in the order people write them. IAM documents are IAM's to describe: they are one field. */
export const fieldRows = (schema: unknown): readonly FieldRow[] => [...rowsIn(Node.parse(schema), "")];

const IAM_DOCUMENT = "accessPolicy";

function* rowsIn(node: Node, prefix: string): Generator<FieldRow> {
  for (const [name, field] of Object.entries(node.properties ?? {})) {
    const path = prefix === "" ? name : `${prefix}.${name}`;
    yield {
      path,
      required: node.required?.includes(name) ?? false,
      type: typeOf(field),
      defaultValue: defaultOf(field.default),
      limit: limitOf(field),
      description: field.description ?? "",
      choices: choicesOf(field),
    };
    if (name !== IAM_DOCUMENT) yield* rowsWithin(field, path);
  }
}

function* rowsWithin(field: Node, path: string): Generator<FieldRow> {
  yield* rowsIn(field, path);
  if (field.items) yield* rowsWithin(field.items, `${path}[]`);
  if (typeof field.additionalProperties === "object") yield* rowsWithin(field.additionalProperties, `${path}.<name>`);
  for (const branch of field.anyOf ?? []) yield* rowsWithin(branch, path);
}

function typeOf(node: Node): string {
  if (node.const !== undefined) return `\`${shown(node.const)}\``;
  if (node.enum && node.enum.length > MOST_IN_A_CELL) return `one of ${node.enum.length} names`;
  if (node.enum) return node.enum.map((value) => `\`${String(value)}\``).join(", ");
  if (node.anyOf) return [...new Set(node.anyOf.map(typeOf))].join(" or ");
  if (node.type === "array") return `list of ${node.items ? typeOf(node.items) : "anything"}`;
  if (node.type === "object") return "map";
  return FORMATS[node.format ?? ""] ?? TYPES[String(node.type)] ?? "anything";
}

const FORMATS: Readonly<Record<string, string>> = { date: "date", "date-time": "instant" };

const MOST_IN_A_CELL = 6;

const choicesOf = (node: Node): readonly string[] => {
  const values = node.enum ?? node.items?.enum ?? [];
  return values.length > MOST_IN_A_CELL ? values.map(String) : [];
};

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  integer: "whole number",
  number: "number",
  boolean: "true or false",
};

const defaultOf = (value: unknown): string | undefined =>
  value === undefined || typeof value === "object" ? undefined : shown(value);

const shown = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

function limitOf(node: Node): string {
  const ranges = [
    range(node.minimum, node.maximum, ""),
    range(node.minLength, node.maxLength, " characters"),
    range(node.minItems, node.maxItems, " in the list"),
  ].filter((one) => one !== "");
  return ranges.join(", ");
}

/** Numbers without a bound of their own come with the largest safe integer: that is no limit to tell. */
function range(from: number | undefined, to: number | undefined, unit: string): string {
  const [least, most] = [from ?? -Infinity, to ?? Infinity].map((bound) =>
    Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? undefined : bound,
  );
  if (least === undefined && most === undefined) return "";
  if (least === undefined) return `at most ${most}${unit}`;
  return most === undefined
    ? `at least ${least}${unit}`
    : least === most
      ? `${least}${unit}`
      : `${least} to ${most}${unit}`;
}
