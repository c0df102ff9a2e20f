import fc from "fast-check";
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
export type Person = (typeof PEOPLE)[number];

export const TAMPERINGS = [
  "drop a report",
  "drop an attachment",
  "rewrite a report",
  "put an intruder",
  "restore",
] as const;

type Approving = "changes" | "groups" | "standing" | "last points" | "one change";

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

const fault: fc.Arbitrary<GivenFault> = fc.record({
  operation: fc.constantFrom(...FAULTY),
  kind: fc.constantFrom("throttle", "deny", "unavailable", "lose", "html"),
  page: fc.constantFrom<GivenFault["page"]>("any", 1, 2),
  after: fc.constantFrom(0, 0, 0, 1, 2, 5),
  times: fc.constantFrom(1, 99, 99),
});

const CAUSES: readonly (readonly Cause[])[] = [
  ["expired"],
  ["planDeleted"],
  ["resourceDeleted"],
  ["expired", "planDeleted", "resourceDeleted"],
  ["planDeleted", "resourceDeleted"],
];

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ edit: fc.constantFrom("grace" as const, "min missing" as const), days: fc.integer({ min: 3, max: 14 }) }),
  fc.record({ edit: fc.constant("keep last" as const), days: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ edit: fc.constant("at most" as const), days: fc.constantFrom(60, 90, 200) }),
  fc.record({ edit: fc.constant("at least" as const), days: fc.constantFrom(30, 80, 150) }),
  fc.record({ edit: fc.constant("when" as const), when: fc.constantFrom(...CAUSES) }),
  fc.record({ edit: fc.constant("action" as const), action: fc.constantFrom("tag" as const, "delete" as const) }),
  fc.record({
    edit: fc.constant("policy management" as const),
    management: fc.constantFrom("enforce" as const, "enforce" as const, "observe" as const, "suspended" as const),
  }),
  fc.record({
    edit: fc.constant("fleet management" as const),
    management: fc.constantFrom("enforce" as const, "observe" as const),
  }),
  fc.record({
    edit: fc.constantFrom(
      "drop policy" as const,
      "restore policies" as const,
      "restore policies" as const,
      "drop approvals" as const,
      "waive a point" as const,
      "drop waivers" as const,
      "thaw" as const,
    ),
  }),
  fc.record({ edit: fc.constant("freeze" as const), days: fc.integer({ min: 1, max: 9 }) }),
  fc.record({
    edit: fc.constant("budget" as const),
    perVaultDay: fc.constantFrom(1, 2, 50),
    percentOfVault: fc.constantFrom(1, 20, 100),
    perFleetDay: fc.constantFrom(1, 3, 100),
  }),
);

const at = fc.nat(30);
const person = fc.constantFrom(...PEOPLE);

const passing = fc.record({
  act: fc.constant("days pass" as const),
  days: fc.integer({ min: 1, max: 12 }),
  next: fc.constantFrom("a run" as const, "a run" as const, "nothing" as const),
});

const approving = fc.record({
  act: fc.constant("approve" as const),
  what: fc.constantFrom<Approving[]>("changes", "changes", "groups", "groups", "standing", "last points", "one change"),
  days: fc.constantFrom(2, 9, 29, 29),
  at,
});

const doing = fc.record({ act: fc.constant("person" as const), person, at });
const dying = fc.record({
  act: fc.constant("run that dies" as const),
  at: fc.integer({ min: 1, max: 160 }),
  when: fc.constantFrom("before" as const, "after" as const),
});
const racing = fc.record({
  act: fc.constant("two runs" as const),
  frozenAt: fc.oneof(fc.constant("never" as const), fc.integer({ min: 5, max: 140 })),
});
const failing = fc.record({
  act: fc.constant("run with faults" as const),
  faults: fc.array(fault, { minLength: 1, maxLength: 3 }),
});
const watched = fc.record({
  act: fc.constant("run with a person about" as const),
  after: fc.integer({ min: 1, max: 160 }),
  person,
  at,
});
const running = fc.record({
  act: fc.constant("run" as const),
  how: fc.constantFrom("whole" as const, "whole" as const, "of an event" as const, "of one account" as const),
});

const tampering = fc.record({ act: fc.constant("evidence" as const), what: fc.constantFrom(...TAMPERINGS), at });

const single: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: passing },
  { weight: 2, arbitrary: running },
  { weight: 2, arbitrary: dying },
  { weight: 1, arbitrary: racing },
  { weight: 3, arbitrary: failing },
  { weight: 2, arbitrary: watched },
  { weight: 7, arbitrary: doing },
  { weight: 4, arbitrary: approving },
  { weight: 2, arbitrary: fc.record({ act: fc.constant("commit" as const), edit, at }) },
  { weight: 1, arbitrary: tampering },
);

const THE_NIGHT_IT_GOES = fc.oneof(
  { weight: 5, arbitrary: running },
  { weight: 2, arbitrary: dying },
  { weight: 1, arbitrary: racing },
  { weight: 3, arbitrary: failing },
  { weight: 2, arbitrary: watched },
);

const A_DAY: Act = { act: "days pass", days: 1, next: "a run" };

/** As it should be: what was announced is agreed to, the grace passes, and it goes. Something may come in between, and the night itself may go wrong. */
const cleaning: fc.Arbitrary<readonly Act[]> = fc
  .record({
    approve: fc.record({
      act: fc.constant("approve" as const),
      what: approving.map(({ what }) => what),
      days: fc.constantFrom(29, 29, 29, 9),
      at,
    }),
    before: fc.oneof(
      { weight: 5, arbitrary: fc.constant([]) },
      { weight: 2, arbitrary: fc.tuple(single) },
      // Evidence is tampered with behind the last report's back, and the last report stands.
      { weight: 1, arbitrary: tampering.map((one) => [A_DAY, one]) },
    ),
    grace: fc.integer({ min: 3, max: 15 }),
    night: THE_NIGHT_IT_GOES,
    after: fc.oneof(fc.constant([]), fc.constant([A_DAY])),
  })
  .map(({ approve, before, grace, night, after }) => [
    approve,
    ...before,
    { act: "days pass", days: grace, next: "nothing" },
    night,
    ...after,
  ]);

/** Mostly people clean up: else nothing would ever be destroyed, and nothing shown. */
export const acts: fc.Arbitrary<readonly Act[]> = fc
  .array(fc.oneof({ weight: 1, arbitrary: cleaning }, { weight: 1, arbitrary: single.map((one) => [one]) }), {
    minLength: 4,
    maxLength: 8,
    size: "max",
  })
  .map((chapters) => chapters.flat());

/** An act in words. */
export function tell(one: Act): string {
  const { act: what, ...rest } = one;
  return `${what}: ${Object.entries(rest)
    .map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ")}`;
}
