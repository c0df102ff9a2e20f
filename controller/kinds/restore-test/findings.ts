import type { Finding } from "../../domain/change.ts";
import type { Settled } from "../../domain/inventory.ts";
import { spanText } from "../../domain/restore-times.ts";
import type { RestoreTestRow } from "../../domain/tested.ts";
import { durationMs } from "../duration.ts";
import { hasPassed } from "./classes.ts";
import { findingOf, noMend } from "./finding.ts";
import { classOf, type JudgedClass, type TestFold } from "./fold.ts";
import { leftovers } from "./leftovers.ts";
import { secondsOf } from "./row.ts";
import { type OnRestored, recoverySeconds } from "./spec.ts";
import type { TimeOutMend, ValidateMend } from "./validate.ts";

const DAY_MS = 86_400_000;

/**
 * Everything wrong with the restore tests of a target, gravest first. That a job failed is so whatever else there is; that none succeeded in
 * time only a whole listing tells (law 1).
 */
export function findingsOf(fold: TestFold, status: Settled["status"]): readonly Finding[] {
  const newest = [...fold.newest].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  const open = fold.open.toSorted((a, b) => (a.jobId < b.jobId ? -1 : 1));
  return [
    ...open.flatMap((row) => verdictDue(fold, row)),
    ...newest.flatMap((row) => whatFailed(fold, row)),
    ...(status === "complete" ? [...fold.classes.values()].flatMap((one) => untested(fold, one)) : []),
    ...newest.flatMap((row) => tooSlow(fold, row)),
    ...leftovers(fold, status),
  ];
}

const jobOf = ({ jobId, resource, type, bytes }: RestoreTestRow) => ({ subject: jobId, resource, type, bytes });

/** A test whose validator is to be asked, or was waited for in vain. Where none is declared, somebody else gives the verdict, or nobody. */
function verdictDue(fold: TestFold, row: RestoreTestRow): readonly Finding[] {
  const one = classOf(fold, row);
  const asked = one?.rule.spec.onRestored;
  if (!one || !asked || row.endedOn === undefined) return [];
  const deadline = new Date(row.endedOn + durationMs(asked.deadline));
  if (fold.now >= deadline) return [overdue(fold, one, row, asked)];
  if (fold.memory.handed.has(row.jobId)) return [];
  return [
    findingOf(fold, one, {
      ...jobOf(row),
      cause: "validation-due",
      because: `${row.created} was restored as a test, and ${asked.function} has not said yet what of`,
      mend: { step: "validate", fields: [verdictField], input: validateInput(one, row, asked, deadline) },
    }),
  ];
}

const validateInput = (
  { rule, asked }: JudgedClass,
  row: RestoreTestRow,
  { function: name }: OnRestored,
  deadline: Date,
): ValidateMend => ({
  function: name,
  jobId: row.jobId,
  plan: rule.spec.plan,
  selection: asked.selection ?? null,
  resourceType: row.type,
  recoveryPointArn: row.point,
  sourceResourceArn: row.resource,
  createdResourceArn: row.created ?? "",
  deadline: deadline.toISOString(),
});

function overdue(
  fold: TestFold,
  one: JudgedClass,
  row: RestoreTestRow,
  { function: name, deadline }: OnRestored,
): Finding {
  const because = `${name} gave no verdict within ${deadline} of the restore`;
  const input: TimeOutMend = { jobId: row.jobId, because };
  return findingOf(fold, one, {
    ...jobOf(row),
    cause: "validation-overdue",
    because,
    mend: { step: "timeOut", fields: [{ ...verdictField, desired: "TIMED_OUT" }], input },
  });
}

/** What a verdict does to protection: nothing. It says what is so. */
const verdictField = {
  path: "validationStatus",
  live: "VALIDATING",
  desired: "a verdict",
  effect: "neutral",
  on: "in-place",
  hazards: [],
} as const;

/** The last test of a resource, where it proved nothing. */
function whatFailed(fold: TestFold, row: RestoreTestRow): readonly Finding[] {
  const one = classOf(fold, row);
  if (!one || hasPassed(row, one.rule.spec) !== false) return [];
  const told = (cause: string, because: string, release: string): readonly Finding[] => [
    findingOf(fold, one, { ...jobOf(row), cause, because, bars: [noMend(release, because)] }),
  ];
  const says = row.message === undefined ? "" : `: ${row.message}`;
  if (row.status !== "COMPLETED")
    return told(
      "restore-test-failed",
      `the restore of ${row.point} as a test ended ${row.status}${says}`,
      "a later test of the resource that succeeds: AWS's message says what is in the way, and overrides can change how it is restored",
    );
  if (row.validation === "FAILED")
    return told(
      "validation-failed",
      `what was restored of ${row.point} is not what it should be${says}`,
      "a later test of the resource that is found to be right: look at the recovery point, and at what the validator looks for",
    );
  return told(
    "validation-overdue",
    `nobody said in time what was restored of ${row.point}${says}`,
    "a later test that is validated: see that the validator can be invoked, and answers",
  );
}

/** A class that nobody restored with success for too long. A new policy has as long to see the first. */
function untested(fold: TestFold, one: JudgedClass): readonly Finding[] {
  const { rule, known, asked } = one;
  const knownOn = fold.memory.knownSince(rule.name);
  const since = known.lastSuccessOn === null ? knownOn?.getTime() : Date.parse(known.lastSuccessOn);
  if (since === undefined || since + durationMs(rule.spec.every) > fold.now.getTime()) return [];
  const days = Math.floor((fold.now.getTime() - since) / DAY_MS);
  const attempt = known.lastAttemptOn === null ? "none was tried" : `the last was tried on ${day(known.lastAttemptOn)}`;
  const because =
    known.lastSuccessOn === null
      ? `no ${asked.resourceType} was ever restored with success by ${rule.spec.plan}, in ${days} days: ${attempt}`
      : `no ${asked.resourceType} was restored with success by ${rule.spec.plan} since ${day(known.lastSuccessOn)}, ${days} days ago: ${attempt}`;
  const release =
    "a restore test of the type that succeeds: see that the selection takes something in, and that points lie in the plan's vaults and window";
  return [
    findingOf(fold, one, {
      subject: `${rule.spec.plan}/${asked.resourceType}`,
      resource: "",
      type: asked.resourceType,
      cause: "restore-untested",
      because,
      bars: [noMend(release, because)],
    }),
  ];
}

const day = (instant: string): string => instant.slice(0, 10);

/** The last restore of a resource took longer than it may. */
function tooSlow(fold: TestFold, row: RestoreTestRow): readonly Finding[] {
  const one = classOf(fold, row);
  const seconds = secondsOf(row);
  const most = one?.asked.rto;
  if (!one || seconds === undefined || most === undefined || seconds <= recoverySeconds(most)) return [];
  const because = `restoring ${row.resource} took ${spanText(seconds)}, and ${one.rule.name} allows ${most}`;
  const release =
    "a later test that is fast enough: a smaller resource, a warmer tier, another way to restore, or another rto";
  return [findingOf(fold, one, { ...jobOf(row), cause: "rto-missed", because, bars: [noMend(release, because)] })];
}
