import { VERDICTS } from "../domain/verdict.ts";
import { coverageEffectLines } from "./coverage-lines.ts";
import { code, COMMENT_LIMIT, fenced, folded, foldedSections, outlookMarkdown, table } from "./markdown.ts";
import { jobLines } from "./job-lines.ts";
import { misnamedLines } from "./misnamed-lines.ts";
import { outlookOfReport } from "./outlook.ts";
import { recoveredLines } from "./recovered-lines.ts";
import { restoreLines } from "./restore-lines.ts";
import { sceneOfReport, type ReportView } from "./report-scene.ts";
import { contextLines, limitLines, proofLines, verdictLine } from "./report-text.ts";
import { movedOutLines, reportTotal } from "./report-totals.ts";
import { sectionsOf } from "./sections.ts";
import { visibleData } from "./visible.ts";

/** A published report for a pull request, an issue or a job summary. */
export function reportMarkdown(given: ReportView): string {
  const view = visibleData({ report: given.report, url: given.url, payloadSha256: given.payloadSha256 });
  const { report } = view;
  const recovered = recoveredLines(report.recovered, { color: false, width: 100 });
  const jobs = jobLines(report, { color: false, width: 100 });
  const coverage = coverageEffectLines(report.coverageEffect, { color: false, width: 100 });
  const restores = restoreLines(report, { color: false, width: 100 });
  const misnamed = misnamedLines(report.misnamed, { color: false, width: 100 });
  const head = [
    `### ${code(verdictLine(view))}`,
    `**${reportTotal(report)}**`,
    fenced(contextLines(view), "text"),
    ...(report.targets.length > 0 ? [verdictTable(report)] : []),
  ];
  const foot = [
    ...(recovered.length > 0 ? [folded("writes of runs that never ended", fenced(recovered, "diff"), true)] : []),
    ...(coverage.length > 0 ? [fenced(coverage, "text")] : []),
    ...(jobs.length > 0 ? [folded("jobs that did not do all they should", fenced(jobs, "text"), true)] : []),
    ...(restores.length > 0 ? [fenced(restores, "text")] : []),
    ...(misnamed.length > 0
      ? [folded("names that are not as the Fleet has them", fenced(misnamed, "text"), false)]
      : []),
    ...outlookMarkdown(outlookOfReport(report)),
    fenced([...movedOutLines(report), ...proofLines(view), ...limitLines(report)], "text"),
  ];
  const room = COMMENT_LIMIT - [...head, ...foot].join("\n\n").length;
  return `${[...head, ...foldedSections(sectionsOf(sceneOfReport(report)), room), ...foot].join("\n\n")}\n`;
}

function verdictTable({ targets }: ReportView["report"]): string {
  const byVerdict = Map.groupBy(targets, ({ result }) => result);
  const rows = VERDICTS.toReversed().flatMap((verdict) => {
    const count = byVerdict.get(verdict)?.length ?? 0;
    return count > 0 ? [[code(verdict), String(count)]] : [];
  });
  return table(["verdict", "targets"], rows);
}
