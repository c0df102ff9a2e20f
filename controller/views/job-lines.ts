import type { Report } from "../domain/report.ts";
import { wrap, type TextOptions } from "./layout.ts";
import { paletteOf } from "./palette.ts";

/** Of a run over a part of the fleet: the jobs there that did not do all they should, since the last survey of the whole fleet. */
export function jobLines(
  { jobsSinceSurvey: jobs, summary }: Pick<Report, "jobsSinceSurvey" | "summary">,
  { color, width }: TextOptions,
): readonly string[] {
  if (!jobs) return [];
  const palette = paletteOf(color);
  const away = (summary["jobsSinceSurvey.failed"] ?? 0) - jobs.failed.length;
  const lines = [
    ...jobs.failed.flatMap(({ kind, state, arn, message, on, jobId, retriedBy }) => [
      ...wrap(`${kind} of ${arn}: ${state}${message === "" ? "" : `: ${message}`}`, width, 2, 4),
      palette.faint(`    ${on} · job ${jobId}${retriedBy === undefined ? "" : ` · made good by job ${retriedBy}`}`),
    ]),
    ...(away > 0 ? [`  ${away} jobs are told in the attachment jobsSinceSurvey.failed.ndjson.gz`] : []),
    ...(jobs.complete ? [] : ["  Some list of jobs was not read to its end: there may be more."]),
  ];
  return lines.length > 0 ? [palette.strong(`Jobs since ${jobs.from} that did not do all they should:`), ...lines] : [];
}
