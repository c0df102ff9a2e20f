import type { AwsFailure } from "../../../domain/errors.ts";
import { sameTarget, showTarget, type Target } from "../../../domain/identity.ts";
import { type Held, isBetter, type VaultPoints } from "../survey/vault-points.ts";
import type { Survey } from "../survey/survey.ts";

/** A vault of the fleet, as far as it was seen. */
export interface FleetVault {
  readonly target: Target;
  readonly vault: VaultPoints;
}

/** What some vault holds of a resource. */
export interface Found extends FleetVault {
  readonly held: Held;
}

/** A vault that was not read to its end, or a target in which there may be any. */
export interface Unread {
  readonly target: Target;
  readonly vault?: VaultPoints;
  readonly failure: AwsFailure;
}

/** Recovery points of one target's resources, in all vaults of the fleet. */
export interface FleetPoints {
  readonly of: (resource: string) => readonly Found[];
  readonly targets: readonly Target[];
  readonly vaults: readonly FleetVault[];
  /** Points of every age were read, wherever any were: what is not among them never was, or is gone. */
  readonly everyAge: boolean;
  /** Where there may be more: whatever lies there is unknown, never missing (law 1). */
  readonly unread: readonly Unread[];
}

/** `targets`: of the whole fleet, looked at or not. */
export function fleetPoints(
  here: Target,
  targets: readonly Target[],
  survey: (target: Target) => Pick<Survey, "vaults" | "unread"> | undefined,
): FleetPoints {
  const seen = targets.map((target) => ({ target, survey: survey(target) }));
  const vaults = seen.flatMap(({ target, survey: one }) => (one?.vaults ?? []).map((vault) => ({ target, vault })));
  const unread = [
    ...seen.flatMap(({ target, survey: one }): Unread[] => {
      const failure = one ? one.unread : notLookedAt(target);
      return failure ? [{ target, failure }] : [];
    }),
    ...vaults.flatMap(({ target, vault }): Unread[] =>
      vault.failure ? [{ target, vault, failure: vault.failure }] : [],
    ),
  ];
  // Only vaults that hold something of this target are asked, once for each resource.
  const holding = vaults.flatMap((one) =>
    [showTarget(here), ""].flatMap((owner) => {
      const held = one.vault.held.get(owner);
      return held ? [{ ...one, of: held }] : [];
    }),
  );
  return {
    targets,
    vaults,
    everyAge: vaults.every(({ vault }) => vault.since === undefined),
    unread,
    of: (resource) =>
      holding.flatMap(({ target, vault, of }): Found[] => {
        const held = of.get(resource);
        return held ? [{ target, vault, held }] : [];
      }),
  };
}

const notLookedAt = (target: Target): AwsFailure => ({
  kind: "unreachable",
  operation: "observe",
  message: `${showTarget(target)} is not among the targets that this run looks at`,
});

/** The one that restores to the latest moment. A total order. */
export const bestOf = (found: readonly Found[]): Found | undefined =>
  found.reduce<Found | undefined>(
    (best, one) => (best === undefined || isBetter(one.held, best.held) ? one : best),
    undefined,
  );

/** How much would be lost if it had to be restored now. Milliseconds. */
export const ageOf = ({ held }: Found, now: number): number =>
  held.continuous ? 0 : Math.max(0, now - held.createdOn);

export const isAt = ({ target }: Unread, place: Target): boolean => sameTarget(target, place);
