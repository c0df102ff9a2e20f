import type { Finding } from "../../domain/change.ts";
import type { Settled } from "../../domain/inventory.ts";
import type { RestoreTestRow } from "../../domain/tested.ts";
import { findingOf, noMend } from "./finding.ts";
import { classOf, type JudgedClass, type TestFold } from "./fold.ts";

const HOUR_MS = 3_600_000;
/** "Deleted in accordance with service SLAs" (Developer Guide, "Restore testing"): a day is given. */
const CLEAN_UP_MS = 24 * HOUR_MS;

/** Of plans that no manifest declares the window is not known: AWS's longest (semantics §6.1). Hours. */
const LONGEST_WINDOW = 168;

/**
 * What was restored as a test and is still there. Proof is the listing of what bears the tag of restore tests, together with the end of the
 * job's window; it is reported, and never deleted: AWS Backup made it, and its owner's service has it.
 */
export function leftovers(fold: TestFold, status: Settled["status"]): readonly Finding[] {
  const { restored } = fold.facts;
  const [first] = fold.classes.values();
  if ("failure" in restored || !first) return [];
  const isSettled = status === "complete" && fold.running === 0 && ![...fold.made.values()].some(isOpenIn(fold));
  return [...restored.keys()].toSorted().flatMap((arn) => {
    const row = fold.made.get(arn);
    if (row) return ofJob(fold, classOf(fold, row) ?? first, arn, row);
    return isSettled ? [ofNobody(fold, first, arn)] : [];
  });
}

/** Until when what a job restored may be there. Epoch milliseconds; undefined: it has not ended. */
function dueOf(fold: TestFold, row: RestoreTestRow): number | undefined {
  const hours = classOf(fold, row)?.asked.validationWindowHours ?? LONGEST_WINDOW;
  return row.endedOn === undefined ? undefined : row.endedOn + hours * HOUR_MS + CLEAN_UP_MS;
}

const isOpenIn =
  (fold: TestFold) =>
  (row: RestoreTestRow): boolean =>
    fold.now.getTime() < (dueOf(fold, row) ?? Infinity);

function ofJob(fold: TestFold, one: JudgedClass, arn: string, row: RestoreTestRow): readonly Finding[] {
  const failed = row.deletion === "FAILED";
  if (!failed && isOpenIn(fold)(row)) return [];
  const why = failed ? "AWS Backup could not delete it" : "AWS Backup should have deleted it by now";
  const because = `${arn}, restored as a test by job ${row.jobId}, is still there: ${why}`;
  return [told(fold, one, { subject: arn, type: row.type, source: row.resource, because })];
}

/**
 * No job that is known made it, and all were read: one that AWS has forgotten did. A job under way may not say yet what it makes, and beside
 * what a job names there may be more that goes with it, the volumes of an instance for one: it is told once no window is open any more.
 */
const ofNobody = (fold: TestFold, first: JudgedClass, arn: string): Finding =>
  told(fold, first, {
    subject: arn,
    type: "",
    because: `${arn} was restored as a test, no job that is known says by which, and is still there`,
  });

interface Leftover {
  readonly subject: string;
  readonly type: string;
  readonly source?: string;
  readonly because: string;
}

const told = (fold: TestFold, one: JudgedClass, { subject, because, ...about }: Leftover): Finding =>
  findingOf(fold, one, {
    ...about,
    subject,
    resource: subject,
    cause: "restore-leftover",
    because,
    bars: [noMend("its deletion by hand, at the service that owns it", because)],
  });
