import { instant } from "../domain/identity.ts";
import type { RestoreTest } from "../domain/survey.ts";
import type { Part } from "./coverage.ts";
import type { Window } from "./jobs.ts";

/** A validation takes at most 168 h from the restore's end (semantics §6.1); a day more for good measure. Milliseconds. */
const LONGEST_VALIDATION_MS = 8 * 24 * 3_600_000;

/** Since when ended restores are asked for: where tests told before had not been validated, they are looked at again. */
export const restoresSince = ({ from }: Window, undecided: readonly string[]): Date =>
  undecided.length === 0 ? from : new Date(from.getTime() - LONGEST_VALIDATION_MS);

/** Restored, and nobody has said yet what of. */
const isUndecided = ({ status, validationStatus }: RestoreTest): boolean =>
  status === "COMPLETED" && (validationStatus === null || validationStatus === "VALIDATING");

/** What is told of restore tests, and which of them are to be told again. */
export interface RestoreTests {
  readonly rows: readonly RestoreTest[];
  readonly undecided: readonly string[];
}

/** Tests that ended in the window, and earlier ones that were undecided when they were last told. */
export function testsOver(
  targets: readonly Part<RestoreTest>[],
  window: Window,
  before: readonly string[],
): RestoreTests {
  const awaited = new Set(before);
  const [from, to] = [instant(window.from), instant(window.to)];
  const seen = targets.flatMap(({ rows }) => rows);
  const rows = seen
    .filter(
      ({ jobId, finishedOn }) => finishedOn !== null && finishedOn < to && (finishedOn >= from || awaited.has(jobId)),
    )
    .toSorted((a, b) => (a.jobId < b.jobId ? -1 : 1));
  // A listing that broke off may have left some out: they are awaited on.
  const unseen = targets.every(({ complete }) => complete)
    ? []
    : before.filter((id) => !seen.some((one) => one.jobId === id));
  return { rows, undecided: [...rows.filter(isUndecided).map(({ jobId }) => jobId), ...unseen].toSorted() };
}
