import { unreportedOutcomes } from "../attest/report/unreported.ts";
import { instant } from "../domain/identity.ts";
import type { Scene } from "./scene.ts";

/** What dead runs left behind. Where it cannot be read nobody can tell what they did, and no run begins. */
export async function findTheDead({ record, world }: Scene): Promise<void> {
  record.dead = (await world.journal.unclosed()).filter(({ run }) => run !== record.run.id);
}

/** Remembers what the chain says, and proves that a report can be signed and published before anything is written (rule 23). */
export async function begin({ record, world }: Scene): Promise<void> {
  record.memory = await world.history.read();
  record.unreported = unreportedOutcomes(record.dead, record.startedOn);
  await world.evidence.open(record.run.id, instant(record.startedOn));
  // What AWS calls it is told in the report; a run does not depend on it.
  record.caller = await world.organization.caller().catch(() => undefined);
}
