import { instant, type Target } from "../../domain/identity.ts";
import type { RestoreTestRow, TestedClass, TimedRestore } from "../../domain/tested.ts";
import { durationMs } from "../duration.ts";
import { isEnded, secondsOf } from "./row.ts";
import { recoverySeconds, type RestoreTestRuleSpec, type TestClass } from "./spec.ts";

/** Restores remembered of a class: two years of monthly tests of one resource. */
const MOST_RESTORES = 24;

/** Whether a test proved what it was for. Undefined: nobody has said yet. Where a validator is declared, its word alone counts. */
export function hasPassed(
  { status, validation }: Pick<RestoreTestRow, "status" | "validation">,
  rule: Pick<RestoreTestRuleSpec, "onRestored">,
): boolean | undefined {
  if (status !== "COMPLETED") return isEnded({ status }) ? false : undefined;
  if (validation === "FAILED") return false;
  if (rule.onRestored === undefined) return true;
  if (validation === "SUCCESSFUL") return true;
  // Never to be validated at all: a restore that was cleaned up at once.
  return validation === "VALIDATING" ? undefined : false;
}

/** A class as it stands before this run's jobs: as verified reports remember it, by what the manifest asks today. */
export const asRemembered = (
  target: Target,
  { plan, every }: RestoreTestRuleSpec,
  { resourceType: type, rto }: TestClass,
  known: TestedClass | undefined,
): TestedClass => ({
  target,
  plan,
  type,
  everySeconds: durationMs(every) / 1000,
  rtoSeconds: rto === undefined ? null : recoverySeconds(rto),
  lastAttemptOn: known?.lastAttemptOn ?? null,
  lastSuccessOn: known?.lastSuccessOn ?? null,
  restores: known?.restores ?? [],
  ...(known?.standing ? { standing: known.standing } : {}),
  ...(known?.since === undefined ? {} : { since: known.since }),
});

/** The class with one more job taken in. Any order of jobs comes to the same, and a job that is told again replaces what was told of it. */
export function withTest(known: TestedClass, row: RestoreTestRow, rule: RestoreTestRuleSpec): TestedClass {
  if (row.endedOn === undefined || !isEnded(row)) return known;
  const on = instant(new Date(row.endedOn));
  const passed = hasPassed(row, rule);
  const seconds = secondsOf(row);
  return {
    ...known,
    lastAttemptOn: laterOf(known.lastAttemptOn, on),
    lastSuccessOn: passed === true ? laterOf(known.lastSuccessOn, on) : known.lastSuccessOn,
    restores:
      seconds === undefined
        ? known.restores
        : withRestore(known.restores, { jobId: row.jobId, on, seconds, passed: passed ?? null }),
  };
}

const laterOf = (a: TestedClass["lastAttemptOn"], b: TimedRestore["on"]): TimedRestore["on"] =>
  a === null || a < b ? b : a;

const withRestore = (known: readonly TimedRestore[], one: TimedRestore): TimedRestore[] =>
  [...known.filter(({ jobId }) => jobId !== one.jobId), one]
    .toSorted((a, b) => (a.on === b.on ? (a.jobId < b.jobId ? -1 : 1) : a.on < b.on ? -1 : 1))
    .slice(-MOST_RESTORES);
