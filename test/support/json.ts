/** Generic handling of JSON values: their leaves, one leaf changed, their lists in another order. */

type Path = readonly (string | number)[];

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Paths of every scalar. */
export function leavesOf(value: unknown, path: Path = []): readonly Path[] {
  const children: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? value.map((one: unknown, at) => [at, one] as const)
    : isObject(value)
      ? Object.entries(value)
      : [];
  return Array.isArray(value) || isObject(value)
    ? children.flatMap(([name, child]) => leavesOf(child, [...path, name]))
    : [path];
}

/** A copy with the leaf at a path changed to another value of its type. */
export function mutated(value: unknown, [first, ...rest]: Path): unknown {
  if (first === undefined) return otherThan(value);
  if (Array.isArray(value)) return value.map((one: unknown, at) => (at === first ? mutated(one, rest) : one));
  if (isObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, name === first ? mutated(one, rest) : one]),
    );
  throw new RangeError(`there is nothing at ${String(first)}`);
}

function otherThan(leaf: unknown): unknown {
  if (typeof leaf === "number") return leaf + 1;
  if (typeof leaf === "boolean") return !leaf;
  return `${String(leaf)}-other`;
}

/** The same value with every list turned round and every object's members in another order. */
export function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled).toReversed();
  if (isObject(value))
    return Object.fromEntries(
      Object.entries(value)
        .map(([name, one]) => [name, shuffled(one)] as const)
        .toReversed(),
    );
  return value;
}
