import { inScope, widened } from "../decide/scope.ts";
import type { DesiredState } from "../domain/desired.ts";
import { load } from "../load/load.ts";
import type { History } from "../ports.ts";
import { table } from "./judge.ts";
import type { LookingScene } from "./scene.ts";

/** What should be, as far as this run may look, and all of it to be looked at. */
export async function loadDesired({ record, world }: LookingScene): Promise<void> {
  world.progress({ stage: "load" });
  const snapshot = await world.source.read();
  record.revision = snapshot.revision;
  record.pack = snapshot.pack;
  const whole = await load(snapshot, world.organization, world.clock.now());
  const desired = (record.desired = inScope(whole, widened(whole, record.run.scope, table)));
  record.targets = desired.fleet.targets;
  record.groups = await groupMembers(desired, world.history);
}

/** The members of the groups that approvals name, each as the report they name lists them (rule 7). A group that is not there covers nothing. */
async function groupMembers(
  { approvals }: DesiredState,
  history: History,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const members = new Map<string, readonly string[]>();
  for (const { id, report } of approvals.flatMap(({ groups }) => groups)) {
    const found = members.has(id) ? undefined : await history.group(report, id);
    if (found) members.set(id, found);
  }
  return members;
}
