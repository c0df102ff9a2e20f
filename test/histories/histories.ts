import fc from "fast-check";
import { tell } from "./acts.ts";
import type { Cause, Committed, Policy } from "./desired.ts";
import { acts } from "./drawing.ts";
import { Play, type History } from "./play.ts";
import { world } from "./worlds.ts";

const WHEN: readonly (readonly Cause[])[] = [
  ["expired", "planDeleted", "resourceDeleted"],
  ["expired", "planDeleted", "resourceDeleted"],
  ["expired"],
  ["planDeleted"],
  ["resourceDeleted"],
  ["expired", "resourceDeleted"],
  ["resourceDeleted"],
];

const orphans: fc.Arbitrary<NonNullable<Policy["orphans"]>> = fc.record({
  when: fc.constantFrom(...WHEN),
  action: fc.constantFrom("delete", "delete", "delete", "delete", "delete", "delete", "tag"),
  graceDays: fc.constantFrom(3, 3, 3, 5, 14),
  minMissingDays: fc.constantFrom(1, 1, 1, 7, 30),
  keepLast: fc.constantFrom(1, 1, 1, 2),
});

const retention: fc.Arbitrary<Pick<Policy, "retention">> = fc.constantFrom<Pick<Policy, "retention">[]>(
  {},
  {},
  {},
  {},
  { retention: { atMostDays: 90 } },
  { retention: { atLeastDays: 35, atMostDays: 120 } },
  { retention: { atLeastDays: 80 } },
);

const policy = (name: string): fc.Arbitrary<Policy> =>
  fc
    .record({
      name: fc.constant(name),
      group: fc.constantFrom<Policy["group"][]>("all", "all", "all", "production", "central"),
      vaults: fc.constantFrom(
        ["app", "db", "central", "sealed"],
        ["app", "db", "central", "sealed"],
        ["app", "db", "central", "sealed"],
        ["app", "db"],
        ["app", "central", "aws/efs/automatic-backup-vault"],
      ),
      management: fc.constantFrom<Policy["management"][]>(
        ...Array.from({ length: 7 }, () => "enforce" as const),
        "observe",
      ),
      orphans,
      retention,
    })
    .map(({ retention: kept, ...rest }) => ({ ...rest, ...kept }));

const committed: fc.Arbitrary<Committed> = fc.record({
  management: fc.constant("enforce" as const),
  destruction: fc.constantFrom(
    { perVaultDay: 50, percentOfVault: 100, perFleetDay: 100 },
    { perVaultDay: 50, percentOfVault: 100, perFleetDay: 100 },
    { perVaultDay: 10, percentOfVault: 30, perFleetDay: 50 },
    { perVaultDay: 2, percentOfVault: 100, perFleetDay: 3 },
    { perVaultDay: 10, percentOfVault: 1, perFleetDay: 50 },
  ),
  policies: fc.oneof(
    { weight: 3, arbitrary: fc.tuple(policy("clean-up")) },
    { weight: 1, arbitrary: fc.tuple(policy("clean-up"), policy("second")) },
  ),
  approvals: fc.constant([]),
  waivers: fc.constant([]),
});

export const history: fc.Arbitrary<History> = fc.record({
  world,
  committed,
  acts,
});

/** What came of a history: how much was destroyed and why, and how many calls it took. */
export interface Told {
  readonly counts: ReadonlyMap<string, number>;
  readonly calls: number;
  readonly violations: readonly string[];
  readonly story: readonly string[];
}

export async function playOut(given: History): Promise<Told> {
  const play = new Play(given);
  await play.play();
  return {
    counts: play.oracle.counts,
    calls: play.u.simulator.calls.all().length,
    violations: play.oracle.violations,
    story: play.story,
  };
}

/** A history as a person reads it. */
export const show = ({ world: { series, ...given }, committed: desired, acts }: History): string =>
  [
    `world: ${fc.stringify(given)}`,
    ...series.map((one) => `  ${fc.stringify(one)}`),
    `committed: ${fc.stringify(desired)}`,
    ...acts.map((one) => `- ${tell(one)}`),
  ].join("\n");
