import type { Carried } from "../../domain/carried.ts";
import { showTarget } from "../../domain/identity.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { classKey, type TestedClass } from "../../domain/tested.ts";
import type { RunRecord } from "../report/record.ts";
import { isWhole } from "./whole.ts";

/**
 * What is known of every class that restores are tested of: as this run saw it, and where it did not look or could not, as it was told
 * before. A whole run lets go of what no manifest asks for any more.
 */
export function testedClasses(record: RunRecord): readonly TestedClass[] {
  const seen = record.seen ?? record.before;
  const governed = seen?.governed ?? [];
  const fresh = new Map(governed.flatMap(({ tested = [] }) => tested).map((one) => [classKey(one), one]));
  const unread = new Set(governed.flatMap((one) => (one.partition === "*" ? [showTarget(one.target)] : [])));
  const kept = (record.memory?.tested ?? []).filter(
    (one) => !fresh.has(classKey(one)) && (!isWhole(record) || unread.has(showTarget(one.target))),
  );
  return [...kept, ...fresh.values()].toSorted((a, b) => (classKey(a) < classKey(b) ? -1 : 1));
}

/** AWS takes results for at most 168 h from the restore's end (semantics §6.1); a day more for good measure. Milliseconds. */
const LONGEST_VALIDATION_MS = 8 * 24 * 3_600_000;

/** Restore jobs whose validators said that they would put the result themselves: they are not asked again. */
export function handedOver(
  before: Carried["handed"],
  outcomes: readonly Outcome[],
  now: Date,
): NonNullable<Carried["handed"]> {
  const own = outcomes.flatMap(({ change, result, at }) =>
    change.action === "amend" && change.finding.mend?.step === "validate" && result === "accepted"
      ? [{ jobId: change.finding.subject, on: at }]
      : [],
  );
  const known = (before ?? []).filter(({ jobId }) => !own.some((one) => one.jobId === jobId));
  return [...known, ...own]
    .filter(({ on }) => now.getTime() - Date.parse(on) < LONGEST_VALIDATION_MS)
    .toSorted((a, b) => (a.jobId < b.jobId ? -1 : 1));
}
