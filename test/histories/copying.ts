import fc from "fast-check";
import { type Act, COPYISTS } from "./acts.ts";
import type { Committed, Copies, Policy } from "./desired.ts";
import type { History } from "./play.ts";
import { type Copied, RESOURCES, type Series } from "./worlds.ts";

/** Short histories of points that are left to their copies, or that nobody owns: announced, agreed to, and due, with somebody about. */

const SERIES = 3;
const NAMES = ["volume", "orders", "carts", "shared"] as const satisfies readonly (keyof typeof RESOURCES)[];

const series: fc.Arbitrary<Series> = fc.record({
  vault: fc.constantFrom<Series["vault"][]>("app", "db"),
  of: fc.constantFrom(...NAMES),
  every: fc.integer({ min: 1, max: 9 }),
  count: fc.constantFrom(2, 3),
  keepDays: fc.constantFrom<Series["keepDays"][]>(0, 400),
  by: fc.constantFrom<Series["by"][]>("nightly", "hand"),
  expired: fc.constant(0),
  newest: fc.constant("good"),
  oldest: fc.constantFrom<Series["oldest"][]>("usual", "usual", "usual", "continuous"),
});

/** Most have a copy in each vault as they should. */
const copied = fc.constantFrom<Copied[]>(
  "once",
  "once",
  "once",
  "once",
  "twice",
  "from nowhere",
  "for less",
  "not at all",
);

const world: fc.Arbitrary<History["world"]> = fc.record({
  extent: fc.record({ regions: fc.constantFrom(1, 1, 1, 2) }),
  series: fc.array(series, { minLength: SERIES, maxLength: SERIES }),
  gone: fc.constant([]),
  seed: fc.nat(1_000),
  pageSize: fc.constantFrom(2, 50, 50),
  accountInImageArns: fc.boolean(),
  copies: fc.record({
    to: fc.constantFrom<Copies["to"][]>(["central"], ["central"], ["central", "other"]),
    each: fc.array(copied, { minLength: SERIES, maxLength: SERIES }),
  }),
  owned: fc.subarray([...NAMES]),
});

interface Asked extends Omit<Copies, "to"> {
  readonly unowned: boolean;
  readonly destruction: Committed["destruction"];
}

const asked: fc.Arbitrary<Asked> = fc.record({
  keepLocalDays: fc.constantFrom(7, 30, 45),
  graceDays: fc.constantFrom(3, 5),
  unowned: fc.boolean(),
  destruction: fc.constantFrom(
    { perVaultDay: 50, percentOfVault: 100, perFleetDay: 100 },
    { perVaultDay: 1, percentOfVault: 100, perFleetDay: 2 },
  ),
});

const cleanUp: Policy = {
  name: "clean-up",
  group: "production",
  vaults: ["app", "db"],
  management: "enforce",
  orphans: { when: ["unowned"], action: "delete", graceDays: 3, minMissingDays: 1, keepLast: 1 },
};

const at = fc.nat(30);
const person = fc.constantFrom(...COPYISTS);
const UNREAD = fc.constantFrom(
  "ListRecoveryPointsByBackupVault",
  "DescribeRecoveryPoint",
  "DescribeKey",
  "GetResources",
);

const approving: fc.Arbitrary<Act> = fc.record({
  act: fc.constant("approve" as const),
  what: fc.constantFrom("changes" as const, "groups" as const),
  days: fc.constant(29),
  at,
});
const meddling: fc.Arbitrary<readonly Act[]> = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant("person" as const), person, at }).map((one) => [one]) },
);
const night: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Act>({ act: "run", how: "whole" }) },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant("run that dies" as const),
      at: fc.integer({ min: 60, max: 160 }),
      when: fc.constantFrom("before" as const, "after" as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant("run with faults" as const),
      faults: UNREAD.map((operation) => [
        { operation, kind: "deny" as const, page: "any" as const, after: 0, times: 99 as const },
      ]),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant("run with a person about" as const),
      after: fc.integer({ min: 60, max: 160 }),
      person,
      at,
    }),
  },
);

const AN_EVENT: Act = { act: "run", how: "of an event" };

/** The first event finds nothing due yet, the second all of it: neither may touch anything. */
const acts: fc.Arbitrary<readonly Act[]> = fc
  .record({ approve: approving, grace: fc.integer({ min: 3, max: 6 }), meddle: meddling, last: night })
  .map(({ approve, grace, meddle, last }) => [
    approve,
    { act: "days pass", days: grace, next: "nothing" },
    AN_EVENT,
    ...meddle,
    last,
  ]);

export const leavings: fc.Arbitrary<History> = fc.record({ world, asked, acts }).map(({ asked: ask, ...given }) => ({
  ...given,
  committed: committedOf(ask, given.world.copies?.to ?? []),
}));

function committedOf({ unowned, destruction, ...copies }: Asked, to: Copies["to"]): Committed {
  const { orphans: _none, ...copying } = { ...cleanUp, name: "elsewhere", copies: { ...copies, to } };
  return {
    management: "enforce",
    destruction,
    owners: true,
    policies: unowned ? [cleanUp, copying] : [copying],
    approvals: [],
    waivers: [],
  };
}
