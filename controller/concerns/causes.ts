import type { Severity } from "../domain/concern.ts";
import type { HoldReason } from "../domain/change.ts";

/** What people call a cause, and how soon they should hear of it. */
export interface Cause {
  readonly title: string;
  readonly severity: Severity;
}

const of = (severity: Severity, title: string): Cause => ({ severity, title });

/** How a job ended that did not do all it should. */
const JOBS = {
  "backup-failed": of("high", "Backup failed"),
  "backup-expired": of("high", "Backup did not start in its window"),
  "backup-aborted": of("high", "Backup was stopped"),
  "backup-partial": of("high", "Backup is not whole"),
  "backup-completed-with-message": of("high", "Backup completed with a message"),
  "copy-failed": of("high", "Copy failed"),
  "copy-partial": of("high", "Copy is not whole"),
  "copy-completed-with-message": of("high", "Copy completed with a message"),
} as const;

/**
 * Causes of findings that somebody must hear of. `each`: of every resource by itself, since the next one to join is news; others are one
 * concern for a policy in a target, however many recovery points it is about.
 */
const FINDINGS = {
  unprotected: { ...of("high", "Not protected"), each: true },
  "rpo-breach": { ...of("high", "Newest backup is too old"), each: true },
  uncopied: { ...of("high", "No copy where there should be one"), each: true },
  unlocked: { ...of("high", "No copy that cannot be deleted"), each: true },
  "remedy-uncopied": { ...of("high", "A backup made up for has no copy"), each: true },
  "restore-test-failed": { ...of("high", "Restore test failed"), each: true },
  "validation-failed": { ...of("high", "Restored data is not good"), each: true },
  "validation-overdue": { ...of("high", "Restored data was not checked in time"), each: true },
  "restore-untested": { ...of("high", "Restore never proven"), each: true },
  "rto-missed": { ...of("high", "Restore took too long"), each: true },
  "restore-leftover": { ...of("notice", "Left over from a restore test"), each: true },
  lastPointExpiring: { ...of("critical", "The last recovery point expires"), each: true },
  copyMissing: { ...of("high", "Recovery points without a copy"), each: false },
  copyFailed: { ...of("high", "Recovery points whose copy failed"), each: false },
  tooShort: { ...of("high", "Kept for too short a time"), each: false },
  unencrypted: { ...of("high", "Not encrypted"), each: false },
} as const;

/** Holds that pass only when a person acts. Others pass by themselves, or are told by what they hold back. */
const HOLDS = {
  ambiguous: of("high", "Nobody can tell which resource is meant"),
  contested: of("high", "Somebody else keeps changing it"),
  "immutable-field": of("high", "AWS cannot change this"),
  hazard: of("high", "A change could do harm and waits for approval"),
  "needs-approval": of("high", "A change waits for approval"),
  "cannot-mend": of("high", "Cannot be mended"),
  "no-room": of("high", "A quota leaves no room for a change"),
  "waiver-expired": of("high", "An exception has run out"),
} as const satisfies Partial<Record<HoldReason, Cause>>;

const FLEET = {
  "account-unreachable": of("critical", "Account out of reach"),
  "target-unreadable": of("high", "Part of an account cannot be read"),
  "run-failed": of("critical", "A run was broken off"),
  "stale-source": of("critical", "Desired state does not follow on the last one"),
  "desired-state-shrank": of("critical", "Much of the desired state is gone"),
  "destruction-announced": of("high", "Recovery points are to be deleted"),
  "destruction-carried-out": of("high", "Recovery points were deleted"),
  "waiver-expiring": of("notice", "An exception runs out soon"),
  "notice-failed": of("high", "A notice could not be delivered"),
  "webhook-old": of("notice", "A webhook's address is old"),
} as const;

export const CAUSES: Readonly<Record<string, Cause>> = { ...JOBS, ...FINDINGS, ...HOLDS, ...FLEET };

/** A cause that a kind came up with and nobody named here is for who wants to know everything. */
export const causeOf = (cause: string): Cause => CAUSES[cause] ?? of("notice", wordsOf(cause));

/** `wrongVault`: Wrong vault. */
const wordsOf = (cause: string): string => {
  const words = cause
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .replaceAll("-", " ")
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** Whether each resource with such a finding is a concern of its own. */
export const isEach = (cause: string): boolean =>
  Object.hasOwn(FINDINGS, cause) && FINDINGS[cause as keyof typeof FINDINGS].each;

/** Whether such a hold waits for a person. */
export const waitsForPerson = (reason: string): reason is keyof typeof HOLDS => Object.hasOwn(HOLDS, reason);
