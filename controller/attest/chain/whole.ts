import type { ReportBody } from "../../domain/report.ts";
import { unpackRows } from "../attachments/packed-rows.ts";
import { type ChainReader, type ChainReport } from "./chain.ts";
import { Refused } from "./refused.ts";
import { rowsIn, type Section, sectionAttachment, SECTIONS, withRows } from "../report/sections.ts";
import { filledIn } from "../report/unchanged.ts";

/** Lists that only an auditor reads: who looks at a report does without them. */
const LEFT_OUT: ReadonlySet<Section> = new Set(["observations"]);

/**
 * A report with all its rows: those that it names by an earlier report, and those that moved out into attachments. Throws HoldfastError
 * `chain-broken`, and `Refused` for an attachment that is not there or not so.
 */
export async function wholeReport(chain: ChainReader, sequence: number): Promise<ChainReport> {
  const read = await chain.report(sequence);
  const { unchanged } = read.report;
  const full = unchanged && (await chain.report(unchanged.since.sequence));
  if (full && full.payloadSha256 !== unchanged.since.payloadSha256)
    throw new Refused("unchanged", `report ${full.sequence} is not the one that report ${sequence} names`);
  let report = full ? filledIn(read.report, full.report) : read.report;
  for (const section of SECTIONS) report = await movedBack(report, section, chain);
  return { ...read, report };
}

async function movedBack<R extends ReportBody>(report: R, section: Section, chain: ChainReader): Promise<R> {
  const attachment = report.attachments.find(({ name }) => name === sectionAttachment(section));
  if (!attachment || LEFT_OUT.has(section) || rowsIn(report, section).length > 0) return report;
  const bytes = await chain.attachment(attachment.digest.sha256);
  if (!bytes) throw new Refused("attachment-missing", `attachment ${attachment.name} is missing`);
  return withRows(report, section, unpackRows(bytes, attachment));
}
