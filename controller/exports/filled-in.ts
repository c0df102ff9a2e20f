import type { ToldReport } from "./csv/table.ts";
import type { Told } from "./told.ts";

/**
 * What a "no change" report says with the rows of the full one that it names, by sequence and digest; as it is where `full` is not that
 * one, and then it goes on to name the lists that it lacks.
 */
export function filledIn(told: Told, { sequence, payloadSha256, told: full }: Partial<ToldReport> = {}): Told {
  const { unchanged, coverage, jobs } = told;
  if (!unchanged) return told;
  const { since } = unchanged;
  if (!full || since.sequence !== sequence || since.payloadSha256 !== payloadSha256) return told;
  const names = new Set(unchanged.sections);
  const list = <
    Name extends "resources" | "held" | "restoreTests" | "vaults" | "exceptions" | "misnamed" | "restoreTimes",
  >(
    name: Name,
  ): Told[Name] => (names.has(name) ? full[name] : told[name]);
  const { unchanged: _filled, ...rest } = told;
  return {
    ...rest,
    resources: list("resources"),
    held: list("held"),
    restoreTests: list("restoreTests"),
    vaults: list("vaults"),
    exceptions: list("exceptions"),
    misnamed: list("misnamed"),
    restoreTimes: list("restoreTimes"),
    ...(coverage && full.coverage && names.has("coverage.unprotected")
      ? { coverage: { ...coverage, unprotected: full.coverage.unprotected } }
      : {}),
    ...(jobs && full.jobs && names.has("jobs.failed") ? { jobs: { ...jobs, failed: full.jobs.failed } } : {}),
  };
}
