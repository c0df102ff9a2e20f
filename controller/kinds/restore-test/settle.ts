import type { AwsFailure } from "../../domain/errors.ts";
import type { Settled } from "../../domain/inventory.ts";
import { findingsOf } from "./findings.ts";
import type { TestFold } from "./fold.ts";
import { withStanding } from "./standing.ts";

export function settleTests(fold: TestFold, status: Settled["status"]): Settled {
  const all = findingsOf(fold, status);
  const kept = all.slice(0, fold.room);
  const doubt = doubtOf(fold);
  return {
    status,
    findings: kept,
    deferred: all.length - kept.length,
    counts: Object.fromEntries([...fold.counts].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    tallies: talliesOf(all),
    population: fold.population,
    watched: [],
    undecided: [],
    ...(doubt ? { doubt } : {}),
    sightings: [],
    absent: [],
    tested: [...withStanding(fold, all), ...fold.suspended],
  };
}

/** What was restored and is still there could not be seen: nothing else rests on it. */
const doubtOf = ({ facts: { restored } }: TestFold): AwsFailure | undefined =>
  "failure" in restored ? restored.failure : undefined;

const talliesOf = (findings: Settled["findings"]): Settled["tallies"] =>
  [...Map.groupBy(findings, ({ rule, cause }) => `${rule.name} ${cause}`)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, all]) => ({
      policy: all[0]!.rule.name,
      cause: all[0]!.cause,
      points: all.length,
      bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
    }));
