import type { Cause } from "./desired.ts";

/**
 * What happens, as data: drawn, shrunk and replayed. `at` picks among what there is to do something to, counted round; an act that finds
 * nothing to do is no act.
 */
export type Act =
  | { readonly act: "days pass"; readonly days: number; readonly next: "a run" | "nothing" }
  | { readonly act: "run"; readonly how: "whole" | "of an event" | "of one account" }
  | { readonly act: "run that dies"; readonly at: number; readonly when: "before" | "after" }
  | { readonly act: "two runs"; readonly frozenAt: number | "never" }
  | { readonly act: "run with faults"; readonly faults: readonly GivenFault[] }
  | { readonly act: "run with a person about"; readonly after: number; readonly person: Person; readonly at: number }
  | { readonly act: "person"; readonly person: Person; readonly at: number }
  | { readonly act: "approve"; readonly what: Approving; readonly days: number; readonly at: number }
  | { readonly act: "commit"; readonly edit: Edit; readonly at: number }
  | { readonly act: "evidence"; readonly what: (typeof TAMPERINGS)[number]; readonly at: number };

export const PEOPLE = [
  "delete plan",
  "delete resource",
  "make resource anew",
  "rename database",
  "switch blue and green",
  "delete blue",
  "keep point",
  "unkeep point",
  "hold vault",
  "cancel holds",
  "lock vault",
  "unlock vault",
  "suspend vault",
  "disable key",
  "enable keys",
  "delete service-linked role",
  "delete old role",
  "restore roles",
  "use snapshot",
  "remove images",
  "lock snapshot",
  "free snapshots",
  "delete newest point",
  "forget lifecycle",
  "flag newest point",
] as const;
/** What they do to the copies that points are left to. */
export const COPYISTS = [
  "delete copy",
  "copy once more",
  "flag copy",
  "disable key of copies",
  "shorten copy",
] as const;
export type Person = (typeof PEOPLE)[number] | (typeof COPYISTS)[number];

export const TAMPERINGS = [
  "drop a report",
  "drop an attachment",
  "rewrite a report",
  "put an intruder",
  "restore",
] as const;

export type Approving = "changes" | "groups" | "standing" | "last points" | "one change";

export type Edit =
  | { readonly edit: "grace" | "keep last" | "at most" | "at least" | "min missing"; readonly days: number }
  | { readonly edit: "when"; readonly when: readonly Cause[] }
  | { readonly edit: "action"; readonly action: "tag" | "delete" }
  | { readonly edit: "policy management"; readonly management: "enforce" | "observe" | "suspended" }
  | { readonly edit: "fleet management"; readonly management: "enforce" | "observe" }
  | { readonly edit: "drop policy" | "restore policies" | "drop approvals" | "waive a point" | "drop waivers" | "thaw" }
  | { readonly edit: "freeze"; readonly days: number }
  | {
      readonly edit: "budget";
      readonly perVaultDay: number;
      readonly percentOfVault: number;
      readonly perFleetDay: number;
    };

/** Of one run: what goes wrong, at which operation. `times`: 99 is more than a retry outlasts. */
export interface GivenFault {
  readonly operation: (typeof FAULTY)[number];
  readonly kind: "throttle" | "deny" | "unavailable" | "lose" | "html";
  readonly page: 1 | 2 | "any";
  readonly after: number;
  readonly times: 1 | 99;
}

export const FAULTY = [
  "ListBackupVaults",
  "ListRecoveryPointsByBackupVault",
  "ListBackupPlans",
  "GetBackupPlan",
  "ListLegalHolds",
  "ListRecoveryPointsByLegalHold",
  "DescribeRecoveryPoint",
  "DescribeBackupVault",
  "GetResources",
  "DescribeVolumes",
  "DescribeInstances",
  "DescribeDBInstances",
  "DescribeDBClusters",
  "DescribeDBSnapshots",
  "DescribeImages",
  "ListTables",
  "DescribeTable",
  "ListBuckets",
  "DescribeFileSystems",
  "DescribeKey",
  "GetRole",
  "AssumeRole",
  "DeleteRecoveryPoint",
  "UpdateRecoveryPointLifecycle",
  "TagResource",
  "CreateTags",
  "PutObject",
  "GetObject",
  "ListObjectsV2",
  "Sign",
] as const;

/** An act in words. */
export function tell(one: Act): string {
  const { act: what, ...rest } = one;
  return `${what}: ${Object.entries(rest)
    .map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ")}`;
}
