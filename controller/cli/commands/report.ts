import { chainBroken, type ChainReader, openChain } from "../../attest/chain/chain.ts";
import { reportKey, reportName } from "../../attest/chain/names.ts";
import { Refused } from "../../attest/chain/refused.ts";
import { wholeReport } from "../../attest/chain/whole.ts";
import { HoldfastError } from "../../domain/errors.ts";
import type { Report } from "../../domain/report.ts";
import type { ObjectStore } from "../../ports.ts";
import { reportList as listText } from "../../views/report-list.ts";
import { changesBetween } from "../../views/period/changes-between.ts";
import { diffText } from "../../views/period/diff-text.ts";
import { trendLines } from "../../views/period/trend.ts";
import { jsonText } from "../../views/visible.ts";
import { openEvidence } from "../../world.ts";
import { formatOf, settingsOf, type Invocation } from "../invocation.ts";
import { renderReport } from "./apply.ts";

/** One line a report, newest first, and how the numbers went over all of them. */
export async function reportList(invocation: Invocation): Promise<number> {
  const { flags, terminal } = invocation;
  const { chain } = await chainOf(invocation);
  const newest = await chain.length();
  const last = Math.min(newest, howMany(flags.last) ?? newest);
  const reports = [];
  for (let sequence = newest - last + 1; sequence <= newest; sequence++)
    reports.push((await chain.report(sequence)).report);
  if (formatOf(invocation) === "json") terminal.out(jsonText(reports.toReversed()));
  else {
    terminal.out(listText(reports.toReversed(), terminal));
    if (reports.length > 1) terminal.out(`\n${trendLines(reports, terminal).join("\n")}\n`);
  }
  return 0;
}

/** What changed from one report to a later one: by default, from the one before to the newest. */
export async function reportDiff(invocation: Invocation): Promise<number> {
  const { operands, terminal } = invocation;
  const { chain, store } = await chainOf(invocation);
  const newest = await chain.length();
  const to = sequenceFrom(operands[1]) ?? newest;
  const from = sequenceFrom(operands[0]) ?? to - 1;
  if (from < 1 || to > newest || from >= to)
    throw new HoldfastError(
      "setting-refused",
      `there is nothing to compare from report ${from} to ${to}: give two of the ${newest} reports in ${store.url}, the earlier first`,
    );
  const since = [];
  for (let sequence = from + 1; sequence <= to; sequence++) since.push(await readWhole(store, chain, sequence));
  const diff = changesBetween(await readWhole(store, chain, from), since.at(-1)!, since);
  terminal.out(formatOf(invocation) === "json" ? jsonText(diff) : diffText(diff, terminal));
  return 0;
}

async function readWhole(store: ObjectStore, chain: ChainReader, sequence: number): Promise<Report> {
  try {
    return (await wholeReport(chain, sequence)).report;
  } catch (error) {
    if (error instanceof Refused) throw chainBroken(store, `report ${sequence}: ${error.message}`, error);
    throw error;
  }
}

/** One report, its own signature verified; the newest by default. */
export async function reportShow(invocation: Invocation): Promise<number> {
  const { chain, store } = await chainOf(invocation);
  const newest = await chain.length();
  const sequence = sequenceFrom(invocation.operands[0]) ?? newest;
  if (newest === 0) throw new HoldfastError("source-unreadable", `there is no report in ${store.url} yet`);
  if (sequence > newest)
    throw new HoldfastError(
      "source-unreadable",
      `there is no report ${sequence} in ${store.url}: the newest is ${newest}`,
    );
  const { report, payloadSha256 } = await chain.report(sequence);
  const whole = await readWhole(store, chain, sequence);
  const url = `${store.url}/${reportKey(chain.keys.chainId, sequence)}`;
  invocation.terminal.out(renderReport({ sequence, url, payloadSha256, report, whole }, invocation));
  return 0;
}

export async function chainOf(
  invocation: Invocation,
): Promise<{ readonly chain: ChainReader; readonly store: ObjectStore }> {
  const { store, trust } = await openEvidence(evidenceSettings(invocation));
  const chain = await openChain(store, trust);
  if (!chain)
    throw new HoldfastError("source-unreadable", `there is no chain of reports in ${store.url}: check --evidence`);
  return { chain, store };
}

/** Reports are read without any desired state. */
export const evidenceSettings = (invocation: Invocation) => settingsOf(invocation, ".");

function howMany(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,9}$/.test(text))
    throw new HoldfastError("setting-refused", `--last ${text} is no number of reports: give one such as 30`);
  return Number(text);
}

export function sequenceFrom(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d*$/.test(text))
    throw new HoldfastError(
      "setting-refused",
      `${text} is not a report's sequence: give a number such as 42, as in ${reportName(42)}`,
    );
  return Number(text);
}
