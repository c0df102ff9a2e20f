/**
 * Restore testing plans by the clock: at each run one recovery point of every resource that a selection takes in is restored, and what was
 * restored goes once its validation is over (semantics §6.1; Developer Guide, "Restore testing").
 */
import { matchesWildcard } from "../iam/wildcard.ts";
import { digestOf } from "./digest.ts";
import { addRestoreJobTo } from "./restore-runs.ts";
import { nextRun } from "./schedule.ts";
import type { BackupState, RecoveryPoint, RestoreTestingPlan, RestoreTestingSelection } from "./state.ts";
import { addDays } from "./time.ts";

/** Puts the next run on the agenda, counted from `after`: an older entry is void once the plan was updated. */
export function scheduleTests(state: BackupState, plan: RestoreTestingPlan, after: Date): void {
  const at = nextRun(plan.schedule, plan.timezone, after);
  if (at !== undefined) state.agenda.add(at, { what: "tests-due", plan, version: plan.version });
}

/** Jobs start at the beginning of the start window. */
export function testsDue(state: BackupState, plan: RestoreTestingPlan, version: number, at: Date): void {
  if (state.restoreTestingPlans.get(plan.name) !== plan || plan.version !== version) return;
  scheduleTests(state, plan, at);
  plan.lastExecution = at;
  const candidates = candidatesOf(state, plan, at);
  for (const selection of plan.selections) {
    for (const [resource, points] of candidates) {
      const taken = points.filter((point) => isTakenIn(state, selection, point));
      const point = chosen(taken, plan, `${resource} ${at.toISOString()}`);
      if (point === undefined) continue;
      addRestoreJobTo(state, at, {
        point,
        role: selection.role,
        testing: { planArn: plan.arn, validationWindowHours: selection.validationWindowHours },
        ...obstacleTo(selection),
      });
    }
  }
}

/** Points that the plan lets be tested, by the resource that they are of. */
function candidatesOf(state: BackupState, { points }: RestoreTestingPlan, at: Date): Map<string, RecoveryPoint[]> {
  const since = addDays(at, -points.SelectionWindowDays);
  const isNamed = (arn: string, patterns: readonly string[]) => patterns.some((one) => matchesWildcard(one, arn));
  const found = new Map<string, RecoveryPoint[]>();
  for (const vault of state.vaults.values()) {
    if (!isNamed(vault.arn, points.IncludeVaults) || isNamed(vault.arn, points.ExcludeVaults)) continue;
    for (const point of vault.points) {
      if (point.status !== "COMPLETED" && point.status !== "AVAILABLE") continue;
      if (!points.RecoveryPointTypes.includes(point.continuous ? "CONTINUOUS" : "SNAPSHOT")) continue;
      // A continuous point is of every moment up to its last sync.
      if ((point.continuous ? (point.lastSync ?? point.creationDate) : point.creationDate) < since) continue;
      found.set(point.resourceArn, [...(found.get(point.resourceArn) ?? []), point]);
    }
  }
  return found;
}

/** By the type, and by ARN or by what the point says of its resource's tags: a resource that is gone is tested too. */
function isTakenIn(state: BackupState, selection: RestoreTestingSelection, point: RecoveryPoint): boolean {
  if (point.resourceType !== selection.type) return false;
  if (!selection.arns.includes("*")) return selection.arns.includes(point.resourceArn);
  const tags = tagsOf(state, point);
  const valueOf = (key: string | undefined) => tags[(key ?? "").replace(/^aws:ResourceTag\//, "")];
  return (
    selection.equals.every(({ Key, Value }) => valueOf(Key) === Value) &&
    selection.notEquals.every(({ Key, Value }) => valueOf(Key) !== Value)
  );
}

function tagsOf({ world, account, region }: BackupState, point: RecoveryPoint): Readonly<Record<string, string>> {
  for (const resource of world.protectedResources(account, region))
    if (resource.arn === point.resourceArn) return resource.tags;
  return point.tags;
}

/** At random means: by digest, so that histories repeat exactly. */
function chosen(points: readonly RecoveryPoint[], plan: RestoreTestingPlan, seed: string): RecoveryPoint | undefined {
  const sorted = points.toSorted((a, b) => b.creationDate.getTime() - a.creationDate.getTime());
  if (plan.points.Algorithm === "LATEST_WITHIN_WINDOW") return sorted[0];
  return sorted[Number.parseInt(digestOf(seed).slice(0, 8), 16) % Math.max(1, sorted.length)];
}

/** File systems cannot be restored where nobody says into which subnet ("Restore testing inferred metadata"). */
function obstacleTo({ type, overrides }: RestoreTestingSelection): { readonly obstacle?: string } {
  const names = Object.keys(overrides).map((key) => key.toLowerCase());
  return type === "FSx" && !names.includes("subnetids")
    ? { obstacle: "Restore job failed: subnetIds are required to restore a file system." }
    : {};
}
