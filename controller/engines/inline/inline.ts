import { apply } from "../../apply/apply.ts";
import type { RunRecord } from "../../attest/report/record.ts";
import type { Lease, World } from "../../ports.ts";
import { applying } from "../../stages/carry-out.ts";
import { lastSeen, look, lookFirst } from "../../stages/look.ts";
import { needed, sceneOf, type Scene } from "../../stages/scene.ts";
import { surveyFleet } from "../../stages/take-stock.ts";
import type { Engine } from "../engine.ts";

const PAUSE_MS = 2_000;

/** The whole run in one process: it stops starting work at its deadline, and defers the rest. */
export function inlineEngine(record: RunRecord, world: World): Engine {
  const scene: Scene = sceneOf(record, world);
  let lease: Lease | undefined;
  return {
    begin: async () => {
      const taken = await world.leases.take(record.run.id);
      if ("heldBy" in taken) return taken.heldBy;
      lease = taken;
      return undefined;
    },
    act: (_name, work) => work(scene),
    conclude: (_name, work) => work(scene),
    look: () => (lastSeen(record) ? look(scene) : lookFirst(scene)),
    carryOut: () => apply(needed(record.plan, "a plan"), applying(scene, needed(lease, "a lease")), record.outcomes),
    survey: () => surveyFleet(scene),
    pause: async () => {
      await world.clock.sleep(PAUSE_MS);
      return true;
    },
    end: async () => {
      await lease?.release().catch((error: unknown) => notGivenBack(error, record, world));
    },
  };
}

/** The next run need not wait for the lease to run out. Where the store is out of reach it will, and this run came to what it came to. */
function notGivenBack(error: unknown, { run }: RunRecord, { log }: World): void {
  log("lease-not-given-back", { holder: run.id, error: error instanceof Error ? error.message : String(error) });
}
