import type { ReportBody } from "../domain/report.ts";

/** The lists of a report that may move out whole into an attachment, and that its summary counts wherever they are (rule 34). */
export const SECTIONS = [
  "resources",
  "held",
  "changes",
  "actions",
  "recovered",
  "observations",
  "governed",
  "deletions",
  "groups",
  "tallies",
] as const;
export type Section = (typeof SECTIONS)[number];

/** Lists that came later: older reports say nothing of them. */
export const LATER_SECTIONS: ReadonlySet<Section> = new Set(["deletions", "groups", "tallies"]);

/** The attachment that a list moves into. */
export const sectionAttachment = (section: Section): string => `${section}.ndjson.gz`;

/** How many rows a report says each list has, moved out or not. A list that is not there has none. */
export const sectionCounts = (body: Partial<Pick<ReportBody, Section>>): Record<Section, number> =>
  Object.fromEntries(SECTIONS.map((section) => [section, body[section]?.length ?? 0])) as Record<Section, number>;
