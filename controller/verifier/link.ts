import { fromHex, hex } from "./bytes.ts";
import type { Check, Finding } from "./checks.ts";
import { append, bitsOf, EMPTY, rootOf, type Frontier } from "./merkle.ts";
import type { Primitives } from "./primitives.ts";
import type { ReadReport } from "./report.ts";
import { list, sha256Hex } from "./shape.ts";
import type { LateReport, Pin } from "./verification.ts";

/** A store's Date counts whole seconds, and every controller's clock begins with one: so much earlier is still not before. Milliseconds. */
const SLACK = 5_000;

/** What came before a report in the walk: nothing, a file that could not be read, or a report. */
export type Before = "nothing" | "refused" | ReadReport;

const one = (check: Check, message: string): readonly Finding[] => [{ check, message }];

/** Whether a report follows on what came before it. Fields are compared, never their spelling. */
export function linkFindings(report: ReadReport, before: Before, start: Pin | undefined): readonly Finding[] {
  if (before === "nothing") return startFindings(report, start);
  if (before === "refused")
    return one("link", "follows a file that could not be read, so nothing shows that it belongs here");
  const { sequence, statement } = report;
  const { previous } = statement.predicate.chain;
  if (sequence !== before.sequence + 1) return one("sequence", gap(before.sequence, sequence));
  if (previous?.sequence !== before.sequence || previous.payloadSha256 !== before.payloadSha256)
    return one("link", `was not made after report ${before.sequence} as it is here`);
  const was = before.statement;
  return [
    ...(previous.envelopeSha256 === before.envelopeSha256
      ? []
      : one("signature-list", `report ${before.sequence} had other signatures when this one was made`)),
    ...(statement.form === was.form
      ? []
      : one("schema", `is of form ${statement.form} in a chain of form ${was.form}`)),
    ...orderFindings(report, before),
    ...windowFindings(report, before),
  ];
}

const gap = (before: number, sequence: number): string =>
  sequence <= before
    ? `comes after report ${before}: give the files in order, each once`
    : before + 2 === sequence
      ? `report ${before + 1} is missing before it`
      : `reports ${before + 1} to ${sequence - 1} are missing before it`;

function startFindings({ sequence, payloadSha256, statement }: ReadReport, start: Pin | undefined): readonly Finding[] {
  if (start)
    return sequence === start.sequence && payloadSha256 === start.payloadSha256
      ? []
      : one("start", `is not the report ${start.sequence} that was pinned as the start`);
  if (sequence !== 1)
    return one("start", "is the first report at hand, and the chain begins with report 1: give its start as a pin");
  const { chain, run } = statement.predicate;
  if (chain.previous !== null) return one("link", "is report 1 and names a report before it");
  return chain.window && Date.parse(chain.window.from) !== Date.parse(run.startedOn)
    ? one("window", "is report 1, and its window does not begin with its run")
    : [];
}

function orderFindings({ statement }: ReadReport, before: ReadReport): readonly Finding[] {
  const { finishedOn } = statement.predicate.run;
  return Date.parse(finishedOn) + SLACK < Date.parse(before.statement.predicate.run.finishedOn)
    ? one("order", `finished at ${finishedOn}, before report ${before.sequence} did`)
    : [];
}

/** Windows follow one another without a gap, so that nothing is missing in time even where no run was. */
function windowFindings({ statement }: ReadReport, before: ReadReport): readonly Finding[] {
  const { window } = statement.predicate.chain;
  const was = before.statement.predicate.chain.window;
  return window && was && Date.parse(window.from) !== Date.parse(was.to)
    ? one("window", `has a window from ${window.from}, and report ${before.sequence} ends at ${was.to}`)
    : [];
}

/** What a report's window says beside its run: it ends with it, and where a clock went back it is empty. */
export function ownWindowFindings({ statement }: ReadReport): readonly Finding[] {
  const { window, ...chain } = statement.predicate.chain;
  if (!window) return [];
  const { finishedOn } = statement.predicate.run;
  const ends = Math.max(Date.parse(window.from), Date.parse(finishedOn));
  return Date.parse(window.to) === ends
    ? []
    : one("window", `has a window to ${window.to}, and the run of report ${chain.sequence} finished at ${finishedOn}`);
}

/** A report that came after the time by which the one before had said it would. */
export function lateness({ sequence, statement }: ReadReport, before: Before): LateReport | undefined {
  if (before === "nothing" || before === "refused") return undefined;
  const { nextDueBefore: dueBefore } = before.statement.predicate.chain;
  const { finishedOn } = statement.predicate.run;
  return dueBefore !== undefined && Date.parse(finishedOn) > Date.parse(dueBefore)
    ? { sequence, dueBefore, finishedOn }
    : undefined;
}

/** The log as it stands before a report, and what of the report contradicts it. */
export interface Logged {
  readonly findings: readonly Finding[];
  /** Over all reports up to and with this one; undefined where that cannot be known. */
  readonly after: Frontier | undefined;
}

/** `log`: over all reports before this one, recomputed. Undefined: unknown, and then the report's own is built on. */
export async function logFindings(
  report: ReadReport,
  log: Frontier | undefined,
  primitives: Primitives,
): Promise<Logged> {
  const { chain, carried } = report.statement.predicate;
  const own = frontierOf(carried.get("frontier"), chain.log?.size);
  const grown = async (frontier: Frontier | undefined) =>
    frontier && append(frontier, fromHex(report.payloadSha256), primitives);
  if (!chain.log) return { findings: [], after: await grown(log ?? (report.sequence === 1 ? EMPTY : undefined)) };
  const finding = (message: string): readonly Finding[] => one("log", message);
  const known = log ?? own;
  if (chain.log.size !== report.sequence - 1)
    return { findings: finding(`has a log of ${chain.log.size} reports before it`), after: await grown(log) };
  if (!own) return { findings: finding("carries no hashes that could be those of its log"), after: await grown(log) };
  const wrong =
    hex(await rootOf(own, primitives)) !== chain.log.rootHash
      ? "carries hashes that are not those of its log"
      : known && hex(await rootOf(known, primitives)) !== chain.log.rootHash
        ? "has a log whose root is not that of the reports before it"
        : undefined;
  return { findings: wrong === undefined ? [] : finding(wrong), after: await grown(known) };
}

const Hashes = list(sha256Hex, 64);

/** The hashes that a report carries to go on with, where they are as many as a log of this size has. */
function frontierOf(carried: unknown, size: number | undefined): Frontier | undefined {
  if (size === undefined || !Array.isArray(carried)) return undefined;
  const hashes = Hashes(carried, "carried.frontier").map(fromHex);
  return hashes.length === (size === 0 ? 0 : bitsOf(size)) ? { size, hashes } : undefined;
}
