import type { Coverage } from "../domain/survey.ts";
import { protectableType } from "../kinds/protectable.ts";
import type { EndedJob } from "./reads.ts";

/** Rows of a listing as far as they were read, and whether that was all of them. */
export interface Part<Row> {
  readonly rows: readonly Row[];
  readonly complete: boolean;
}

export interface ProtectedResource {
  readonly arn: string;
  readonly type: string | undefined;
  readonly hasBackup: boolean;
}

/**
 * Coverage of one target. The population is what either listing shows. That a resource has no recovery point is concluded from a whole
 * listing of those that have one and from nothing else (law 1): without it nobody can tell of the rest, and it is not called unprotected.
 */
export function coverageOf(tagged: Part<string>, backedUp: Part<ProtectedResource>, jobs: Part<EndedJob>): Coverage {
  const types = new Map<string, string>();
  for (const arn of tagged.rows) {
    const type = protectableType(arn);
    if (type !== undefined) types.set(arn, type);
  }
  for (const { arn, type } of backedUp.rows) types.set(arn, type ?? types.get(arn) ?? "");
  const covered = new Set(backedUp.rows.filter(({ hasBackup }) => hasBackup).map(({ arn }) => arn));
  const rest = backedUp.complete ? [...types].filter(([arn]) => !covered.has(arn)) : [];
  return {
    complete: tagged.complete && backedUp.complete && jobs.complete,
    population: types.size,
    protected: covered.size,
    unprotected: rest.map(([arn, type]) => ({ arn, type, reason: "no-recovery-point" })),
    byPlan: resourcesByPlan(jobs.rows),
  };
}

/** Resources, each once a plan, of which a plan's backup job completed. */
function resourcesByPlan(jobs: readonly EndedJob[]): Record<string, number> {
  const completed = jobs.filter(({ kind, state }) => kind === "backup" && state === "COMPLETED");
  const resources = new Map<string, Set<string>>();
  for (const { plan, resource } of completed)
    if (plan !== undefined) resources.set(plan, (resources.get(plan) ?? new Set()).add(resource));
  return Object.fromEntries([...resources].map(([plan, all]) => [plan, all.size]));
}

/** Coverage of all targets. An ARN names its target, a bucket's apart, which is in one Region: nothing is counted twice. */
export const coverageOver = (targets: readonly Coverage[]): Coverage => ({
  complete: targets.every(({ complete }) => complete),
  population: targets.reduce((sum, { population }) => sum + population, 0),
  protected: targets.reduce((sum, one) => sum + one.protected, 0),
  unprotected: targets.flatMap(({ unprotected }) => unprotected).toSorted((a, b) => (a.arn < b.arn ? -1 : 1)),
  byPlan: addedUp(targets.map(({ byPlan }) => byPlan)),
});

/** Counts of the same name added. */
export function addedUp(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const one of counts)
    for (const [name, count] of Object.entries(one)) sums.set(name, (sums.get(name) ?? 0) + count);
  return Object.fromEntries(sums);
}
