import type { Finished } from "../../controller/reconcile.ts";
import type { Report } from "../../controller/domain/report.ts";
import type { Call } from "../simulator/calls.ts";
import type { Universe } from "../support/universe.ts";

/** The report of a run that got as far as one: whatever failed in its world, its own stages may not break. */
export function reported(finished: Finished): Report {
  if (finished.ended !== "reported") throw new Error(`it stood down for ${finished.record.holder}`);
  const { whole: report } = finished.published;
  if (report.run.failure) throw new Error(`the run broke: ${report.run.failure.code}: ${report.run.failure.message}`);
  return report;
}

/** Calls to AWS Backup that would change something, refused and lost ones included. */
export const mutationsIn = (calls: readonly Call[]): readonly Call[] =>
  calls.filter(({ service, mutating }) => service === "backup" && mutating);

/** …by controllers alone: people at the console have no source identity. */
export const mutationsOf = (u: Universe, from: number): readonly Call[] =>
  mutationsIn(u.simulator.calls.since(from)).filter(({ sourceIdentity }) => sourceIdentity !== undefined);

export const callCount = ({ simulator }: Universe): number => simulator.calls.all().length;

export const told = ({ operation, account, region, input, outcome }: Call): string =>
  `${operation} ${account}/${region} ${JSON.stringify(input)}: ${outcome}`;
