import type { Source } from "../domain/desired.ts";

/** A value with the place each part of it was written: what YAML comes to before any schema has seen it. */
export type Located = LocatedScalar | LocatedMap | LocatedList;
export interface LocatedScalar {
  readonly type: "scalar";
  readonly value: string | number | boolean | null;
  readonly at: Source;
}
export interface LocatedMap {
  readonly type: "map";
  readonly members: readonly Member[];
  readonly at: Source;
}
export interface LocatedList {
  readonly type: "list";
  readonly items: readonly Located[];
  readonly at: Source;
}
export interface Member {
  readonly name: string;
  readonly at: Source;
  readonly value: Located;
}

export type Path = readonly PropertyKey[];

/** The value alone, for a schema to look at. */
export function plain(located: Located): unknown {
  switch (located.type) {
    case "scalar":
      return located.value;
    case "list":
      return located.items.map(plain);
    case "map":
      return Object.fromEntries(located.members.map(({ name, value }) => [name, plain(value)]));
    default:
      return located satisfies never;
  }
}

export const memberOf = (located: Located | undefined, name: string): Member | undefined =>
  located?.type === "map" ? located.members.find((member) => member.name === name) : undefined;

/** What stands at a path, as far down as there is anything; `key` is where its name was written, for a list element its value. */
function walk(root: Located, path: Path): { readonly value: Located; readonly key: Source; readonly whole: boolean } {
  let [value, key]: [Located, Source] = [root, root.at];
  for (const step of path) {
    if (value.type === "list" && typeof step === "number" && value.items[step]) {
      value = value.items[step];
      key = value.at;
      continue;
    }
    const member = memberOf(value, String(step));
    if (!member) return { value, key, whole: false };
    [value, key] = [member.value, member.at];
  }
  return { value, key, whole: true };
}

/** Where the value at a path was written; where there is none, the name of the nearest thing around it that there is. */
export function positionOf(root: Located, path: Path): Source {
  const { value, key, whole } = walk(root, path);
  return whole ? value.at : key;
}

/** Where the name at the end of a path was written. */
export const keyPositionOf = (root: Located, path: Path): Source => walk(root, path).key;

/** Whether something was written at a path. */
export const isWritten = (root: Located, path: Path): boolean => walk(root, path).whole;

/** Every place of a value and of all within it: what tells an override's lines from those it patches. */
export function* placesOf(located: Located): Generator<string> {
  yield showPlace(located.at);
  if (located.type === "list") for (const item of located.items) yield* placesOf(item);
  if (located.type === "map")
    for (const { at, value } of located.members) {
      yield showPlace(at);
      yield* placesOf(value);
    }
}

export const showPlace = ({ path, line, column }: Source): string => `${path}:${line}:${column}`;

/** As manifests spell it: `rules[0].lifecycle.deleteAfterDays`. */
export const showPath = (path: Path): string =>
  path.reduce<string>(
    (shown, step) =>
      typeof step === "number" ? `${shown}[${step}]` : shown === "" ? String(step) : `${shown}.${String(step)}`,
    "",
  );
