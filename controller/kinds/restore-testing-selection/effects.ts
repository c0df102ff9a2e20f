import type { Effect } from "../../domain/effect.ts";
import { sameValue } from "../../domain/digest.ts";
import type { Conditions, TagCondition } from "./spec.ts";

/** What each field does to what is restored as a test. All take normalised values; what is not proven to be more is less. */

export const resourcesEffect = (from: readonly string[] = [], to: readonly string[] = []): Effect =>
  to.includes("*") || new Set(from).isSubsetOf(new Set(to)) ? "strengthens" : "weakens";

/** Every test that is still asked was asked before. */
export function conditionsEffect(from: Conditions | undefined, to: Conditions | undefined): Effect {
  const wasAsked = (before: readonly TagCondition[] = [], after: readonly TagCondition[] = []) =>
    after.every((test) => before.some((one) => sameValue(one, test)));
  const fewer = wasAsked(from?.stringEquals, to?.stringEquals) && wasAsked(from?.stringNotEquals, to?.stringNotEquals);
  return fewer ? "strengthens" : "weakens";
}

/** A shorter window leaves less time to look at what was restored; a longer one keeps it for longer, which costs and proves no more. */
export const windowEffect = (from = 0, to = 0): Effect => (to < from ? "weakens" : "neutral");
