import pLimit from "p-limit";
import type { Change } from "../domain/change.ts";
import { instant, sameTarget, showKey, showTarget } from "../domain/identity.ts";
import type { Contents } from "../domain/judging.ts";
import type { Outcome, SkipReason } from "../domain/outcome.ts";
import type { Plan, Wave } from "../domain/plan.ts";
import type { JournalPart } from "../ports.ts";
import type { Applying } from "./applying.ts";
import { applyChange } from "./apply-change.ts";

/** Which of a plan's waves, and which part of it where several processes share it. */
export interface WavePart {
  readonly number: number;
  readonly of: number;
  readonly part?: JournalPart;
}

/**
 * Carries out a plan, wave after wave. What became of each change is put into `outcomes` as it happens, so that a run that dies half-way
 * still knows.
 */
export async function apply(plan: Plan, applying: Applying, outcomes: Outcome[]): Promise<void> {
  for (const [number, wave] of plan.waves.entries())
    await applyWave(wave, { number, of: plan.waves.length }, applying, outcomes);
}

/**
 * Carries out a wave, or what one process has of it: targets side by side and one change at a time within each. Before the first write the
 * intents are journalled, after the last the outcomes (rule 23). One target's trouble is its own: the rest goes on. `outcomes` says what
 * became of the waves before.
 */
export async function applyWave(
  wave: Wave,
  { number, of, part }: WavePart,
  applying: Applying,
  outcomes: Outcome[],
): Promise<void> {
  const { ready, skipped } = sift(wave, outcomes, applying);
  outcomes.push(...skipped);
  if (ready.length === 0) return;
  await applying.journal.intend(applying.run, number, ready, part);
  const results: Outcome[] = [];
  await applyReady(ready, applying, (outcome) => {
    results.push(outcome);
    outcomes.push(outcome);
    applying.progress({ stage: "apply", done: results.length, of: ready.length, wave: number + 1, waves: of });
  });
  await applying.journal.conclude(applying.run, number, results, part);
}

async function applyReady(wave: Wave, applying: Applying, tell: (outcome: Outcome) => void): Promise<void> {
  const limit = pLimit(applying.concurrency);
  const byTarget = [...Map.groupBy(wave, ({ key }) => showTarget(key.target)).values()];
  await Promise.all(
    byTarget.map((changes) =>
      limit(async () => {
        for (const change of changes)
          tell(isLate(applying) ? skip(change, "deadline", applying) : await applyChange(change, applying));
      }),
    ),
  );
}

/** Past this age a plan is not carried on with: what it rests on may not be so any more (rule 24). */
const PLAN_LIFE_MS = 60 * 60_000;

export const isAged = ({ clock, decidedOn }: Pick<Applying, "clock" | "decidedOn">): boolean =>
  clock.now().getTime() - decidedOn.getTime() > PLAN_LIFE_MS;

const isLate = (applying: Applying): boolean => applying.clock.monotonic() >= applying.deadline || isAged(applying);

const skip = (change: Change, because: SkipReason, { clock }: Applying): Outcome => ({
  change,
  at: instant(clock.now()),
  attempts: [],
  result: "skipped",
  because,
});

/** What a wave cannot begin: it is late, the lease is gone, or what it rests on failed before it. */
function sift(
  wave: Wave,
  earlier: readonly Outcome[],
  applying: Applying,
): { readonly ready: readonly Change[]; readonly skipped: readonly Outcome[] } {
  const lost = earlier.some((outcome) => outcome.result === "skipped" && outcome.because === "lease-lost");
  const reasonFor = (change: Change): SkipReason | undefined => {
    if (lost) return "lease-lost";
    if (isLate(applying)) return "deadline";
    return earlier.some(
      (outcome) =>
        outcome.result !== "applied" && outcome.result !== "accepted" && restsOn(change, outcome.change, applying),
    )
      ? "earlier-wave-failed"
      : undefined;
  };
  const judged = wave.map((change) => ({ change, because: reasonFor(change) }));
  return {
    ready: judged.filter(({ because }) => because === undefined).map(({ change }) => change),
    skipped: judged.flatMap(({ change, because }) => (because === undefined ? [] : [skip(change, because, applying)])),
  };
}

type Removal = Extract<Change, { action: "prune" }>;

/** Whether one change needs another to have been made: it is within that resource, refers to it, or removes what holds it. */
function restsOn(change: Change, other: Change, { kinds }: Applying): boolean {
  const kind = kinds.find(({ name }) => name === change.key.kind);
  if (change.action === "prune") return other.action === "prune" && isIn(other, change, kind?.contains);
  const desired = "desired" in change ? change.desired : undefined;
  if (desired?.want !== "present") return false;
  if (desired.within && showKey(desired.within) === showKey(other.key)) return true;
  return (
    kind
      ?.references(desired.spec, change.key.target)
      .some(
        (key) => key.name === other.key.name && key.kind === other.key.kind && sameTarget(key.target, other.key.target),
      ) ?? false
  );
}

const isIn = ({ live: one }: Removal, { live: holder }: Removal, contains: Contents | undefined): boolean =>
  contains?.kind === one.key.kind && sameTarget(one.key.target, holder.key.target) && contains.holds(holder, one);
