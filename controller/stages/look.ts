import { adoptedBy } from "../attest/memory/carry.ts";
import type { RunRecord } from "../attest/report/record.ts";
import { inventoryWriter } from "../attest/testify.ts";
import { replaceTargets } from "../decide/settled.ts";
import type { Target } from "../domain/identity.ts";
import type { Inventory } from "../domain/inventory.ts";
import { governedKinds, kinds } from "../kinds/index.ts";
import { foldMemory } from "../memory.ts";
import type { RowSink } from "../observe/governed.ts";
import { observe, type Observing } from "../observe/observe.ts";
import { needed, type LookingScene, type Scene } from "./scene.ts";

/** Findings of a sort kept a partition: more than a run could mend at AWS's five edits a second in its quarter of an hour. */
const ROOM = 5_000;

/** What looking takes: the last view of the fleet is what targets that are looked at again are judged in the light of. */
export function observing({ record, world, fleet }: LookingScene, sink?: RowSink): Observing {
  const earlier = lastSeen(record);
  return {
    clock: world.clock,
    progress: world.progress,
    fleet: fleet(),
    kinds,
    governed: governedKinds,
    adopted: adoptedBy(record),
    memory: foldMemory(record, world.clock.now()),
    room: ROOM,
    ...(sink ? { sink } : {}),
    ...(earlier ? { earlier } : {}),
  };
}

export const lastSeen = ({ seen, before }: RunRecord): Inventory | undefined => seen ?? before;

/** Looks at the targets that are next, and keeps what it sees. */
export async function look(scene: LookingScene, sink?: RowSink): Promise<void> {
  const { record } = scene;
  const desired = needed(record.desired, "a desired state");
  takeIn(record, await observe(desired, record.targets, observing(scene, sink)), record.targets);
}

/** The first look is what the report's listings tell of; later ones are laid over it. */
export function takeIn(record: RunRecord, fresh: Inventory, targets: readonly Target[]): void {
  const last = lastSeen(record);
  if (last) record.seen = replaceTargets(last, fresh, targets);
  else record.before = fresh;
}

/** A first look, all its rows put into the inventory attachment. */
export async function lookFirst(scene: Scene): Promise<void> {
  const inventory = inventoryWriter(scene.world.evidence);
  try {
    await look(scene, inventory.write);
  } finally {
    const attachment = await inventory.finish();
    if (attachment) scene.record.attachments.push(attachment);
  }
}
