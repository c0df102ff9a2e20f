import type { Change } from "../domain/change.ts";
import { passesRatchet } from "../domain/effect.ts";
import { showTarget } from "../domain/identity.ts";
import type { Bar } from "../domain/judging.ts";
import type { Guardrails } from "../domain/desired.ts";

/**
 * Lets through as many consented weakening or destructive changes as the budget allows, in order (law 7): an absolute number a
 * target and a run, and a share of what was counted there. A share of an unknown number is none (rule 8).
 */
export function withinBudget(
  changes: readonly Change[],
  { budget }: Guardrails,
  population: (target: string) => number | undefined,
): { readonly within: readonly Change[]; readonly over: readonly { readonly change: Change; readonly bar: Bar }[] } {
  const spent = new Map<string, number>();
  const within: Change[] = [];
  const over: { change: Change; bar: Bar }[] = [];
  let total = 0;
  for (const change of changes) {
    if (passesRatchet(change.effect)) {
      within.push(change);
      continue;
    }
    const target = showTarget(change.key.target);
    const used = spent.get(target) ?? 0;
    const share = Math.max(1, Math.floor(((population(target) ?? 0) * budget.percent) / 100));
    const most = population(target) === undefined ? 0 : Math.min(budget.perTarget, share);
    if (used < most && total < budget.perRun) {
      spent.set(target, used + 1);
      total += 1;
      within.push(change);
    } else over.push({ change, bar: overBudget(target, most, budget.perRun) });
  }
  return { within, over };
}

const overBudget = (target: string, perTarget: number, perRun: number): Bar => ({
  reason: "over-budget",
  because: `the budget of weakening changes is spent: ${perTarget} in ${target}, ${perRun} a run`,
  release: "the next run, or a larger guardrails.budget in the Fleet manifest",
});
