import pLimit from "p-limit";
import { runStep } from "../aws/operation.ts";
import { EffectTally } from "../protection/effect.ts";
import { type Worlds, worldsOf } from "../protection/worlds.ts";
import { needed, type LookingScene } from "./scene.ts";

/** Targets whose resources are looked at: beyond these an effect is told as unknown, for a change of a whole fleet says itself what it does. */
const MOST_TARGETS = 100;
const READERS = 4;

/**
 * What the plan's changes of selections and opt-ins do to the resources that they take in, judged as the world was when it was decided. It
 * reads the resources of targets with such changes and of no other, and nothing rests on it: no hold goes away by what it says.
 */
export async function tellCoverageEffect({ record, world: { clock }, fleet }: LookingScene): Promise<void> {
  const worlds = worldsOf(needed(record.plan, "a plan"), needed(record.before, "a look"));
  if (worlds.length === 0) return;
  // Read when it is its turn: most runs change no selection.
  const { populationOf } = await import("../survey/population.ts");
  const tally = new EffectTally();
  const limit = pLimit(READERS);
  const look = async (one: Worlds): Promise<void> => {
    if (clock.monotonic() >= record.run.deadline) tally.skip(one.target, "there was no time left to look");
    else tally.take(one, await runStep(populationOf, fleet().reader(one.target), one.target));
  };
  await Promise.all(worlds.slice(0, MOST_TARGETS).map((one) => limit(() => look(one))));
  for (const { target } of worlds.slice(MOST_TARGETS)) tally.skip(target, `more than ${MOST_TARGETS} targets change`);
  record.coverageEffect = tally.told();
}
