import type { RunRecord } from "../attest/report/record.ts";
import { recoveredRows } from "../attest/report/recovered.ts";
import { decide } from "../decide/decide.ts";
import { KindTable } from "../decide/kind-table.ts";
import { recover } from "../decide/recover.ts";
import type { Plan } from "../domain/plan.ts";
import { governedKinds, kinds } from "../kinds/index.ts";
import { groundsOf } from "../memory.ts";
import { lastSeen } from "./look.ts";
import { needed, type LookingScene } from "./scene.ts";

/** All kinds that there are. */
export const table = new KindTable(kinds, governedKinds);

/** The decision over all that was seen last. */
export const judge = (record: RunRecord, now: Date): Plan =>
  decide(needed(record.desired, "a desired state"), needed(lastSeen(record), "a look"), groundsOf(record, now), table);

/** Decides, and where nothing but the reading of the chain keeps a destruction from going, reads it and decides again (law 3). */
export async function makePlan({ record, world: { clock, history, progress } }: LookingScene): Promise<Plan> {
  progress({ stage: "decide", warnings: needed(record.desired, "a desired state").warnings });
  const plan = judge(record, clock.now());
  if (plan.unproven.length > 0) record.standing = await history.standing(plan.unproven);
  record.decidedOn = clock.now();
  return (record.plan = plan.unproven.length > 0 ? judge(record, clock.now()) : plan);
}

/** The plan of a run that is to act; and what dead ones did, as far as looking shows it. */
export async function decideAndRecover(scene: LookingScene): Promise<void> {
  const { record } = scene;
  const { drift } = await makePlan(scene);
  const { governed } = needed(lastSeen(record), "a look");
  record.recovered.push(...recoveredRows(record.dead, (intent) => recover(intent, drift, governed)));
}
