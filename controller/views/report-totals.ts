import type { Report } from "../domain/report.ts";
import { sceneOfReport } from "./report-scene.ts";

/** Lists that move out of a report whole, into attachments, where they would make it too long (rule 34). */
const LISTS = [
  "resources",
  "held",
  "changes",
  "actions",
  "recovered",
  "deletions",
  "groups",
  "tallies",
  "misnamed",
  "restoreTimes",
] as const;
type List = (typeof LISTS)[number];

type Counted = Pick<Report, List | "summary" | "run" | "attachments" | "chain" | "unchanged">;

export interface ReportCounts {
  /** Intended changes, whatever became of them. */
  readonly changes: number;
  readonly held: number;
  readonly unknown: number;
  /** Absent where nothing was compared. */
  readonly inSync?: number;
}

/** A report's numbers: of its rows, or of its signed summary where the rows have moved out. */
export function reportCounts(report: Counted): ReportCounts {
  const scene = sceneOfReport(report);
  const counted = (list: List, rows: number): number => (isHere(report, list) ? rows : (report.summary[list] ?? rows));
  const inSync = report.summary["inSync"];
  return {
    changes: counted("changes", scene.changes.length),
    held: counted("held", scene.held.length),
    unknown: isHere(report, "resources") ? scene.unknown.length : (report.summary["unknown"] ?? scene.unknown.length),
    ...(inSync === undefined ? {} : { inSync }),
  };
}

/** `Report 42: 3 applied, 1 failed, 4 held, 1 unknown, 37 in sync` */
export function reportTotal(report: Counted): string {
  const { changes, held, unknown, inSync } = reportCounts(report);
  const part = (count: number, words: string) => (count > 0 ? [`${count} ${words}`] : []);
  const results = ["applied", "accepted", "failed", "skipped"].flatMap((result) =>
    part(report.changes.filter((change) => change.result === result).length, result),
  );
  return `Report ${report.chain.sequence}: ${[
    ...(report.run.failure ? ["broken off"] : []),
    ...(changes === 0 ? ["nothing changed"] : isHere(report, "changes") ? results : [`${changes} changes`]),
    ...part(report.summary["recovered"] ?? report.recovered.length, "recovered"),
    ...part(held, "held"),
    ...part(unknown, "unknown"),
    ...(inSync === undefined ? [] : [`${inSync} in sync`]),
  ].join(", ")}`;
}

/** What the report counts and holds in attachments only, so that nobody takes its absence here for none. */
export const movedOutLines = (report: Counted): readonly string[] =>
  LISTS.filter((list) => !isHere(report, list)).map((list) => {
    if (report.unchanged?.sections.includes(list))
      return `No change: ${report.summary[list] ?? 0} rows of ${list} are as in report ${report.unchanged.since.sequence}`;
    const attachment = report.attachments.find(({ name }) => name.startsWith(`${list}.`));
    const where = attachment ? `${attachment.name}, SHA-256 ${attachment.digest.sha256}` : "an attachment";
    return `Too long to be in the report itself: ${report.summary[list] ?? 0} rows of ${list}, in ${where}`;
  });

const isHere = (report: Counted, list: List): boolean => (report.summary[list] ?? 0) <= (report[list]?.length ?? 0);
