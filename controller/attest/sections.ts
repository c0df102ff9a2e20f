import type { ReportBody } from "../domain/report.ts";

/** The lists of a report that may move out whole into an attachment, and that its summary counts wherever they are (rule 34). */
export const SECTIONS = ["resources", "held", "changes", "actions", "recovered", "observations", "governed"] as const;
export type Section = (typeof SECTIONS)[number];

/** The attachment that a list moves into. */
export const sectionAttachment = (section: Section): string => `${section}.ndjson.gz`;

/** How many rows a report says each list has, moved out or not. */
export const sectionCounts = (body: Pick<ReportBody, Section>): Record<Section, number> => ({
  resources: body.resources.length,
  held: body.held.length,
  changes: body.changes.length,
  actions: body.actions.length,
  recovered: body.recovered.length,
  observations: body.observations.length,
  governed: body.governed.length,
});
