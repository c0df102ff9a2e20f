import type { Effect, Hazard } from "../../domain/effect.ts";
import { fits } from "../../domain/wildcards.ts";
import { scheduleEffect } from "../schedule.ts";
import type { Within } from "../kind.ts";
import type { RestoreTestingPlanSpec } from "./spec.ts";

/** What each field of a restore testing plan does to what is known to be restorable. All take normalised values. */

/** An expression means something in its time zone only, so both fields are judged by the whole schedule: a wider gap proves less. */
export function testSchedule(_live: unknown, _desired: unknown, both: Within<RestoreTestingPlanSpec>): Effect {
  const of = (spec: RestoreTestingPlanSpec | undefined) => ({
    expression: spec?.scheduleExpression ?? "",
    timezone: spec?.scheduleExpressionTimezone ?? "",
  });
  return scheduleEffect(of(both.live), of(both.desired));
}

/** Jobs that do not start in their window fail (semantics §5.5). */
export const startWindowHazards = (from: number | undefined, to: number | undefined): readonly Hazard[] =>
  (to ?? 0) < (from ?? 0) ? ["fails-jobs"] : [];

/** More is tested, or less: what was left out of before is compared as sets. */
export function typesEffect(from: readonly string[] = [], to: readonly string[] = []): Effect {
  const [before, after] = [new Set(from), new Set(to)];
  return before.isSubsetOf(after) ? "strengthens" : "weakens";
}

/** Whether some pattern of `wider` takes in all that each of `narrower` does. */
const covers = (wider: readonly string[], narrower: readonly string[]): boolean =>
  narrower.every((pattern) => wider.some((one) => one === pattern || fits(one, pattern)));

/** Points from more vaults are tested. What cannot be proven to be more is less. */
export const includedEffect = (from: readonly string[] = [], to: readonly string[] = []): Effect =>
  covers(to, from) ? "strengthens" : "weakens";

export const excludedEffect = (from: readonly string[] = [], to: readonly string[] = []): Effect =>
  covers(from, to) ? "strengthens" : "weakens";
