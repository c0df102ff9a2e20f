import { adoptedBy } from "../attest/memory/carry.ts";
import type { Applying } from "../apply/applying.ts";
import { governedKinds, kinds } from "../kinds/index.ts";
import type { Lease } from "../ports.ts";
import { needed, type Scene } from "./scene.ts";

/** What carrying out takes. No lease, no writer. */
export function applying({ record, world, fleet }: Scene, lease: Lease): Applying {
  const { name, guardrails } = needed(record.desired, "a desired state").fleet;
  return {
    run: record.run.id,
    fleetName: name,
    concurrency: guardrails.concurrency,
    kinds,
    governed: governedKinds,
    world: fleet(),
    lease,
    journal: world.journal,
    clock: world.clock,
    progress: world.progress,
    deadline: record.run.deadline,
    decidedOn: needed(record.decidedOn, "a decision"),
    reportSequence: record.memory?.head?.sequence ?? 0,
    adopted: adoptedBy(record),
  };
}
