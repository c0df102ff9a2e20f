import { CHECKS } from "./checks.ts";
import type { Keys } from "./keys.ts";
import { limitationsOf } from "./limitations.ts";
import type { Primitives } from "./primitives.ts";
import type { Problem, ReportFile } from "./report.ts";
import { givenFindings, manifestsOf } from "./source.ts";
import type { Answer, KeyUse, Question, Verification } from "./verification.ts";
import { Walker, type VerifyOptions, type Walk } from "./walk.ts";

/**
 * Reads a chain forward from its first report and answers four questions about it. Bytes in, verdicts out: it asks no store, no clock and no
 * network. Files come in the order of their names. `keys` are the trust root, obtained outside the store.
 */
export async function verifyChain(
  files: Iterable<ReportFile> | AsyncIterable<ReportFile>,
  keys: Keys,
  options: VerifyOptions,
  primitives: Primitives,
): Promise<Verification> {
  const walker = new Walker(keys, options, primitives);
  for await (const file of files) await walker.take(file);
  const { walk } = walker;
  const { problems, last } = walk;
  if (walk.reports === 0) problems.push({ file: "", check: "no-reports", message: "there is no report to verify" });
  problems.push(...headProblems(walk, options), ...timeProblems(walk, options), ...versionProblems(options));
  const compared = await compareGiven(walk, options, primitives);
  return {
    ...answers(walk, options, compared),
    reports: walk.reports,
    ...(last ? { head: { sequence: last.sequence, payloadSha256: last.payloadSha256 } } : {}),
    problems,
    limitations: limitationsOf(walk, keys, options),
    late: walk.late,
    keys: keyUses(keys, walk),
  };
}

function headProblems({ pinned, last }: Walk, { head }: VerifyOptions): readonly Problem[] {
  if (head === undefined || pinned?.payloadSha256 === head.payloadSha256) return [];
  const message = pinned
    ? `is not the report ${head.sequence} that was pinned: it was written anew`
    : `report ${head.sequence}, which was pinned, is not here: the chain was cut off`;
  return [{ file: pinned?.name ?? last?.name ?? "", check: "head", message }];
}

/** Whether the reports reach over the period asked about, and whether one more should have come by now. */
function timeProblems({ first, last }: Walk, { period, now }: VerifyOptions): readonly Problem[] {
  if (!first || !last) return [];
  const [began, ended] = [startOf(first.statement.predicate), last.statement.predicate.run.finishedOn];
  const due = last.statement.predicate.chain.nextDueBefore;
  const problems: Problem[] = [];
  if (period && Date.parse(began) > Date.parse(period.from))
    problems.push({ file: first.name, check: "period", message: `begins at ${began}, after the period does` });
  if (period && Date.parse(ended) < Date.parse(period.to))
    problems.push({ file: last.name, check: "period", message: `ends at ${ended}, before the period does` });
  if (now !== undefined && due !== undefined && Date.parse(now) > Date.parse(due))
    problems.push({
      file: last.name,
      check: "due",
      message: `is the last, and the next was due before ${due}: the chain was cut off, or nothing ran`,
    });
  return problems;
}

const startOf = ({ chain, run }: ReadPredicate): string => chain.window?.from ?? run.startedOn;
type ReadPredicate = NonNullable<Walk["first"]>["statement"]["predicate"];

const versionProblems = ({ versions = [] }: VerifyOptions): readonly Problem[] =>
  versions.map(({ file, message }) => ({ file, check: "versions", message }));

/** Manifests given by hand are those of the last report that had a source. True: they were compared. */
async function compareGiven(walk: Walk, options: VerifyOptions, primitives: Primitives): Promise<boolean> {
  const { sourced, problems } = walk;
  if (!sourced || !options.manifests) return false;
  const named = await manifestsOf(sourced, options.attachment, primitives);
  if (!named) return false;
  for (const { check, message } of await givenFindings(named, options.manifests, primitives))
    problems.push({ file: sourced.name, check, message });
  return true;
}

/** One with a problem is answered no; a question without what it takes to look is not checked, and yes is what is left. */
function answers(
  walk: Walk,
  { head, start, sample = false }: VerifyOptions,
  compared: boolean,
): Readonly<Record<Question, Answer>> {
  const failed = new Set<Question>(walk.problems.map(({ check }) => CHECKS[check]));
  if (walk.reports === 0 || (walk.refused > 0 && !sample)) failed.add("complete");
  const open = new Set<Question>([
    ...(isUnchecked(walk) ? ["intact" as const] : []),
    ...(sample && !start ? ["complete" as const] : []),
    ...(compared || matchedAll(walk) ? [] : ["sourced" as const]),
    ...(head ? [] : ["anchored" as const]),
  ]);
  const answer = (question: Question): Answer =>
    failed.has(question) ? "no" : open.has(question) ? "not-checked" : "yes";
  return {
    intact: answer("intact"),
    complete: answer("complete"),
    sourced: answer("sourced"),
    anchored: answer("anchored"),
  };
}

/** Whether each report's manifests are its commit's. Of one that could not be read nobody knows which it names. */
const matchedAll = ({ matched, unmatched, refused }: Walk): boolean =>
  matched > 0 && unmatched.size === 0 && refused === 0;

/** A signature that could not be looked at may be anything: whoever cannot look at it has not seen the report signed as its keys ask. */
const isUnchecked = ({ signed }: Walk): boolean => [...signed.values()].some(({ unchecked }) => unchecked > 0);

const keyUses = ({ keys }: Keys, { signed }: Walk): readonly KeyUse[] =>
  keys.map(({ keyid, algorithm, protection, status = "active" }) => ({
    keyid,
    algorithm,
    protection,
    status,
    ...(signed.get(keyid) ?? { reports: 0, unchecked: 0 }),
  }));
