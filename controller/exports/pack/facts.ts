import type { Keys } from "../../attest/keys.ts";
import type { Verification } from "../../domain/verification.ts";
import { saysSomething } from "../csv/table.ts";
import { isReadable, type ExportFile } from "../export-report.ts";
import type { PackSource } from "./pack.ts";

/** Which reports a pack is of. */
export interface Period {
  readonly from: number;
  readonly to: number;
  /** As it was asked for: a sequence, a date, or nothing. */
  readonly asked: { readonly from: string | undefined; readonly to: string | undefined };
  /** How many reports came before the asked ones, since those refer to them. */
  readonly widenedBy: number;
  /** The newest report of the whole chain, so that a period that stops before it does not pass for all there is. */
  readonly newest: number;
}

/** What the README says, drawn from the files. */
export interface PackFacts {
  readonly keys: Keys;
  readonly period: Period;
  readonly verification: Verification;
  readonly files: readonly ExportFile[];
  /** `sequence:sha256` of the last report; undefined where it cannot be read. */
  readonly head: string | undefined;
  /** `sequence:sha256` of the first one, where the chain begins before it. */
  readonly start: string | undefined;
  readonly window: { readonly from: string; readonly to: string } | undefined;
  /** Reports by verdict, in order of the words. */
  readonly verdicts: readonly (readonly [verdict: string, reports: number])[];
  readonly predicateType: string | undefined;
  /** The last commit that a report acted on. */
  readonly commit: string | undefined;
}

export function factsOf({ keys, period, verification }: PackSource, files: readonly ExportFile[]): PackFacts {
  const readable = files.filter(isReadable);
  const reports = readable.filter(saysSomething);
  const [first, last] = [files[0], files.at(-1)];
  const counts = new Map<string, number>();
  for (const { told } of reports) counts.set(told.result, (counts.get(told.result) ?? 0) + 1);
  const [begin, end] = [reports[0]?.told, reports.at(-1)?.told];
  return {
    keys,
    period,
    verification,
    files,
    head: pinOf(last),
    start: period.from === 1 ? undefined : pinOf(first),
    window: begin &&
      end && { from: begin.chain.window?.from ?? begin.run.startedOn, to: end.chain.window?.to ?? end.run.finishedOn },
    verdicts: [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)),
    predicateType: reports.at(-1)?.predicateType,
    commit: reports.findLast(({ told }) => told.source?.commit)?.told.source?.commit ?? undefined,
  };
}

const pinOf = (file: ExportFile | undefined): string | undefined =>
  file && isReadable(file) ? `${file.sequence}:${file.payloadSha256}` : undefined;
