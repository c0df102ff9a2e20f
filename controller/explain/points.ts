import { instant, showTarget } from "../domain/identity.ts";
import { isNewer, isRestorable } from "../kinds/recovery-point/judge/survivors.ts";
import type { VaultTold } from "../domain/explanation.ts";
import type { Facts, Unread, VaultFacts } from "./facts.ts";

/** The vaults that hold points of the resource that it can be restored from, the newest point first. */
export function vaultsTold({ vaults }: Facts): readonly VaultTold[] {
  const all = vaults.flatMap((one) => ("answer" in one ? one.answer : []));
  return all
    .flatMap((vault) => vaultTold(vault))
    .toSorted((a, b) => (a.newest === b.newest ? (a.arn < b.arn ? -1 : 1) : a.newest < b.newest ? 1 : -1));
}

function vaultTold({ target, name, arn, airGapped, lock, points }: VaultFacts): readonly VaultTold[] {
  const rows = ("answer" in points ? points.answer : []).filter(
    ({ status, flagged }) => isRestorable(status) && !flagged,
  );
  const [first, ...more] = rows;
  if (!first) return [];
  const newest = more.reduce((best, one) => (isNewer(one, best) ? one : best), first);
  return [
    {
      arn,
      name,
      place: showTarget(target),
      points: rows.length,
      newest: instant(new Date(newest.createdOn)),
      expires: newest.deleteOn === undefined ? null : instant(new Date(newest.deleteOn)),
      copies: rows.every(({ sourceVaultArn }) => sourceVaultArn !== undefined),
      continuous: rows.some(({ form }) => form === "continuous"),
      airGapped,
      lock,
    },
  ];
}

/** Vaults and targets whose points could not be read, or were not to be. */
export const unreadPoints = (facts: Facts): readonly Unread[] => [
  ...facts.vaults.flatMap((one) =>
    "unread" in one
      ? [{ what: `recovery points in ${showTarget(one.target)}`, why: one.unread }]
      : one.answer.flatMap(({ name, target, points }) =>
          "unread" in points
            ? [{ what: `recovery points in vault ${name} of ${showTarget(target)}`, why: points.unread }]
            : [],
        ),
  ),
  ...leftOut(facts),
];

function leftOut({ vaults, desired: { targets } }: Facts): readonly Unread[] {
  const asked = new Set(vaults.map(({ target }) => showTarget(target)));
  const others = targets.filter((target) => !asked.has(showTarget(target))).length;
  return others === 0
    ? []
    : [
        {
          what: `recovery points in ${others} more of the fleet's accounts and Regions`,
          why: "the run was told to leave them out",
        },
      ];
}
