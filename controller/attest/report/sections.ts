import type { ReportBody } from "../../domain/report.ts";

/** The lists of a report that may move out whole into an attachment, and that its summary counts wherever they are (rule 34). */
const LISTS = [
  "resources",
  "held",
  "changes",
  "actions",
  "recovered",
  "restoreTests",
  "vaults",
  "exceptions",
  "listings",
  "observations",
  "governed",
  "deletions",
  "groups",
  "tallies",
  "misnamed",
  "restoreTimes",
] as const;
type List = (typeof LISTS)[number];

/** Lists within a section: `coverage.unprotected` and `jobs.rpoBreaches` are as long as a fleet is large. */
const INNER = ["coverage.unprotected", "jobs.failed", "jobs.rpoBreaches", "jobsSinceSurvey.failed"] as const;
type Inner = (typeof INNER)[number];

export type Section = List | Inner;
export const SECTIONS: readonly Section[] = [...LISTS, ...INNER];

/** The attachment that a list moves into. */
export const sectionAttachment = (section: Section): string => `${section}.ndjson.gz`;

type Listed = Partial<Pick<ReportBody, List | "coverage" | "jobs" | "jobsSinceSurvey">>;

/** A list's rows as a report holds them itself. A list that is not there has none. */
export function rowsIn(body: Listed, section: Section): readonly unknown[] {
  switch (section) {
    case "coverage.unprotected":
      return body.coverage?.unprotected ?? [];
    case "jobs.failed":
      return body.jobs?.failed ?? [];
    case "jobs.rpoBreaches":
      return body.jobs?.rpoBreaches ?? [];
    case "jobsSinceSurvey.failed":
      return body.jobsSinceSurvey?.failed ?? [];
    default:
      return body[section] ?? [];
  }
}

/** A report with other rows in a list: none, or those of the attachment that it moved into. */
export function withRows<Body extends ReportBody>(body: Body, section: Section, rows: readonly unknown[]): Body {
  switch (section) {
    case "coverage.unprotected":
      return { ...body, coverage: { ...body.coverage, unprotected: rows } };
    case "jobs.failed":
      return { ...body, jobs: { ...body.jobs, failed: rows } };
    case "jobs.rpoBreaches":
      return { ...body, jobs: { ...body.jobs, rpoBreaches: rows } };
    case "jobsSinceSurvey.failed":
      return { ...body, ...(body.jobsSinceSurvey && { jobsSinceSurvey: { ...body.jobsSinceSurvey, failed: rows } }) };
    default:
      return { ...body, [section]: rows };
  }
}

/** A report without the rows of a list. */
export const without = (body: ReportBody, section: Section): ReportBody => withRows(body, section, []);

/** How many rows a report says each list has, moved out or not. */
export const sectionCounts = (body: Listed): Record<Section, number> =>
  Object.fromEntries(SECTIONS.map((section) => [section, rowsIn(body, section).length])) as Record<Section, number>;
