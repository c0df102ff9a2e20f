import { attachmentFindings, listFindings, type ReadAttachment } from "./attachments.ts";
import type { Finding } from "./checks.ts";
import type { Keys } from "./keys.ts";
import { lateness, linkFindings, logFindings, ownWindowFindings, type Before } from "./link.ts";
import { EMPTY, type Frontier } from "./merkle.ts";
import type { Primitives } from "./primitives.ts";
import { verifyReport, type Problem, type ReadReport, type ReportFile } from "./report.ts";
import { SourceChecker, type GivenFile, type Repository } from "./source.ts";
import type { LateReport, Pin } from "./verification.ts";

/** What the verifier may rest on beside the reports. What is absent leaves its question open; nothing is assumed. */
export interface VerifyOptions {
  /** The first report at hand, where the chain's beginning is not. Absent: report 1 must be there. */
  readonly start?: Pin;
  /** A report that must be in the chain: what exposes a cut-off tail, and a chain written anew. */
  readonly head?: Pin;
  /** The time that the reports must be about from end to end. RFC 3339 UTC. */
  readonly period?: { readonly from: string; readonly to: string };
  /** Every manifest of the desired state and nothing else, to compare with the last report that had a source. */
  readonly manifests?: readonly GivenFile[];
  /** What the manifests of every report are compared with. */
  readonly repository?: Repository;
  /** The bytes with this SHA-256. Given: every attachment must be there. */
  readonly attachment?: ReadAttachment;
  /** The time now, RFC 3339 UTC, where the reports are to be up to date: whether the next one is overdue. */
  readonly now?: string;
  /** Reports picked one by one: that others are missing among them is no fault, and completeness is not asked. */
  readonly sample?: boolean;
  /** What the store's own list of versions gave away: a file with more versions than one, or a mark of deletion. */
  readonly versions?: readonly { readonly file: string; readonly message: string }[];
  /** Called with each report that was read, in order: a page shows what was verified, and nothing else. */
  readonly each?: (report: ReadReport) => void;
}

/** What a walk along the chain has come to. Of the reports themselves only the last ones stay. */
export interface Walk {
  reports: number;
  /** Files whose place in the chain cannot be known, because they could not be read. */
  refused: number;
  before: Before;
  first: ReadReport | undefined;
  last: ReadReport | undefined;
  sourced: ReadReport | undefined;
  pinned: ReadReport | undefined;
  /** Over the reports so far; undefined where one of them is not known. */
  log: Frontier | undefined;
  readonly problems: Problem[];
  readonly late: LateReport[];
  /** Counts of each list in each full report, for the short ones that refer to it. */
  readonly full: Map<number, { readonly payloadSha256: string; readonly summary: ReadonlyMap<string, number> }>;
  /** Short reports whose full one lies before the first at hand. */
  readonly unfollowed: number[];
  readonly signed: Map<string, { reports: number; unchecked: number }>;
  /** Reports compared with their commits, signed commits among them, and why others were not. */
  matched: number;
  signedCommits: number;
  readonly unmatched: Map<string, number>;
}

export const newWalk = (): Walk => ({
  reports: 0,
  refused: 0,
  before: "nothing",
  first: undefined,
  last: undefined,
  sourced: undefined,
  pinned: undefined,
  log: EMPTY,
  problems: [],
  late: [],
  full: new Map(),
  unfollowed: [],
  signed: new Map(),
  matched: 0,
  signedCommits: 0,
  unmatched: new Map(),
});

/** Takes one file more, in order. */
export class Walker {
  readonly walk = newWalk();
  readonly #keys: Keys;
  readonly #options: VerifyOptions;
  readonly #primitives: Primitives;
  readonly #source: SourceChecker | undefined;

  constructor(keys: Keys, options: VerifyOptions, primitives: Primitives) {
    this.#keys = keys;
    this.#options = options;
    this.#primitives = primitives;
    this.#source = options.repository && new SourceChecker(options.repository, primitives);
  }

  async take(file: ReportFile): Promise<void> {
    const { walk } = this;
    walk.reports += 1;
    const verified = await verifyReport(file, this.#keys, this.#primitives);
    walk.problems.push(...verified.problems);
    if (verified.status === "refused") {
      walk.refused += 1;
      walk.before = "refused";
      walk.log = undefined;
      return;
    }
    for (const { check, message } of await this.#findings(verified))
      walk.problems.push({ file: verified.name, check, message });
    this.#remember(verified);
  }

  async #findings(report: ReadReport): Promise<readonly Finding[]> {
    const { attachment } = this.#options;
    return [
      ...(await this.#place(report)),
      ...this.#unchanged(report),
      ...(attachment ? await attachmentFindings(report, attachment, this.#primitives) : []),
      ...(attachment ? await listFindings(report, attachment, this.#primitives) : []),
      ...(await this.#sourced(report)),
    ];
  }

  /** Its link, its window and its log. Where it hangs on nothing known, its log is not held against it: it is gone on with. */
  async #place(report: ReadReport): Promise<readonly Finding[]> {
    const { walk } = this;
    const links = this.#links(report);
    const adrift = links.some(({ check }) => check === "link" || check === "sequence" || check === "start");
    const isStart = walk.before === "nothing" && report.sequence !== 1;
    const before = adrift || isStart ? undefined : walk.log;
    const { findings, after } = await logFindings(report, before, this.#primitives);
    walk.log = after;
    const late = lateness(report, walk.before);
    if (late && !adrift) walk.late.push(late);
    return [...links, ...ownWindowFindings(report), ...(adrift ? [] : findings)];
  }

  #links(report: ReadReport): readonly Finding[] {
    const { before } = this.walk;
    const findings = linkFindings(report, before, this.#options.start);
    return this.#options.sample ? findings.filter(({ check }) => check !== "start" && check !== "sequence") : findings;
  }

  #unchanged({ sequence, payloadSha256, statement }: ReadReport): readonly Finding[] {
    const { walk } = this;
    const { unchanged, summary } = statement.predicate;
    if (!unchanged) {
      walk.full.set(sequence, { payloadSha256, summary });
      return [];
    }
    const { since, sections } = unchanged;
    const finding = (message: string): readonly Finding[] => [{ check: "unchanged", message }];
    if (since.sequence >= sequence) return finding(`refers to report ${since.sequence}, which is not before it`);
    const full = walk.full.get(since.sequence);
    if (!full) {
      if (walk.first && since.sequence >= walk.first.sequence && !this.#options.sample)
        return finding(`refers to report ${since.sequence}, which is not here as a full report`);
      walk.unfollowed.push(sequence);
      return [];
    }
    if (full.payloadSha256 !== since.payloadSha256)
      return finding(`refers to report ${since.sequence} as it is not here`);
    const other = sections.find((section) => summary.get(section) !== full.summary.get(section));
    return other === undefined
      ? []
      : finding(`says ${other} is unchanged since report ${since.sequence}, and counts other rows`);
  }

  async #sourced(report: ReadReport): Promise<readonly Finding[]> {
    if (!this.#source || report.statement.predicate.source === null) return [];
    const { walk } = this;
    const sourced = await this.#source.check(report, this.#options.attachment);
    switch (sourced.status) {
      case "matched":
        walk.matched += 1;
        walk.signedCommits += sourced.isSigned ? 1 : 0;
        return sourced.findings;
      case "missing":
        this.#unmatched("names a pack that is missing");
        return [sourced.finding];
      case "open":
        this.#unmatched(sourced.why);
        return [];
      default:
        return sourced satisfies never;
    }
  }

  #unmatched(why: string): void {
    const { unmatched } = this.walk;
    unmatched.set(why, (unmatched.get(why) ?? 0) + 1);
  }

  #remember(report: ReadReport): void {
    const { walk } = this;
    for (const [set, member] of [
      [report.signedBy, "reports"],
      [report.unchecked, "unchecked"],
    ] as const)
      for (const keyid of set) {
        const counts = walk.signed.get(keyid) ?? { reports: 0, unchecked: 0 };
        counts[member] += 1;
        walk.signed.set(keyid, counts);
      }
    if (report.statement.predicate.source) walk.sourced = report;
    if (report.sequence === this.#options.head?.sequence) walk.pinned = report;
    walk.first ??= report;
    walk.before = walk.last = report;
    this.#options.each?.(report);
  }
}
