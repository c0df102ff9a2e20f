import { expect } from "vitest";
import { runAndDie, runUntil, untold } from "./crash.ts";
import { footprint } from "./footprint.ts";
import { callCount, mutationsOf } from "./runs.ts";
import { twins } from "./unread.ts";
import { stage, type World } from "./worlds.ts";

/** Kills a controller at every call it makes in a world, before it and after; whoever comes next must end where nobody died. */
export async function killEverywhere(law: string, world: World, least: number): Promise<void> {
  const wanted = await undisturbed(world, least);
  let [points, wrote] = [0, 0];
  for (let died = true; died; points += died ? 1 : 0) {
    died = false;
    for (const when of ["before", "after"] as const) {
      const u = await stage(world);
      const dead = await runAndDie(u, { at: points + 1, when });
      if (!dead) break;
      died = true;
      wrote += dead.done.length > 0 ? 1 : 0;
      const killed = `killed ${when} call ${points + 1}`;
      expect(await runUntil(u, wanted), killed).toBe(wanted);
      expect(twins(u.simulator), killed).toEqual([]);
      expect(untold(u.simulator, dead), killed).toEqual([]);
    }
  }
  expect(wrote).toBeGreaterThanOrEqual(2 * least);
  console.log(
    `${law}: ${points} kill points × before and after = ${points * 2} crashes, ${wrote} of them after a write`,
  );
}

/** Where the world comes to rest when nobody dies. `least`: writes without which it would be no world to die in. */
async function undisturbed(world: World, least: number): Promise<string> {
  const u = await stage(world);
  const from = callCount(u);
  for (let run = 0; run < 3; run++) await u.run();
  expect(mutationsOf(u, from).filter(({ outcome }) => outcome === "ok").length).toBeGreaterThanOrEqual(least);
  return footprint(u.simulator);
}
