import { watchedWork } from "../concerns/after.ts";
import { kinds } from "../kinds/index.ts";
import { misnamedIn } from "../survey/misnamed.ts";
import { vaultRows } from "../survey/vaults.ts";
import { lastSeen } from "./look.ts";
import { tellCoverageEffect } from "./tell-coverage.ts";
import { needed, type Scene } from "./scene.ts";

/**
 * Vaults and names as they were seen last; and whether the population is to be surveyed. A run over a part of the fleet tells only which jobs went
 * wrong there: the next whole one goes on from where the last left off.
 */
export async function takeStock(scene: Scene): Promise<boolean> {
  const { record } = scene;
  const listings = lastSeen(record)?.listings ?? [];
  record.vaults = vaultRows(listings, kinds);
  record.misnamed = misnamedIn(listings, record.desired?.fleet.naming, kinds);
  await tellCoverageEffect(scene);
  if (record.run.scope === undefined) return true;
  await askHowJobsWent(scene);
  return false;
}

async function askHowJobsWent({ record, world: { clock }, fleet }: Scene): Promise<void> {
  const { jobsSinceSurvey } = await import("../survey/since-survey.ts");
  const { targets, guardrails } = needed(record.desired, "a desired state").fleet;
  record.sinceSurvey = await jobsSinceSurvey(targets, {
    clock,
    fleet: fleet(),
    concurrency: guardrails.concurrency,
    ...remembered(record),
  });
}

/** Where the last survey left off, the work that it is to be found out of whether it has been done since, and what names an owner. */
const remembered = ({ memory, desired }: Scene["record"]) => ({
  last: memory?.carried.surveyed,
  watched: watchedWork(memory?.concerns ?? []),
  ownerTags: desired?.fleet.ownerTags,
});

/** What the report says beyond what manifests select. It comes last: nothing waits for it, and nothing is decided by it. */
export async function surveyFleet({ record, world: { clock }, fleet }: Scene): Promise<void> {
  // Read when it is its turn: no run waits for it before it has mended what there was to mend (decision 10).
  const { survey } = await import("../survey/survey.ts");
  const { targets, guardrails } = needed(record.desired, "a desired state").fleet;
  record.survey = await survey(targets, {
    clock,
    fleet: fleet(),
    concurrency: guardrails.concurrency,
    ...remembered(record),
  });
}
