import { watchedWork } from "../concerns/after.ts";
import { kinds } from "../kinds/index.ts";
import { vaultRows } from "../survey/vaults.ts";
import { lastSeen } from "./look.ts";
import { needed, type Scene } from "./scene.ts";

/**
 * Vaults as they were seen last; and whether the population is to be surveyed. A run over a part of the fleet tells of none: the next whole
 * one goes on from where the last left off.
 */
export async function takeStock({ record }: Scene): Promise<boolean> {
  record.vaults = vaultRows(lastSeen(record)?.listings ?? [], kinds);
  return record.run.scope === undefined;
}

/** What the report says beyond what manifests select. It comes last: nothing waits for it, and nothing is decided by it. */
export async function surveyFleet({ record, world: { clock }, fleet }: Scene): Promise<void> {
  // Read when it is its turn: no run waits for it before it has mended what there was to mend (decision 10).
  const { survey } = await import("../survey/survey.ts");
  const { targets, guardrails } = needed(record.desired, "a desired state").fleet;
  const { carried, concerns = [] } = record.memory ?? {};
  record.survey = await survey(targets, {
    clock,
    fleet: fleet(),
    concurrency: guardrails.concurrency,
    last: carried?.surveyed,
    watched: watchedWork(concerns),
  });
}
