import { touchedTargets, unsettledTargets } from "../decide/settled.ts";
import { judge } from "./judge.ts";
import { needed, type Scene } from "./scene.ts";

/** AWS shows some writes up to two minutes late (semantics §0.5). */
const PATIENCE_MS = 120_000;

/** How many targets were written to, each to be looked at again. */
export async function toSettle({ record, world }: Scene): Promise<number> {
  record.after = record.plan;
  record.patientUntil = new Date(world.clock.now().getTime() + PATIENCE_MS);
  record.targets = touchedTargets(record.outcomes);
  return record.targets.length;
}

/** Judges the world as this run leaves it. How many targets do not show yet what AWS accepted, while there is patience left. */
export async function judgeWhatIsLeft({ record, world: { clock } }: Scene): Promise<number> {
  const left = (record.after = judge(record, clock.now()));
  const patient =
    clock.monotonic() < record.run.deadline && clock.now() < needed(record.patientUntil, "an end of patience");
  record.targets = patient ? unsettledTargets(left, record.outcomes) : [];
  return record.targets.length;
}
