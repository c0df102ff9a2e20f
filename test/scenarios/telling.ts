import type { PublishedReport } from "../../controller/ports.ts";
import type { Report } from "../../controller/domain/report.ts";
import { exitCodeOf, type Verdict } from "../../controller/domain/verdict.ts";
import type { Finished } from "../../controller/reconcile.ts";
import { reportText } from "../../controller/views/report-text.ts";
import type { Call } from "../simulator/calls.ts";
import type { Universe } from "../support/universe.ts";

/** What a run came to, and what the person who started it reads. */
export interface Told {
  readonly report: Report;
  readonly published: PublishedReport;
  readonly result: Verdict;
  readonly exitCode: number;
  readonly text: string;
}

/** Throws where the run stood down. */
export function told(finished: Finished): Told {
  if (finished.ended !== "reported") throw new Error(`the run stood down for ${finished.record.holder}`);
  const { published } = finished;
  const { report } = published;
  const text = reportText(published, { color: false, width: 110 });
  return { report, published, result: report.result, exitCode: exitCodeOf(report.result), text };
}

/** The paragraphs that say something. Lines of single calls are left out: their request ids say nothing to a reader of tests. */
export function passages(text: string, saying: string | RegExp): string {
  const paragraphs = text.split(/\n\n+/).map((paragraph) =>
    paragraph
      .split("\n")
      .filter((line) => !/^\s+\w+:\w+ · /.test(line))
      .join("\n"),
  );
  const found = paragraphs.filter((paragraph) =>
    typeof saying === "string" ? paragraph.includes(saying) : saying.test(paragraph),
  );
  if (found.length === 0) throw new Error(`nothing says ${String(saying)} in:\n${text}`);
  return found.join("\n\n");
}

/** What broke a run off, in its own words. */
export function brokenOff(text: string): string {
  const [said] = /broken off: [\s\S]*?(?=\n\n)/.exec(text) ?? [];
  if (said === undefined) throw new Error(`nothing was broken off in:\n${text}`);
  return said;
}

/** Where in the call log a part of a scenario begins. */
export const mark = ({ simulator }: Pick<Universe, "simulator">): number => simulator.calls.all().length;

/** Calls since then that were meant to change AWS Backup, whatever became of them. */
export const writesSince = ({ simulator }: Pick<Universe, "simulator">, from: number): readonly Call[] =>
  simulator.calls.since(from).filter(({ service, mutating }) => service === "backup" && mutating);

export const operationsOf = (calls: readonly Call[]): readonly string[] => calls.map(({ operation }) => operation);
