import { canonical } from "../../domain/digest.ts";
import { present } from "../present.ts";
import type { Conditions, SelectionSpec } from "./spec.ts";

/** Lists as the sets they are, and nothing where AWS reads back empty lists for what was left out (semantics §3.5). */
export const normaliseSelection = (spec: SelectionSpec): SelectionSpec =>
  present({
    iamRoleArn: spec.iamRoleArn,
    resources: asSet(spec.resources),
    notResources: asSet(spec.notResources),
    listOfTags: asSet(spec.listOfTags),
    conditions: normaliseConditions(spec.conditions),
  });

function normaliseConditions(conditions: Conditions | undefined): Conditions | undefined {
  const tests = Object.entries(conditions ?? {}).flatMap(([operator, tags]) => {
    const set = asSet(tags);
    return set ? [[operator, set] as const] : [];
  });
  return tests.length > 0 ? Object.fromEntries(tests) : undefined;
}

/** In order, each once; an empty list is no list. */
function asSet<T>(list: readonly T[] | undefined): T[] | undefined {
  const byText = new Map((list ?? []).map((element) => [canonical(element), element]));
  const sorted = [...byText].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, element]) => element);
  return sorted.length > 0 ? sorted : undefined;
}
