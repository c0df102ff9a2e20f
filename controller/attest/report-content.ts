import type { Report, Statement } from "../domain/report.ts";
import { byBytes } from "./git-objects.ts";
import { ANNOUNCEMENTS, MISSING } from "./lists.ts";
import type { Check } from "./refused.ts";
import { sectionAttachment, sectionCounts, SECTIONS } from "./sections.ts";

interface Finding {
  readonly check: Check;
  readonly message: string;
}

/** What a signed statement says that does not add up within itself. */
export function* contentProblems(statement: Statement, signedBy: ReadonlySet<string>): Generator<Finding> {
  const report = statement.predicate;
  for (const keyid of report.signing.required)
    if (!signedBy.has(keyid))
      yield { check: "required-keys", message: `asks for a signature by ${keyid}, and there is none` };
  yield* subjectProblems(statement);
  yield* summaryProblems(report);
  yield* carriedProblems(report);
  const { genesis } = report.chain;
  if (genesis && (report.chain.sequence !== 1 || genesis.supersedes?.chainId === report.chain.id))
    yield { check: "supersedes", message: "begins a chain, which only the first report of its own can" };
  if (report.run.finishedOn < report.run.startedOn)
    yield { check: "run-times", message: `finished at ${report.run.finishedOn}, before it started` };
}

function* subjectProblems({ subject, predicate }: Statement): Generator<Finding> {
  const commit = predicate.source?.commit ?? null;
  if ((subject[0]?.digest["gitCommit"] ?? null) !== commit)
    yield { check: "subject", message: `is about a commit other than ${commit ?? "none"}, which its source names` };
  const manifests = subject.filter(({ digest }) => digest["gitCommit"] === undefined);
  const names = manifests.map(({ name }) => name ?? "");
  if (subject.length - manifests.length > 1 || names.some((name, at) => at > 0 && byBytes(names[at - 1]!, name) >= 0))
    yield { check: "subject", message: "does not name its manifests once each, in order" };
  if (manifests.some(({ name, digest }) => !name || !digest["sha256"] || !digest["gitBlob"]))
    yield { check: "subject", message: "names a manifest without its path, sha256 and gitBlob" };
  const strangers = manifestsOf(predicate).difference(new Set(names));
  for (const path of strangers) yield { check: "manifest", message: `has rows of ${path}, which is not a subject` };
}

/** The files that a report's rows point into. */
const manifestsOf = ({ resources, held, changes }: Report): ReadonlySet<string> =>
  new Set([...resources, ...held, ...changes].flatMap(({ manifest }) => manifest?.path ?? []));

/** A list is counted, and is here whole or is an attachment whole: a shortened one shows. */
function* summaryProblems(report: Report): Generator<Finding> {
  const lengths = sectionCounts(report);
  for (const section of SECTIONS) {
    const moved = report.attachments.some(({ name }) => name === sectionAttachment(section));
    const counted = report.summary[section];
    if (report.unchanged?.sections.includes(section)) continue;
    if (moved ? lengths[section] !== 0 || counted === undefined : counted !== lengths[section])
      yield {
        check: "summary",
        message: `counts ${counted ?? "no"} rows in ${section}, and has ${lengths[section]}${moved ? " beside an attachment" : ""}`,
      };
  }
}

function* carriedProblems({ carried, attachments, chain: { sequence } }: Report): Generator<Finding> {
  const { deletions = [], canaries = [], spent = [], consumed = [], policies = [] } = carried;
  const entries: readonly { readonly since?: number | undefined }[] = [
    ...carried.corrections,
    ...carried.adopted,
    ...[carried.declared, carried.calls, carried.source, carried.surveyed].flatMap((entry) => entry ?? []),
    ...deletions,
    ...canaries,
    ...spent,
    ...consumed,
    ...policies,
  ];
  if (entries.some(({ since = sequence }) => since > sequence))
    yield { check: "carried", message: "carries an entry that began in a later report" };
  const bound = [
    [ANNOUNCEMENTS, Array.isArray(carried.announcements) ? undefined : carried.announcements],
    [MISSING, carried.missing],
  ] as const;
  for (const [name, list] of bound)
    if (list && !attachments.some((one) => one.name === name && one.digest.sha256 === list.sha256))
      yield { check: "carried", message: `carries ${name} by a digest that none of its attachments has` };
}
