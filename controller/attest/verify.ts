import type { Report } from "../domain/report.ts";
import type { Answer, Question, Verification } from "../domain/verification.ts";
import { checkAttachment, unpackRows } from "./attachments.ts";
import type { Keys } from "./keys.ts";
import { CHECKS, Refused } from "./refused.ts";
import { SECTIONS, sectionAttachment } from "./sections.ts";
import { linkProblems, type Before, type Pin } from "./verify-link.ts";
import { verifyReport, type Problem, type ReadReport, type ReportFile } from "./verify-report.ts";
import { sourceProblems, type GivenFile } from "./verify-source.ts";

/** What the verifier may rest on beside the reports. What is absent leaves its question open; nothing is assumed. */
export interface VerifyOptions {
  /** The first report at hand, where the chain's beginning is not. Absent: report 1 must be there. */
  readonly start?: Pin;
  /** A report that must be in the chain: what exposes a cut-off tail, and a chain written anew. */
  readonly head?: Pin;
  /** Every manifest of the desired state and nothing else, to compare with the last report that had a source. */
  readonly manifests?: readonly GivenFile[];
  /** The bytes with this SHA-256. Given: every attachment must be there. */
  readonly attachment?: (sha256: string) => Promise<Uint8Array | undefined>;
}

/** What a walk along the chain has come to. Of the reports themselves only the last ones stay. */
interface Walk {
  reports: number;
  /** Files whose place in the chain cannot be known, because they could not be read. */
  refused: number;
  before: Before;
  last: ReadReport | undefined;
  sourced: ReadReport | undefined;
  pinned: ReadReport | undefined;
  /** What the chain takes the place of. */
  supersedes: Report["chain"]["genesis"];
  readonly problems: Problem[];
}

/**
 * Reads a chain forward from its first report and answers four questions about it. Bytes in, verdicts out: it asks no store, no clock and no
 * network. Files come in the order of their names.
 */
export async function verifyChain(
  files: Iterable<ReportFile> | AsyncIterable<ReportFile>,
  keys: Keys,
  options: VerifyOptions = {},
): Promise<Verification> {
  const walk: Walk = {
    reports: 0,
    refused: 0,
    before: "nothing",
    last: undefined,
    sourced: undefined,
    pinned: undefined,
    supersedes: undefined,
    problems: [],
  };
  for await (const file of files) await take(walk, file, keys, options);
  const { reports, last, sourced, problems } = walk;
  if (reports === 0) problems.push({ file: "", check: "no-reports", message: "there is no report to verify" });
  problems.push(...headProblems(walk, options.head));
  if (sourced && options.manifests) problems.push(...sourceProblems(sourced, options.manifests));
  return {
    ...answers(walk, options),
    reports,
    ...(last ? { head: { sequence: last.sequence, payloadSha256: last.payloadSha256 } } : {}),
    problems,
    limitations: limitations(walk, options),
  };
}

async function take(walk: Walk, file: ReportFile, keys: Keys, options: VerifyOptions): Promise<void> {
  walk.reports += 1;
  const verified = verifyReport(file, keys);
  walk.problems.push(...verified.problems);
  if (verified.status === "refused") {
    walk.refused += 1;
    walk.before = "refused";
    return;
  }
  walk.problems.push(...linkProblems(verified, walk.before, options.start));
  if (options.attachment) walk.problems.push(...(await attachmentProblems(verified, options.attachment)));
  walk.supersedes ??= verified.report.chain.genesis;
  if (verified.report.source) walk.sourced = verified;
  if (verified.sequence === options.head?.sequence) walk.pinned = verified;
  walk.before = walk.last = verified;
}

async function attachmentProblems(
  { name, report }: ReadReport,
  attachment: NonNullable<VerifyOptions["attachment"]>,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const one of report.attachments) {
    const bytes = await attachment(one.digest.sha256);
    const section = SECTIONS.find((section) => sectionAttachment(section) === one.name);
    try {
      if (!bytes) throw new Refused("attachment-missing", `attachment ${one.name} (${one.digest.sha256}) is missing`);
      if (!section) checkAttachment(bytes, one);
      else if (unpackRows(bytes, one).length !== report.summary[section])
        throw new Refused(
          "summary",
          `counts ${report.summary[section]} rows in ${section}, and ${one.name} has another number`,
        );
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      problems.push({ file: name, check: error.check, message: error.message });
    }
  }
  return problems;
}

const headProblems = ({ pinned, last }: Walk, head: Pin | undefined): readonly Problem[] =>
  head === undefined || pinned?.payloadSha256 === head.payloadSha256
    ? []
    : [
        {
          file: pinned?.name ?? last?.name ?? "",
          check: "head",
          message: pinned
            ? `is not the report ${head.sequence} that was pinned: it was written anew`
            : `report ${head.sequence}, which was pinned, is not here: the chain was cut off`,
        },
      ];

/** A question without what it takes to look is not checked; one with a problem is answered no, and yes is what is left. */
function answers(
  { problems, reports, refused, sourced }: Walk,
  { head, manifests }: VerifyOptions,
): Readonly<Record<Question, Answer>> {
  const failed = new Set<Question>(problems.map(({ check }) => CHECKS[check]));
  if (reports === 0 || refused > 0) failed.add("complete");
  const open = new Set<Question>([
    ...(head ? [] : ["anchored" as const]),
    ...(sourced && manifests ? [] : ["sourced" as const]),
  ]);
  const answer = (question: Question): Answer =>
    open.has(question) ? "not-checked" : failed.has(question) ? "no" : "yes";
  return {
    intact: answer("intact"),
    complete: answer("complete"),
    sourced: answer("sourced"),
    anchored: answer("anchored"),
  };
}

function limitations({ last, supersedes }: Walk, { head, attachment }: VerifyOptions): readonly string[] {
  return [
    "A signature proves who said this and that it was not altered since, not that it is true: match request ids with CloudTrail.",
    ...(supersedes?.supersedes
      ? [
          `It supersedes chain ${supersedes.supersedes.chainId} after ${supersedes.supersedes.sequence} reports: ${supersedes.reason}. Nothing that those reports say is proven by this chain.`,
        ]
      : []),
    ...(attachment ? [] : ["No attachment was at hand: their digests are signed, their bytes were not looked at."]),
    ...(head
      ? []
      : [
          "Without a pin from outside the store, a cut-off tail and a chain written anew with the same keys do not show.",
        ]),
    ...(head && last && last.sequence > head.sequence
      ? [`Reports after ${head.sequence} are newer than the pin: a cut-off tail would not show.`]
      : []),
  ];
}
