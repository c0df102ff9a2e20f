import { watchedWork } from "../../concerns/after.ts";
import { targetsOf } from "../../decide/settled.ts";
import type { Lease } from "../../ports.ts";
import { needed, type Scene } from "../../stages/scene.ts";
import { carryOutPart } from "../../stages/wave-part.ts";
import { lastSeen } from "../../stages/look.ts";
import { ownPart, targetsFor, waveOf } from "./shards.ts";

/** How far a look goes: targets, those of them with something to stream, and whether there was no look before. */
export async function extentOf({ record }: Scene) {
  const governed = targetsFor(record, { task: "governed" }).length;
  return { all: record.targets.length, governed, first: lastSeen(record) === undefined };
}

/**
 * What the waves of a plan take: in each, targets that workers change and changes that are the coordinator's own; and how many targets are
 * to be looked at again.
 */
export async function orderOf({ record, world }: Scene) {
  const plan = needed(record.plan, "a plan");
  const waves = plan.waves.map((changes, wave) => ({
    targets: targetsFor(record, { task: "apply", wave }).length,
    own: ownPart(changes).length,
  }));
  // Once for all: hundreds of workers at one list would only be in each other's way.
  if (waves.length > 0) await world.journal.enter(record.run.id);
  return { plan: plan.digest, waves, touched: targetsOf(plan.waves.flat()).length };
}

/** The coordinator's part of a wave. It goes on where one that died in the middle of it left off. */
export async function doOwnPart(scene: Scene, lease: Lease | undefined, wave: number, attempt: string): Promise<void> {
  const { record } = scene;
  const part = { wave, name: "own", changes: ownPart(waveOf(record, wave)), told: [] };
  const { outcomes, recovered } = await carryOutPart(scene, needed(lease, "a lease"), part, attempt);
  record.outcomes.push(...outcomes);
  record.recovered.push(...recovered);
}

/** How many targets to survey: none where there is no room for it, which the report then says. */
export async function prepareSurvey({ record, world }: Scene, hasRoom: (targets: number) => boolean): Promise<number> {
  const { askingSince } = await import("../../survey/survey.ts");
  const { carried, concerns = [] } = record.memory ?? {};
  const { ownerTags } = needed(record.desired, "a desired state").fleet;
  record.asking = askingSince(world.clock.now(), {
    last: carried?.surveyed,
    watched: watchedWork(concerns),
    ownerTags,
  });
  const targets = targetsFor(record, { task: "survey" }).length;
  if (hasRoom(targets)) return targets;
  record.limitations.push("The population was not surveyed: the run had no operations left for it.");
  return 0;
}
