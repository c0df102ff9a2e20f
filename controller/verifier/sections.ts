import type { Finding } from "./checks.ts";
import type { Statement } from "./statement.ts";

/** The lists of a report that its summary counts, wherever they are: in it, in an attachment, or in the full report that it refers to. */
const SECTIONS = [
  "resources",
  "held",
  "changes",
  "actions",
  "recovered",
  "observations",
  "listings",
  "governed",
  "deletions",
  "groups",
  "tallies",
  "restoreTests",
  "vaults",
  "exceptions",
  "misnamed",
  "restoreTimes",
  // Lists within a section.
  "coverage.unprotected",
  "jobs.failed",
  "jobs.rpoBreaches",
  "jobsSinceSurvey.failed",
] as const;

/** Lists that reports had before they counted them. They were always empty then: rows that nobody counted are a problem in these too. */
const ONCE_UNCOUNTED: ReadonlySet<string> = new Set(["jobs.rpoBreaches"]);

/** The attachment that a list moves into. */
const attachmentOf = (section: string): string => `${section}.ndjson.gz`;

/** The list that an attachment holds; undefined of any other attachment. */
export const sectionOf = (attachment: string): string | undefined =>
  SECTIONS.find((section) => attachmentOf(section) === attachment);

/** A list is counted, and is here whole or is elsewhere whole: a shortened one shows. One that is absent was not looked at. */
export function* summaryFindings({ predicate, raw }: Statement): Generator<Finding> {
  const elsewhere = new Set(predicate.unchanged?.sections);
  for (const section of SECTIONS) {
    const rows = lengthOf(raw.predicate, section);
    const moved = predicate.attachments.some(({ name }) => name === attachmentOf(section));
    const counted = predicate.summary.get(section);
    const wrong =
      moved || elsewhere.has(section)
        ? (rows ?? 0) !== 0 || counted === undefined || (moved && elsewhere.has(section))
        : rows === undefined || (rows === 0 && ONCE_UNCOUNTED.has(section))
          ? (counted ?? 0) !== 0
          : counted !== rows;
    if (wrong)
      yield {
        check: "summary",
        message: `counts ${counted ?? "no"} rows in ${section}, and has ${rows ?? "none"}${moved ? " beside an attachment" : ""}`,
      };
  }
}

function lengthOf(predicate: unknown, section: string): number | undefined {
  let value = predicate;
  for (const name of section.split("."))
    value =
      typeof value === "object" && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
  return Array.isArray(value) ? value.length : undefined;
}
