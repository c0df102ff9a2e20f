import type { Finding } from "../../domain/change.ts";
import type { Settled } from "../../domain/inventory.ts";
import { findingOf, noMend } from "./finding.ts";
import { classOf, type JudgedClass, type TestFold } from "./fold.ts";
import type { RestoreTestRow } from "./row.ts";

const HOUR_MS = 3_600_000;
/** "Deleted in accordance with service SLAs" (Developer Guide, "Restore testing"): a day is given. */
const CLEAN_UP_MS = 24 * HOUR_MS;

/**
 * What was restored as a test and is still there. Proof is the listing of what bears the tag of restore tests, together with the end of the
 * job's window; it is reported, and never deleted: AWS Backup made it, and its owner's service has it.
 */
export function leftovers(fold: TestFold, status: Settled["status"]): readonly Finding[] {
  const { restored } = fold.facts;
  if ("failure" in restored) return [];
  return [...restored.keys()].toSorted().flatMap((arn) => {
    const row = fold.made.get(arn);
    return row ? ofJob(fold, arn, row) : ofNobody(fold, arn, status);
  });
}

function ofJob(fold: TestFold, arn: string, row: RestoreTestRow): readonly Finding[] {
  const one = classOf(fold, row);
  if (!one || row.endedOn === undefined) return [];
  const due = row.endedOn + one.asked.validationWindowHours * HOUR_MS + CLEAN_UP_MS;
  const failed = row.deletion === "FAILED";
  if (!failed && fold.now.getTime() < due) return [];
  const why = failed ? "AWS Backup could not delete it" : "AWS Backup should have deleted it by now";
  return [told(fold, one, arn, row.type, `${arn}, restored as a test by job ${row.jobId}, is still there: ${why}`)];
}

/** No job on record made it, and all were read: one that AWS has forgotten did. A job under way may not say yet what it makes. */
function ofNobody(fold: TestFold, arn: string, status: Settled["status"]): readonly Finding[] {
  const [first] = fold.classes.values();
  if (!first || status !== "complete" || fold.running > 0) return [];
  return [
    told(fold, first, arn, "", `${arn} was restored as a test by a job that AWS has forgotten, and is still there`),
  ];
}

const told = (fold: TestFold, one: JudgedClass, arn: string, type: string, because: string): Finding =>
  findingOf(fold, one, {
    subject: arn,
    resource: arn,
    type,
    cause: "restore-leftover",
    because,
    bars: [noMend("its deletion by hand, at the service that owns it", because)],
  });
