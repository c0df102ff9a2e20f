import { withOutcomes } from "./attest/memory/carry-destruction.ts";
import { handedOver } from "./attest/memory/carry-tested.ts";
import { NOTHING_CARRIED } from "./attest/memory/carry.ts";
import type { RunRecord } from "./attest/report/record.ts";
import type { Grounds } from "./decide/decide.ts";
import { graceEnds } from "./domain/announcement.ts";
import { announcedAs } from "./domain/announcement.ts";
import type { Bar } from "./domain/change.ts";
import type { Carried } from "./domain/carried.ts";
import { classKey } from "./domain/tested.ts";
import type { FoldMemory } from "./kinds/kind.ts";
import type { Run } from "./ports.ts";

/** What earlier reports say, as looking and deciding take it (rule 31). */

/** What governed resources are judged in the light of. */
export function foldMemory(record: RunRecord, now: Date): FoldMemory {
  const { announcements = [], sightings = [], tested = [] } = record.memory ?? {};
  const carried = carriedBy(record);
  const policies = new Map((carried.policies ?? []).map(({ policy, firstOn }) => [policy, new Date(firstOn)]));
  return {
    watched: new Set((carried.deletions ?? []).map(({ subject }) => subject)),
    announced: new Set(announcements.map(announcedAs)),
    // A shortening announced deletes nothing on that day.
    dueOn: new Map(announcements.filter((one) => one.deleteOn === null).map((one) => [one.subject, graceEnds(one)])),
    missing: new Map(sightings.map((one) => [one.resource, one])),
    knownSince: (policy) => policies.get(policy),
    tested: new Map(tested.map((one) => [classKey(one), one])),
    handed: new Set(handedOver(carried.handed, record.outcomes, now).map(({ jobId }) => jobId)),
  };
}

/** What a decision rests on besides the desired and the live state. */
export function groundsOf(record: RunRecord, now: Date): Grounds {
  const { memory, run, standing, groups } = record;
  return {
    carried: carriedBy(record),
    announcements: memory?.announcements ?? [],
    standing,
    groups,
    inSync: memory?.inSync ?? new Map(),
    partial: run.scope !== undefined,
    harmless: harmless(run),
    now,
  };
}

const carriedBy = (record: RunRecord): Carried => withOutcomes(record.memory?.carried ?? NOTHING_CARRIED, record);

/** Runs that destroy nothing: an event's sees too little (rule 8), and one on its own holds nobody off (rule 26). */
function harmless({ trigger, standalone }: Run): Bar | undefined {
  if (trigger === "event")
    return {
      reason: "partial-scope",
      because: "a run that an event began destroys nothing",
      release: "the next scheduled run over the whole fleet",
    };
  return standalone === true
    ? {
        reason: "not-announced",
        because: "lease and evidence are in folders: nobody who could object would see an announcement there",
        release: "--evidence s3://… and --work s3://… of the fleet",
      }
    : undefined;
}
