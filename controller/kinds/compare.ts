import type { FieldDrift } from "../domain/change.ts";
import { sameValue } from "../domain/digest.ts";
import type { Effect, Hazard } from "../domain/effect.ts";
import type { Fields, Keyed, Leaf, Within } from "./kind.ts";

/** The tree of `fields` with its types forgotten: what `Fields<T>` comes to when it is walked. */
type AnyFields = Leaf<unknown> | Keyed<unknown> | { readonly [name: string]: AnyFields };
type Judge<Answer> = Answer | ((live: unknown, desired: unknown, within: Within<unknown>) => Answer);

const isLeaf = (fields: AnyFields): fields is Leaf<unknown> => "effect" in fields && typeof fields["on"] === "string";
const isKeyed = (fields: AnyFields): fields is Keyed<unknown> =>
  "each" in fields && typeof fields["key"] === "function";

const judge = <Answer extends string>(
  how: Judge<Answer>,
  live: unknown,
  desired: unknown,
  within: Within<unknown>,
): Answer => (typeof how === "function" ? how(live, desired, within) : how);

/**
 * Every leaf where two normalised specs differ, in path order. Of nothing (`live` undefined: a create) every leaf that is
 * set; towards nothing (`desired` undefined: a removal) every leaf that was.
 */
export function compareFields<T>(
  fields: Fields<T>,
  live: T | undefined,
  desired: T | undefined,
): readonly FieldDrift[] {
  const drifts = [...walk(fields as AnyFields, live, desired, "", { live, desired })];
  return drifts.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

function* walk(
  fields: AnyFields,
  live: unknown,
  desired: unknown,
  path: string,
  within: Within<unknown>,
): Generator<FieldDrift> {
  if (isLeaf(fields)) yield* leafDrift(fields, live, desired, path, within);
  else if (isKeyed(fields)) yield* listDrift(fields, live, desired, path);
  else
    for (const [name, child] of Object.entries(fields))
      yield* walk(child, memberOf(live, name), memberOf(desired, name), path === "" ? name : `${path}.${name}`, within);
}

function* leafDrift(
  leaf: Leaf<unknown>,
  whole: unknown,
  desired: unknown,
  path: string,
  within: Within<unknown>,
): Generator<FieldDrift> {
  if (leaf.unset === "not-managed" && desired === undefined) return;
  const live = leaf.managed && whole !== undefined ? leaf.managed(whole, desired) : whole;
  if (sameValue(live, desired)) return;
  yield {
    path,
    live,
    desired,
    effect: judge<Effect>(leaf.effect, live, desired, within),
    on: leaf.on,
    hazards: leaf.hazards?.(live, desired, within) ?? [],
  };
}

function* listDrift(list: Keyed<unknown>, live: unknown, desired: unknown, path: string): Generator<FieldDrift> {
  const [before, after] = [byKey(list, live), byKey(list, desired)];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [from, to] = [before.get(key), after.get(key)];
    const at = `${path}[${key}]`;
    const pair = { live: from, desired: to };
    if (from !== undefined && to !== undefined) yield* walk(list.each, from, to, at, pair);
    else {
      const effect = judge<Effect>(to === undefined ? list.removed : list.added, from, to, pair);
      const hazards: readonly Hazard[] = list.hazards?.(from, to) ?? [];
      yield { path: at, live: from, desired: to, effect, on: list.on, hazards };
    }
  }
}

const byKey = (list: Keyed<unknown>, value: unknown): ReadonlyMap<string, unknown> =>
  new Map((Array.isArray(value) ? value : []).map((element: unknown) => [list.key(element), element]));

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
