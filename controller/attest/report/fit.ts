import { canonical } from "../../domain/digest.ts";
import type { Attachment, ReportBody } from "../../domain/report.ts";
import { rowsIn, sectionAttachment, sectionCounts, SECTIONS, type Section, without } from "./sections.ts";

/** Most rows of actions in a statement (rule 34). */
const MOST_ACTIONS = 1_000;
/** The size a statement keeps to as long as there is a list left to move out. Bytes of the payload (rule 34). */
export const MOST_PAYLOAD = 1_000_000;

type Attach = (name: string, rows: Iterable<unknown>) => Promise<Attachment>;

/**
 * A body that fits into a statement: lists too long for it have moved out whole into attachments, the longest first, none ever cut.
 * What AWS was asked always does: nobody reads it but to match it with CloudTrail. The summary counts every list's rows wherever they are.
 */
export async function fit(body: ReportBody, sizeOf: (body: ReportBody) => number, attach: Attach): Promise<ReportBody> {
  let fitted: ReportBody = { ...body, summary: { ...sectionCounts(body), ...body.summary } };
  if (fitted.observations.length > 0) fitted = await moveOut(fitted, "observations", attach);
  if (fitted.actions.length > MOST_ACTIONS) fitted = await moveOut(fitted, "actions", attach);
  while (sizeOf(fitted) > MOST_PAYLOAD) {
    const longest = longestSection(fitted);
    if (longest === undefined) break;
    fitted = await moveOut(fitted, longest, attach);
  }
  return fitted;
}

async function moveOut(body: ReportBody, section: Section, attach: Attach): Promise<ReportBody> {
  const attachment = await attach(sectionAttachment(section), rowsIn(body, section));
  return { ...without(body, section), attachments: [...body.attachments, attachment] };
}

/** By size as written. Undefined once every list has moved out: what is left then stays, however large, for a run testifies (law 10). */
function longestSection(body: ReportBody): Section | undefined {
  const bySize = SECTIONS.filter((section) => rowsIn(body, section).length > 0)
    .map((section) => ({ section, size: canonical(rowsIn(body, section)).length }))
    .toSorted((a, b) => b.size - a.size);
  return bySize[0]?.section;
}
