import * as z from "zod";
import type { Path } from "./located.ts";

/** As much of a JSON Schema as says which fields there are. Read through the public form: a schema's insides are its own. */
const Node = z.object({
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

/** Answers which field names a schema knows at a path, to tell a slip of the pen from nonsense. */
export function fieldNames(schema: z.ZodType): (path: Path) => readonly string[] {
  let root: Node | undefined;
  return (path) => {
    root ??= Node.parse(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }));
    const found = path.reduce<readonly Node[]>((nodes, step) => nodes.flatMap((node) => children(node, step)), [root]);
    return [...new Set(found.flatMap(alternatives).flatMap((node) => Object.keys(node.properties ?? {})))];
  };
}

const alternatives = (node: Node): readonly Node[] => [node, ...(node.anyOf ?? []).flatMap(alternatives)];

const children = (node: Node, step: PropertyKey): readonly Node[] =>
  alternatives(node).flatMap(({ properties, items, additionalProperties }) => {
    if (typeof step === "number") return items ? [items] : [];
    const property = properties?.[String(step)];
    if (property) return [property];
    return typeof additionalProperties === "object" ? [additionalProperties] : [];
  });
