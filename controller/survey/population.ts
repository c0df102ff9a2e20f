import { describeRegionSettings } from "../aws/backup-operations.ts";
import { step } from "../aws/operation.ts";
import { failureOf } from "../domain/errors.ts";
import { declaredSteps } from "../kinds/define-kind.ts";
import { merged } from "../kinds/protected-resource/population/merge.ts";
import { readSources } from "../kinds/protected-resource/population/sources.ts";
import { POPULATION_READS } from "../kinds/protected-resource/population/stream.ts";
import type { Candidate, OptIns } from "../kinds/selection/evaluate.ts";

/** The Region's opt-ins, and the resources of a target that any listing shows, as selections see them; and what could not be read, in words. */
export const populationOf = step("observe")([...POPULATION_READS, describeRegionSettings], async (call, target) => {
  const sources = await readSources(call, target, null);
  const unread = sources.failures.map(({ operation, message }) => `${operation}: ${message}`);
  let optIns: OptIns | undefined;
  try {
    optIns = (await call(describeRegionSettings, {})).ResourceTypeOptInPreference;
  } catch (error) {
    const { operation, message } = failureOf(error);
    unread.push(`${operation}: ${message}`);
  }
  return { resources: candidates(sources), unread, ...(optIns ? { optIns } : {}) };
});

function* candidates(sources: Awaited<ReturnType<typeof readSources>>): Generator<Candidate> {
  for (const { arn, type, tags } of merged(sources))
    yield { arn, types: type === "" ? [] : type.split(", "), ...(tags ? { tags } : {}) };
}

/** What the observe role's policy is drawn from, besides the survey. */
export const POPULATION_STEPS = declaredSteps("population", { populationOf });
