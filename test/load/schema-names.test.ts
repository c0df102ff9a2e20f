import * as z from "zod";
import { describe, expect, it } from "vitest";
import { FleetSpec } from "../../controller/load/manifests/fleet.ts";
import { consentKinds, manifestKinds } from "../../controller/load/manifests/registry.ts";
import { fieldNames } from "../../controller/load/schema-names.ts";

/** As much of a JSON Schema as says which fields there are. */
interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly additionalProperties?: Node | boolean;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly allOf?: readonly Node[];
}

type Path = readonly (string | number)[];

/** Every place in a JSON Schema that can be written to, with the names of the fields there. */
function places(node: Node, path: Path = []): ReadonlyMap<string, ReadonlySet<string>> {
  const all = new Map<string, Set<string>>();
  const note = (at: Path, names: Iterable<string>) => {
    const key = JSON.stringify(at);
    all.set(key, new Set([...(all.get(key) ?? []), ...names]));
  };
  const enter = (within: Node, at: Path) => {
    for (const [key, names] of places(within, at)) note(JSON.parse(key) as Path, names);
  };
  note(path, Object.keys(node.properties ?? {}));
  for (const [name, field] of Object.entries(node.properties ?? {})) enter(field, [...path, name]);
  if (node.items) enter(node.items, [...path, 0]);
  if (typeof node.additionalProperties === "object") enter(node.additionalProperties, [...path, "any"]);
  for (const one of [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])]) enter(one, path);
  return all;
}

describe("the names a schema knows", () => {
  const schemas: readonly (readonly [string, z.ZodType])[] = [
    ["Fleet", FleetSpec],
    ...[...manifestKinds, ...consentKinds].map(({ kind, spec }) => [kind, spec] as const),
  ];

  it.each(schemas)("are, at every place of a %s, those of its JSON Schema", (_kind, schema) => {
    const json = z.toJSONSchema(schema, { io: "input", unrepresentable: "any", reused: "inline" }) as Node;
    const names = fieldNames(schema);
    const expected = places(json);
    expect(expected.size).toBeGreaterThan(5);
    for (const [key, known] of expected) expect(new Set(names(JSON.parse(key) as Path)), key).toEqual(known);
  });

  it("are none where nothing is known", () => {
    expect(fieldNames(FleetSpec)(["nowhere", 0, "at all"])).toEqual([]);
  });
});
