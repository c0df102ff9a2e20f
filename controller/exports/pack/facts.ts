import type { Keys } from "../../attest/sealing/keys.ts";
import type { Question, Verification } from "../../domain/verification.ts";
import { saysSomething, type ToldReport } from "../csv/table.ts";
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

/** As much of a verification as a pack repeats. */
export type Answers = Pick<Verification, Question | "problems" | "limitations">;

/** What the README says, drawn from the files. */
export interface PackFacts {
  readonly keys: Keys;
  readonly period: Period;
  readonly verification: Answers;
  readonly viewerScript: string;
  /** Files of the chain, readable or not. */
  readonly files: number;
  /** `sequence:sha256` of the last file; undefined where it cannot be read. */
  readonly head: string | undefined;
  /** `sequence:sha256` of the first one, where the chain begins before it. */
  readonly start: string | undefined;
  readonly window: { readonly from: string; readonly to: string } | undefined;
  /** Reports by verdict, in order of the words. */
  readonly verdicts: readonly (readonly [verdict: string, reports: number])[];
  /** The last report that can be read. */
  readonly report: ToldReport | undefined;
  /** The last commit that a report acted on. */
  readonly commit: string | undefined;
}

/** What is kept of the reports of a pack while they go by. */
export class Gathered {
  readonly attachments = new Set<string>();
  readonly commits = new Set<string>();
  readonly #source: Pick<PackSource, "keys" | "period" | "verification" | "viewerScript">;
  readonly #verdicts = new Map<string, number>();
  #files = 0;
  #first: string | undefined;
  #last: string | undefined;
  #from: string | undefined;
  #report: ToldReport | undefined;
  #commit: string | undefined;

  constructor(source: Pick<PackSource, "keys" | "period" | "verification" | "viewerScript">) {
    this.#source = source;
  }

  add(file: ExportFile): void {
    this.#last = pinOf(file);
    if (this.#files === 0) this.#first = this.#last;
    this.#files += 1;
    if (!isReadable(file) || !saysSomething(file)) return;
    const { told } = file;
    this.#from ??= told.chain.window?.from ?? told.run.startedOn;
    this.#report = file;
    this.#verdicts.set(told.result, (this.#verdicts.get(told.result) ?? 0) + 1);
    for (const { digest } of told.attachments) this.attachments.add(digest.sha256);
    if (!told.source?.commit) return;
    this.#commit = told.source.commit;
    this.commits.add(told.source.commit);
  }

  facts(): PackFacts {
    const told = this.#report?.told;
    return {
      ...this.#source,
      files: this.#files,
      head: this.#last,
      start: this.#source.period.from === 1 ? undefined : this.#first,
      window:
        this.#from !== undefined && told
          ? { from: this.#from, to: told.chain.window?.to ?? told.run.finishedOn }
          : undefined,
      verdicts: [...this.#verdicts].toSorted(([a], [b]) => (a < b ? -1 : 1)),
      report: this.#report,
      commit: this.#commit,
    };
  }
}

const pinOf = (file: ExportFile): string | undefined =>
  isReadable(file) ? `${file.sequence}:${file.payloadSha256}` : undefined;
