import { sameTarget, showTarget, type Target } from "../../domain/identity.ts";
import type { HoldReason } from "../../domain/change.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { Plan } from "../../domain/plan.ts";
import { worstVerdict, type Verdict } from "../../domain/verdict.ts";

/** What a plan and its outcomes come to, in one target. Converged only where nothing is left, held or unknown. */
export function targetVerdict(target: Target, left: Plan, outcomes: readonly Outcome[]): Verdict {
  const here = <T extends { readonly key: { readonly target: Target } }>(all: readonly T[]): readonly T[] =>
    all.filter(({ key }) => sameTarget(key.target, target));
  const done = outcomes.filter(({ change }) => sameTarget(change.key.target, target));
  const remaining = here(left.waves.flat());
  const holds = left.held.filter((hold) => sameTarget((hold.change ?? hold.drift ?? hold.about)!.key.target, target));
  return worstVerdict([
    ...done.map(outcomeVerdict),
    ...(here(left.drift).some(({ type }) => type === "unknown") ? ["INCOMPLETE" as const] : []),
    ...holds.map(({ reason }) => holdVerdict(reason)),
    ...(remaining.length > 0 ? ["DRIFTED" as const] : []),
  ]);
}

const outcomeVerdict = (outcome: Outcome): Verdict => {
  switch (outcome.result) {
    case "applied":
    case "accepted":
      return "CORRECTED";
    case "failed":
      return "FAILED";
    case "skipped":
      return "DRIFTED";
    default:
      return outcome satisfies never;
  }
};

/** Observing is not holding: drift that nobody asked to have mended is just drift. An accepted exception is none at all. */
const HOLD_VERDICTS: Partial<Record<HoldReason, Verdict>> = {
  "observe-only": "DRIFTED",
  suspended: "SUSPENDED",
  "unknown-state": "INCOMPLETE",
  waived: "CONVERGED",
};
const holdVerdict = (reason: HoldReason): Verdict => HOLD_VERDICTS[reason] ?? "HELD";

export const targetVerdicts = (
  targets: readonly Target[],
  left: Plan,
  outcomes: readonly Outcome[],
): readonly { readonly target: Target; readonly result: Verdict }[] =>
  targets
    .toSorted((a, b) => (showTarget(a) < showTarget(b) ? -1 : 1))
    .map((target) => ({ target, result: targetVerdict(target, left, outcomes) }));
