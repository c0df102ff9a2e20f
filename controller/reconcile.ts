import { RunRecord } from "./attest/report/record.ts";
import type { CoverageEffect } from "./domain/coverage-effect.ts";
import type { DesiredState } from "./domain/desired.ts";
import type { Inventory } from "./domain/inventory.ts";
import type { Plan } from "./domain/plan.ts";
import type { Engine } from "./engines/engine.ts";
import { inlineEngine } from "./engines/inline/inline.ts";
import type { RowSink } from "./observe/governed.ts";
import type { FleetReader, OwnReport, Reading, Run, StandDown, World } from "./ports.ts";
import { begin, findTheDead } from "./stages/begin.ts";
import { decideAndRecover, makePlan } from "./stages/judge.ts";
import { loadDesired } from "./stages/load-desired.ts";
import { look } from "./stages/look.ts";
import { publish, standDown, type Concluded } from "./stages/publish.ts";
import { needed, sceneOf } from "./stages/scene.ts";
import { judgeWhatIsLeft, toSettle } from "./stages/settle.ts";
import { takeStock } from "./stages/take-stock.ts";

/** What a run ends with: its report, or the word that another run has the fleet. */
export type Finished =
  | { readonly ended: "reported"; readonly published: OwnReport }
  | { readonly ended: "stood-down"; readonly record: StandDown; readonly url: string | null };

/** What should change and why, with what it was worked out from. */
export interface Proposal<Fleet extends FleetReader = FleetReader> {
  readonly desired: DesiredState;
  readonly fleet: Fleet;
  readonly inventory: Inventory;
  readonly plan: Plan;
  /** Absent: no change touches what selections take in, or nobody asked. */
  readonly coverageEffect?: CoverageEffect;
}

/** Bring every target to its desired state, and leave evidence of what was found and done: in this process, from beginning to end. */
export async function reconcile(run: Run, world: World): Promise<Finished> {
  const record = new RunRecord(run, world.clock.now());
  const { ended } = await perform(inlineEngine(record, world));
  return ended === "reported"
    ? { ended, published: needed(record.published, "a report") }
    : { ended, ...needed(record.stoodDown, "a stand-down") };
}

/** The sentence, under the fleet's lease, whatever carries it. It rejects only where there can be no report. */
export async function perform(engine: Engine): Promise<Concluded> {
  const holder = await engine.begin();
  if (holder !== undefined) return engine.act("stand down", (scene) => standDown(scene, holder));
  try {
    await engine.act("find the dead", findTheDead);
    await attempt(engine);
    return await engine.conclude("publish", publish);
  } finally {
    await engine.end();
  }
}

/** Load, observe, decide, apply, and look again. Whatever breaks it off goes into the report. */
async function attempt(engine: Engine): Promise<void> {
  try {
    await engine.act("begin", begin);
    await engine.act("load", loadDesired);
    await engine.look("look");
    await engine.act("decide", decideAndRecover);
    await engine.carryOut();
    await settle(engine);
    if (await engine.act("take stock", takeStock)) await engine.survey();
  } catch (error) {
    await engine.act("break off", async ({ record }) => record.abort(error));
  }
}

/** Looks again at the targets that were written to, until what AWS accepted shows or patience runs out: the world as this run leaves it. */
async function settle(engine: Engine): Promise<void> {
  let left = await engine.act("see what was touched", toSettle);
  for (let round = 1; left > 0; round += 1) {
    if (round > 1 && !(await engine.pause())) return;
    await engine.look(`look again ${round}`);
    left = await engine.act(`judge what is left ${round}`, judgeWhatIsLeft);
  }
}

/** What should change, and why. Reads only: this much is `holdfast plan`. */
export async function propose<Fleet extends FleetReader>(
  record: RunRecord,
  world: Omit<Reading, "enter" | "log"> & { enter: (...access: Parameters<Reading["enter"]>) => Fleet },
  sink?: RowSink,
): Promise<Proposal<Fleet>> {
  const scene = sceneOf<Fleet, typeof world>(record, world);
  await loadDesired(scene);
  await look(scene, sink);
  const plan = await makePlan(scene);
  const { desired, before } = record;
  return {
    desired: needed(desired, "a desired state"),
    fleet: scene.fleet(),
    inventory: needed(before, "a look"),
    plan,
  };
}
