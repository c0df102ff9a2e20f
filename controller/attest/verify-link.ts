import type { Check } from "./refused.ts";
import type { Problem, ReadReport } from "./verify-report.ts";

/** A report somebody wrote down outside the store. */
export interface Pin {
  readonly sequence: number;
  readonly payloadSha256: string;
}

/** A store's Date counts whole seconds, and every controller's clock begins with one: so much earlier is still not before. Milliseconds. */
const SLACK = 5_000;

/** What came before a report in the walk: nothing, a file that could not be read, or a report. */
export type Before = "nothing" | "refused" | ReadReport;

/** Whether a report follows on what came before it. Fields are compared, never their spelling. */
export function linkProblems(report: ReadReport, before: Before, start: Pin | undefined): readonly Problem[] {
  const problem = (check: Check, message: string): readonly Problem[] => [{ file: report.name, check, message }];
  if (before === "nothing") return startProblems(report, start, problem);
  if (before === "refused")
    return problem("link", "follows a file that could not be read, so nothing shows that it belongs here");
  const {
    sequence,
    report: { chain, run },
  } = report;
  if (sequence !== before.sequence + 1) return problem("sequence", gap(before.sequence, sequence));
  const { previous } = chain;
  if (previous?.sequence !== before.sequence || previous.payloadSha256 !== before.payloadSha256)
    return problem("link", `was not made after report ${before.sequence} as it is here`);
  return [
    ...(previous.envelopeSha256 === before.envelopeSha256
      ? []
      : problem("signature-list", `report ${before.sequence} had other signatures when this one was made`)),
    ...(Date.parse(run.finishedOn) + SLACK < Date.parse(before.report.run.finishedOn)
      ? problem("order", `finished at ${run.finishedOn}, before report ${before.sequence} did`)
      : []),
  ];
}

function startProblems(
  { sequence, payloadSha256, report }: ReadReport,
  start: Pin | undefined,
  problem: (check: Check, message: string) => readonly Problem[],
): readonly Problem[] {
  if (start)
    return sequence === start.sequence && payloadSha256 === start.payloadSha256
      ? []
      : problem("start", `is not the report ${start.sequence} that was pinned as the start`);
  if (sequence !== 1)
    return problem("start", `is the first report at hand, and the chain begins with report 1: give its start as a pin`);
  return report.chain.previous === null ? [] : problem("link", "is report 1 and names a report before it");
}

const gap = (before: number, sequence: number): string =>
  sequence <= before
    ? `comes after report ${before}: give the files in order, each once`
    : before + 2 === sequence
      ? `report ${before + 1} is missing before it`
      : `reports ${before + 1} to ${sequence - 1} are missing before it`;
