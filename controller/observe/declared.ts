import type { Call } from "../aws/operation.ts";
import { failureOf } from "../domain/errors.ts";
import { instant, showKey, type Target } from "../domain/identity.ts";
import type { Wanted } from "../domain/desired.ts";
import type { Listing, Live, Unread } from "../domain/live.ts";
import type { DeclaredKind } from "../kinds/define-kind.ts";
import type { ListContext } from "../kinds/kind.ts";
import type { Resolution } from "../domain/inventory.ts";

/** One kind in one target, to its end or to where it broke. A listing cut short keeps what it saw and never concludes absence (law 1). */
export async function listKind(
  kind: DeclaredKind,
  call: Call,
  target: Target,
  context: ListContext,
  now: Date,
): Promise<Listing> {
  const items: Live[] = [];
  const unread: Unread[] = [];
  const common = { target, kind: kind.name, items, unread, at: instant(now) };
  try {
    for await (const found of kind.list(call, target, context))
      if ("unread" in found) unread.push(found);
      else items.push(found);
    return { ...common, status: "complete" };
  } catch (error) {
    return { ...common, status: "incomplete", failure: failureOf(error) };
  }
}

/** Puts the wanted specs of a target into AWS's own names. What cannot be resolved is unknown, for its own resource alone. */
export async function resolveSpecs(
  kinds: readonly DeclaredKind[],
  wanted: readonly Wanted[],
  call: Call,
): Promise<readonly (readonly [string, Resolution])[]> {
  const resolved: (readonly [string, Resolution])[] = [];
  for (const { key, spec } of wanted) {
    const resolve = kinds.find((kind) => kind.name === key.kind)?.resolve;
    if (!resolve) continue;
    try {
      resolved.push([showKey(key), { spec: await resolve(call, key.target, spec) }]);
    } catch (error) {
      resolved.push([showKey(key), { failure: failureOf(error) }]);
    }
  }
  return resolved;
}
