import pLimit from "p-limit";
import { inventoryWriter } from "../../attest/testify.ts";
import { HoldfastError } from "../../domain/errors.ts";
import { showTarget, type Target } from "../../domain/identity.ts";
import { declaredObserver, governedObserver } from "../../observe/observe.ts";
import type { Lease, Run, World } from "../../ports.ts";
import { observing } from "../../stages/look.ts";
import { needed, sceneOf, type Scene } from "../../stages/scene.ts";
import { carryOutPart } from "../../stages/wave-part.ts";
import type { WorkerAnswer, WorkerRequest } from "./contract.ts";
import type { Left, LookedAt, Parts } from "./parts.ts";
import { recordFrom, type RecordData } from "./record-data.ts";
import { changesOf, partName, shardOf } from "./shards.ts";

/** A worker at its task. */
interface Work {
  readonly request: WorkerRequest;
  readonly scene: Scene;
  readonly lease: Lease;
  /** Of this worker alone. */
  readonly attempt: string;
}

/**
 * Carries one shard of a run as far as its time allows, under the run's lease, and leaves what came of it among the run's papers. Safe to be
 * done again by another, whenever this one dies. `deadline`: monotonic milliseconds after which no new work is started.
 */
export async function workOnShard(
  request: WorkerRequest,
  world: World,
  { deadline, attempt, reporter }: { readonly attempt: string } & Pick<Run, "deadline" | "reporter">,
): Promise<WorkerAnswer> {
  const data = await world.papers.read<RecordData>(request.run, request.record);
  const record = recordFrom(data, { ...data.run, reporter, deadline });
  if (request.plan !== undefined && request.plan !== record.plan?.digest)
    throw new HoldfastError(
      "paper-refused",
      `this shard is of plan ${request.plan}, and the run's record holds plan ${record.plan?.digest ?? "none"}: nothing is written`,
    );
  const lease = await world.leases.join(request.run, request.lease);
  try {
    const { left, more } = await perform({ request, scene: sceneOf(record, world), lease, attempt });
    return { state: more ? "MORE" : "DONE", paper: await world.papers.keep(request.run, left) };
  } finally {
    await lease.leave();
  }
}

/** What there is to leave, and whether time ran out before the end of it. */
interface Done<Part extends Left> {
  readonly left: Part;
  readonly more: boolean;
}

function perform(work: Work): Promise<Done<Parts[keyof Parts]>> {
  switch (work.request.task) {
    case "declared":
      return lookAtDeclared(work);
    case "governed":
      return lookAtGoverned(work);
    case "survey":
      return survey(work);
    case "apply":
      return apply(work);
    default:
      return work.request.task satisfies never;
  }
}

async function lookAtDeclared(work: Work): Promise<Done<Parts["declared"]>> {
  const { scene } = work;
  const desired = needed(scene.record.desired, "a desired state");
  return overTargets(work, await before<Parts["declared"]>(work), declaredObserver(desired, observing(scene)));
}

/** The rows go to an attachment of this worker's own. */
async function lookAtGoverned(work: Work): Promise<Done<Parts["governed"]>> {
  const { scene, request } = work;
  const { desired, glimpse, before: first } = scene.record;
  const earlier = await before<Parts["governed"]>(work);
  const inventory = inventoryWriter(scene.world.evidence, inventoryName(request.shard, earlier.attachments.length));
  // As in a run of one process, the list is of what was there when it came.
  const sink = first ? undefined : inventory.write;
  const look = governedObserver(
    needed(desired, "a desired state"),
    needed(glimpse, "a first pass"),
    observing(scene, sink),
  );
  const { left, more } = await overTargets(work, earlier, look);
  const attachment = await inventory.finish();
  return { left: { ...left, attachments: [...left.attachments, ...(attachment ? [attachment] : [])] }, more };
}

/** `inventory-0003.ndjson.gz`; of a worker that went on with the shard, `inventory-0003-2.ndjson.gz`. */
const inventoryName = (shard: number, earlier: number): string =>
  `inventory-${String(shard).padStart(4, "0")}${earlier > 0 ? `-${earlier + 1}` : ""}.ndjson.gz`;

async function survey(work: Work): Promise<Done<Parts["survey"]>> {
  const { surveyTarget } = await import("../../survey/survey.ts");
  const { record, fleet } = work.scene;
  const asking = needed(record.asking, "a window to survey");
  return overTargets(work, await before<Parts["survey"]>(work), (target) =>
    surveyTarget(fleet().reader(target), target, asking),
  );
}

async function apply(work: Work): Promise<Done<Parts["apply"]>> {
  const { request, scene, lease, attempt } = work;
  const { world, record } = scene;
  const { outcomes: told, asked } = request.from
    ? await world.papers.read<Parts["apply"]>(request.run, request.from)
    : { outcomes: [], asked: NOTHING };
  const part = {
    wave: needed(request.wave, "the number of a wave"),
    name: partName(request.shard),
    changes: changesOf(record, request),
    told,
  };
  const result = await carryOutPart(scene, lease, part, attempt);
  const late = result.outcomes.some((outcome) => outcome.result === "skipped" && outcome.because === "deadline");
  return { left: { ...result, asked: askedIn(work, asked) }, more: late && isOutOfTime(scene) };
}

const NOTHING = { calls: {}, observations: [] };

/** What earlier workers of the shard left. */
const before = <Part extends LookedAt<unknown>>({ request, scene }: Work): Promise<Part | typeof UNBEGUN> =>
  request.from ? scene.world.papers.read<Part>(request.run, request.from) : Promise.resolve(UNBEGUN);

const UNBEGUN: LookedAt<never> = { seen: [], attachments: [], asked: NOTHING };

/** Every target of the shard that nobody has come to yet, until time runs out: none is begun after that. */
async function overTargets<Seen>(
  work: Work,
  earlier: LookedAt<Seen>,
  look: (target: Target) => Promise<Seen>,
): Promise<Done<LookedAt<Seen>>> {
  const { request, scene } = work;
  const { record } = scene;
  const done = new Set(earlier.seen.map(({ target }) => showTarget(target)));
  const targets = shardOf(record, request).filter((target) => !done.has(showTarget(target)));
  const limit = pLimit(needed(record.desired, "a desired state").fleet.guardrails.concurrency);
  const seen = await Promise.all(
    targets.map((target) => limit(async () => (isOutOfTime(scene) ? [] : [{ target, seen: await look(target) }]))),
  );
  const fresh = seen.flat();
  return {
    left: { ...earlier, seen: [...earlier.seen, ...fresh], asked: askedIn(work, earlier.asked) },
    more: fresh.length < targets.length,
  };
}

const isOutOfTime = ({ world, record }: Scene): boolean => world.clock.monotonic() >= record.run.deadline;

/** What this worker and those before it asked: of the run's own record, which is the coordinator's to tell, nothing. */
function askedIn({ scene: { record } }: Work, earlier: Left["asked"]): Left["asked"] {
  const { fleet } = record;
  const calls = { ...earlier.calls };
  for (const [pace, count] of Object.entries(fleet?.calls() ?? {})) calls[pace] = (calls[pace] ?? 0) + count;
  return { calls, observations: [...earlier.observations, ...(fleet?.observations() ?? [])] };
}
