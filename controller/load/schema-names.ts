import type * as z from "zod";
import type { Path } from "./located.ts";

type Schema = z.core.$ZodType;

/**
 * Answers which field names a schema knows at a path, to tell a slip of the pen from nonsense. Read from the schema's definitions, which
 * zod publishes for libraries: its JSON Schema would say the same and weigh as much in the worker as what only some runs load.
 */
export const fieldNames =
  (schema: z.ZodType) =>
  (path: Path): readonly string[] => {
    const found = path.reduce<readonly Schema[]>(
      (schemas, step) => schemas.flatMap((one) => children(one, step)),
      [schema],
    );
    return [...new Set(found.flatMap(alternatives).flatMap(ownNames))];
  };

const definitionOf = (schema: Schema) => (schema as z.core.$ZodTypes)._zod.def; // the union of all there are, by `type`

function ownNames(schema: Schema): readonly string[] {
  const definition = definitionOf(schema);
  return definition.type === "object" ? Object.keys(definition.shape) : [];
}

/** What a person may write where the schema stands: its options, and what is within what only wraps. */
function alternatives(schema: Schema): readonly Schema[] {
  const definition = definitionOf(schema);
  switch (definition.type) {
    case "union":
      return definition.options.flatMap(alternatives);
    case "intersection":
      return [definition.left, definition.right].flatMap(alternatives);
    case "lazy":
      return alternatives(definition.getter());
    case "pipe":
      return [definition.in, definition.out].flatMap(alternatives);
    case "optional":
    case "nonoptional":
    case "nullable":
    case "default":
    case "prefault":
    case "catch":
    case "readonly":
      return alternatives(definition.innerType);
    default:
      return [schema];
  }
}

const children = (schema: Schema, step: PropertyKey): readonly Schema[] =>
  alternatives(schema).flatMap((one) => {
    const definition = definitionOf(one);
    switch (definition.type) {
      case "object": {
        const field = definition.shape[String(step)] ?? definition.catchall;
        return field ? [field] : [];
      }
      case "record":
        return typeof step === "number" ? [] : [definition.valueType];
      case "array":
        return typeof step === "number" ? [definition.element] : [];
      default:
        return [];
    }
  });
