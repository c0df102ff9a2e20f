import { showTarget } from "../domain/identity.ts";
import type { Report } from "../domain/report.ts";
import { VERDICTS } from "../domain/verdict.ts";
import { sectionLines } from "./blocks.ts";
import { coverageEffectLines } from "./coverage-lines.ts";
import { jobLines } from "./job-lines.ts";
import { padTo, wrap, type TextOptions } from "./layout.ts";
import { misnamedLines } from "./misnamed-lines.ts";
import { outlookOfReport } from "./outlook.ts";
import { outlookLines } from "./outlook-lines.ts";
import { paletteOf, TONE_OF_VERDICT, type Palette } from "./palette.ts";
import { recoveredLines } from "./recovered-lines.ts";
import { restoreLines } from "./restore-lines.ts";
import { sceneOfReport, type ReportView } from "./report-scene.ts";
import { movedOutLines, reportTotal } from "./report-totals.ts";
import { sectionsOf } from "./sections.ts";
import { visibleData } from "./visible.ts";
import { countOf, revisionText, shortList } from "./words.ts";

/** A published report for a terminal: the verdict, what was done, what is left and why, and how to prove all of it. */
export function reportText(given: ReportView, options: TextOptions): string {
  const view = visibleData({ report: given.report, url: given.url, payloadSha256: given.payloadSha256 });
  const { report } = view;
  const palette = paletteOf(options.color);
  const paragraph = (lines: readonly string[]) => (lines.length > 0 ? [...lines, ""] : []);
  return [
    palette[TONE_OF_VERDICT[report.result]](palette.strong(verdictLine(view))),
    ...contextLines(view).flatMap((line) => wrap(line, options.width, 2, 2)),
    "",
    ...paragraph(targetLines(view, options, palette)),
    ...sectionsOf(sceneOfReport(report)).flatMap((section) => sectionLines(section, options)),
    ...paragraph(recoveredLines(report.recovered, options)),
    ...paragraph(coverageEffectLines(report.coverageEffect, options)),
    ...paragraph(jobLines(report, options)),
    ...paragraph(restoreLines(report, options)),
    ...paragraph(misnamedLines(report.misnamed, options)),
    ...outlookLines(outlookOfReport(report), options),
    ...paragraph(movedOutLines(report).flatMap((line) => wrap(line, options.width, 0, 2))),
    ...paragraph(limitLines(report).flatMap((line) => wrap(line, options.width, 0, 2).map(palette.faint))),
    ...paragraph(proofLines(view)),
    ...wrap(reportTotal(report), options.width, 0, 2).map(palette.strong),
    "",
  ].join("\n");
}

/** `CORRECTED: report 42 of fleet acme` */
export const verdictLine = ({ report }: Pick<ReportView, "report">): string =>
  `${report.result}: report ${report.chain.sequence}${report.scope.fleet === null ? ", of no fleet: none was resolved" : ` of fleet ${report.scope.fleet}`}`;

/** Which run it was, on which desired state, and what broke it off if anything did. */
export function contextLines({
  report: { run, source, scope, reporter, standDowns, chain },
}: Pick<ReportView, "report">): readonly string[] {
  const seconds = ((Date.parse(run.finishedOn) - Date.parse(run.startedOn)) / 1000).toFixed(1);
  return [
    `run ${run.id}, ${run.trigger}, ${run.mode}, ${run.startedOn} for ${seconds} s, by ${reporter.id} ${reporter.version}`,
    source === null ? "desired state: none was read" : `desired state: ${revisionText(source)} from ${source.uri}`,
    ...(chain.genesis?.supersedes
      ? [
          `supersedes chain ${chain.genesis.supersedes.chainId} after ${chain.genesis.supersedes.sequence} reports: ${chain.genesis.reason}`,
          "announcements and their grace begin anew; approvals given before count no more",
        ]
      : []),
    ...(run.failure ? brokenOff(run.failure) : []),
    ...(scope.partial ? ["looked at a part of the fleet only"] : []),
    ...scope.exclusions.map(({ selector, reason }) => `left out: account ${selector} (${reason})`),
    ...standDowns.map(({ run: other, on, holder }) => `run ${other} stood down ${on}, for ${holder} had the lease`),
  ];
}

/** A failure may tell many things, each on a line of its own; their ends were spelled out when the text was made visible. */
function brokenOff({ code, message }: NonNullable<ReportView["report"]["run"]["failure"]>): readonly string[] {
  const [head = "", ...more] = message.split("\\n");
  return [`broken off: ${code}: ${head}`, ...more.map((line) => `  ${line}`)];
}

/** Targets by verdict, the gravest first. */
function targetLines({ report: { targets } }: ReportView, { width }: TextOptions, palette: Palette): readonly string[] {
  const widest = Math.max(...VERDICTS.map(({ length }) => length));
  const byVerdict = Map.groupBy(targets, ({ result }) => result);
  return VERDICTS.toReversed().flatMap((verdict) => {
    const names = (byVerdict.get(verdict) ?? []).map(({ target }) => showTarget(target));
    if (names.length === 0) return [];
    const [head = "", ...more] = wrap(`${countOf(names.length, "target")}: ${shortList(names)}`, width, widest + 2);
    return [`${palette[TONE_OF_VERDICT[verdict]](padTo(verdict, widest))}${head.slice(widest)}`, ...more];
  });
}

/** Where the report is and how to check it. Lines to be copied, so never broken. */
export const proofLines = ({ report, url, payloadSha256 }: ReportView): readonly string[] => [
  "Stored at",
  `  ${url}`,
  "Verify with",
  `  holdfast report verify --head ${report.chain.sequence}:${payloadSha256}`,
];

/** What the report does not prove, in its own words. */
export const limitLines = ({ limitations }: Report): readonly string[] =>
  limitations.map((limitation) => `Limit: ${limitation}`);
