import type { Bar, Change } from "../domain/change.ts";
import type { Guardrails } from "../domain/desired.ts";
import { passesRatchet } from "../domain/effect.ts";
import { showTarget } from "../domain/identity.ts";
import { worstFirst } from "./announce.ts";
import { backupBudget, copyBudget } from "./copy-budget.ts";
import { destructionBudget, type DestructionLedger } from "./destruction-budget.ts";

/** What the budgets of a run are reckoned from. */
export interface Ledger extends DestructionLedger {
  readonly guardrails: Guardrails;
  readonly consented: (change: Change) => boolean;
  /** How many resources a target was seen to have; undefined where some listing of it was not whole. */
  readonly population: (target: string) => number | undefined;
}

interface Budgeted {
  readonly within: readonly Change[];
  readonly over: readonly { readonly change: Change; readonly bar: Bar }[];
}

type Amendment = Extract<Change, { action: "amend" }>;

/**
 * Lets through as much as the budgets allow, in order (law 7): destructions of recovery points by the rolling day, worst first; copies
 * by the rolling day, by number and bytes; backups by the rolling day, by number; whatever else weakens by the run. What strengthens
 * and moves nothing has no budget.
 */
export function withinBudget(changes: readonly Change[], ledger: Ledger): Budgeted {
  const destroying = changes.filter(isDestruction).toSorted(worstFirst);
  const others = changes.filter((change): boolean => !isDestruction(change));
  const [destroys, copies, backups, weakens] = [
    destructionBudget(ledger),
    copyBudget(ledger.spent, ledger.guardrails, ledger.now, ledger.consented),
    backupBudget(ledger.spent, ledger.guardrails, ledger.now),
    weakeningBudget(ledger),
  ];
  const verdicts = [
    ...destroying.map((change) => ({ change, bar: destroys(change) })),
    ...others.map((change) => {
      const mend = change.action === "amend" ? change.finding.mend : undefined;
      const bytes = mend?.copies?.bytes;
      if (mend?.backups) return { change, bar: backups(change) };
      // Consent to a backfill says how many bytes it moves, but not how many at a time.
      return { change, bar: bytes === undefined ? weakens(change) : copies(change, bytes) };
    }),
  ];
  return {
    within: verdicts.filter(({ bar }) => !bar).map(({ change }) => change),
    over: verdicts.flatMap(({ change, bar }) => (bar ? [{ change, bar }] : [])),
  };
}

const isDestruction = (change: Change): change is Amendment =>
  change.action === "amend" && change.finding.mend?.destruction !== undefined;

/** An absolute number a target and a run, and a share of what was counted there. A share of an unknown number is none (rule 8). */
function weakeningBudget({ guardrails: { budget }, population }: Ledger): (change: Change) => Bar | undefined {
  const spent = new Map<string, number>();
  let total = 0;
  return (change) => {
    if (passesRatchet(change.effect)) return undefined;
    const target = showTarget(change.key.target);
    const used = spent.get(target) ?? 0;
    const count = population(target);
    const share = Math.max(1, Math.floor(((count ?? 0) * budget.percent) / 100));
    const most = count === undefined ? 0 : Math.min(budget.perTarget, share);
    if (used >= most || total >= budget.perRun)
      return {
        reason: "over-budget",
        because: `the budget of weakening changes is spent: ${most} in ${target}, ${budget.perRun} a run`,
        release: "the next run, or a larger guardrails.budget in the Fleet manifest",
      };
    spent.set(target, used + 1);
    total += 1;
    return undefined;
  };
}
