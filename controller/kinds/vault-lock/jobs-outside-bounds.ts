import * as z from "zod";
import { partitionOf, sameTarget, type ResourceKey } from "../../domain/identity.ts";
import type { FleetView } from "../../domain/judging.ts";
import type { VaultLockSpec } from "./spec.ts";

const Lifecycle = z.object({ deleteAfterDays: z.number().optional() }).optional();
/** As much of a plan as tells where its jobs write and for how long. */
const JobSources = z.object({
  rules: z.array(
    z.object({
      targetBackupVaultName: z.string(),
      lifecycle: Lifecycle,
      copyActions: z.array(z.object({ destinationBackupVaultArn: z.string(), lifecycle: Lifecycle })).optional(),
    }),
  ),
});

interface Bounds {
  readonly minRetentionDays?: number | undefined;
  readonly maxRetentionDays?: number | undefined;
}

/**
 * Whether some backup or inbound copy of the fleet would fail under the bounds. AWS checks them when a job runs, not when a
 * lock is put (semantics §1.6), so nobody else would notice. Plans that could not be listed might be such: they count as one.
 */
export function jobsOutsideBounds(vault: ResourceKey, lock: VaultLockSpec, view: FleetView): boolean {
  if (!view.complete("plan", vault.target)) return true;
  return retentionsInto(vault, view).some((days) => !within(lock, days));
}

/** A job without a retention keeps for ever: that satisfies any minimum and breaks any maximum. */
export const within = (
  { minRetentionDays = 1, maxRetentionDays = Infinity }: Bounds,
  days: number | undefined,
): boolean => (days ?? Infinity) >= minRetentionDays && (days ?? Number.MAX_SAFE_INTEGER) <= maxRetentionDays;

/** Retentions, in days, of everything any plan writes into a vault: what is wanted where it is declared, else what is live. */
function retentionsInto(vault: ResourceKey, view: FleetView): readonly (number | undefined)[] {
  const { account, region } = vault.target;
  const arn = `arn:${partitionOf(region)}:backup:${region}:${account}:backup-vault:${vault.name}`;
  return plansOf(view).flatMap(({ key, rules }) =>
    rules.flatMap(({ targetBackupVaultName, lifecycle, copyActions = [] }) => [
      ...(sameTarget(key.target, vault.target) && targetBackupVaultName === vault.name
        ? [lifecycle?.deleteAfterDays]
        : []),
      ...copyActions
        .filter((copy) => copy.destinationBackupVaultArn === arn)
        // A copy without a retention of its own takes its source's (semantics §2.4).
        .map((copy) => copy.lifecycle?.deleteAfterDays ?? lifecycle?.deleteAfterDays),
    ]),
  );
}

function plansOf(view: FleetView) {
  const bodies = [
    ...view.live("plan").map(({ key, state }) => ({ key, body: state })),
    ...view.wanted("plan").map(({ key, spec }) => ({ key, body: spec })),
  ];
  return bodies.flatMap(({ key, body }) => {
    const plan = JobSources.safeParse(body);
    return plan.success ? [{ key, rules: plan.data.rules }] : [];
  });
}
