import type { RunRecord } from "../../attest/report/record.ts";
import type { Change } from "../../domain/change.ts";
import { showTarget, type Target } from "../../domain/identity.ts";
import type { Wave } from "../../domain/plan.ts";
import { governedKinds, kinds } from "../../kinds/index.ts";
import { needed } from "../../stages/scene.ts";
import type { WorkerRequest } from "./contract.ts";

/** Which targets a task is about, in the one order that coordinator and workers cut by. */
export function targetsFor(record: RunRecord, { task, wave }: Pick<WorkerRequest, "task" | "wave">): readonly Target[] {
  switch (task) {
    case "declared":
      return record.targets;
    case "governed":
      return governedTargets(record);
    case "survey":
      return needed(record.desired, "a desired state").fleet.targets;
    case "apply":
      return targetsChangedBy(workersPart(waveOf(record, wave)));
    default:
      return task satisfies never;
  }
}

export const shardOf = (
  record: RunRecord,
  request: Omit<WorkerRequest, "run" | "lease" | "record">,
): readonly Target[] =>
  targetsFor(record, request).slice(request.shard * request.size, (request.shard + 1) * request.size);

/** Those of the targets to look at that some rule reaches: in the others there is nothing to stream. */
function governedTargets({ desired, targets }: RunRecord): readonly Target[] {
  const ruled = new Set(needed(desired, "a desired state").rules.map(({ target }) => showTarget(target)));
  return targets.filter((target) => ruled.has(showTarget(target)));
}

export const waveOf = ({ plan }: RunRecord, wave: number | undefined): Wave =>
  needed(needed(plan, "a plan").waves[needed(wave, "the number of a wave")], `wave ${wave}`);

/** What of a wave is for workers to do. */
export const workersPart = (wave: Wave): Wave => wave.filter((change) => !isOwn(change));

/** What of a wave the coordinator does itself: destruction is by one hand, and a worker has no role for it (rule 24). */
export const ownPart = (wave: Wave): Wave => wave.filter(isOwn);

const isOwn = (change: Change): boolean =>
  change.effect === "destroys" || change.effect === "irreversible" || takesDestroyer(change);

function takesDestroyer(change: Change): boolean {
  if (change.action === "amend") {
    const kind = governedKinds.find(({ name }) => name === change.key.kind);
    return kind?.apply[change.finding.mend?.step ?? ""]?.role === "destroy";
  }
  const kind = kinds.find(({ name }) => name === change.key.kind);
  return (change.action === "prune" || change.action === "replace") && kind?.remove?.role === "destroy";
}

const targetsChangedBy = (changes: readonly Change[]): readonly Target[] =>
  [...new Map(changes.map(({ key: { target } }) => [showTarget(target), target])).entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, target]) => target);

/** A shard's part of a wave, as the journal and the report know it. */
export const changesOf = (
  record: RunRecord,
  request: Omit<WorkerRequest, "run" | "lease" | "record">,
): readonly Change[] => {
  const here = new Set(shardOf(record, request).map(showTarget));
  return workersPart(waveOf(record, request.wave)).filter(({ key }) => here.has(showTarget(key.target)));
};

export const partName = (shard: number): string => `s${String(shard).padStart(4, "0")}`;
