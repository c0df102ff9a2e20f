import fc from "fast-check";
import {
  type Act,
  type Approving,
  type Edit,
  FAULTY,
  type GivenFault,
  PEOPLE,
  type Person,
  TAMPERINGS,
} from "./acts.ts";
import type { Cause } from "./desired.ts";

/** What everything rests on fails more often than the rest. */
const GRAVE = [
  "ListRecoveryPointsByBackupVault",
  "ListRecoveryPointsByBackupVault",
  "ListBackupPlans",
  "ListBackupPlans",
  "ListLegalHolds",
  "GetResources",
] as const;

const fault: fc.Arbitrary<GivenFault> = fc.record({
  operation: fc.oneof(fc.constantFrom(...FAULTY), fc.constantFrom(...GRAVE)),
  kind: fc.constantFrom("throttle", "deny", "unavailable", "lose", "html"),
  page: fc.constantFrom<GivenFault["page"]>("any", 1, 2, 2),
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

/** What people do when they read what is announced and do not want it, or when what it rests on goes. */
const objecting: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      act: fc.constant("person" as const),
      person: fc.constantFrom<Person[]>(
        "keep point",
        "keep point",
        "hold vault",
        "lock vault",
        "suspend vault",
        "disable key",
        "flag newest point",
        "delete newest point",
        "rename database",
        "make resource anew",
        "lock snapshot",
      ),
      at,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant("commit" as const),
      edit: fc.oneof(
        fc.constant({ edit: "waive a point" } as const),
        fc.record({ edit: fc.constant("freeze" as const), days: fc.integer({ min: 1, max: 3 }) }),
        fc.record({ edit: fc.constant("at least" as const), days: fc.constantFrom(80, 150) }),
      ),
      at,
    }),
  },
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
    objection: fc.oneof(
      { weight: 5, arbitrary: fc.constant([]) },
      { weight: 4, arbitrary: objecting.map((one) => [one]) },
    ),
    night: THE_NIGHT_IT_GOES,
    after: fc.oneof(fc.constant([]), fc.constant([A_DAY])),
  })
  .map(({ approve, before, grace, objection, night, after }) => [
    approve,
    ...before,
    { act: "days pass", days: grace, next: "nothing" },
    ...objection,
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
