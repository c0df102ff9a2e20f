import { reportsPrefix, reportKey, sequenceOf } from "../../attest/chain/names.ts";
import { HoldfastError } from "../../domain/errors.ts";
import { isReadable, readExportFile, type ExportReport } from "../../exports/export-report.ts";
import type { Period } from "../../exports/pack/facts.ts";
import type { ObjectStore } from "../../ports.ts";

/** A bound of a period as it was typed: a report's sequence, a day, or a time. */
type Bound = { readonly sequence: number } | { readonly at: number };

const DAY = 86_400_000;

/**
 * The reports of a period. Bounds are sequences or times: a day as `to` is a whole one, and a report belongs to the moment its run finished.
 * Where the first report says "no change since" one before it, the period begins with that one: its rows are there. Throws HoldfastError
 * where there is no report in it.
 */
export async function periodOf(
  store: ObjectStore,
  chainId: string,
  asked: { readonly from: string | undefined; readonly to: string | undefined },
): Promise<Period> {
  const sequences = (await store.list(reportsPrefix(chainId))).flatMap((key) => sequenceOf(key) ?? []);
  const newest = sequences.at(-1);
  if (newest === undefined) throw new HoldfastError("source-unreadable", `there is no report in ${store.url} yet`);
  const read = (sequence: number) => readReport(store, chainId, sequence);
  const from = asked.from === undefined ? sequences[0] : await firstSince(sequences, boundOf("from", asked.from), read);
  const to = asked.to === undefined ? newest : await lastUntil(sequences, boundOf("to", asked.to), read);
  if (from === undefined || to === undefined || from > to)
    throw new HoldfastError(
      "source-unreadable",
      `no report of ${store.url} is from ${asked.from ?? "its first"} to ${asked.to ?? "its newest"}: there are ${sequences[0]} to ${newest}`,
    );
  const first = Math.min(from, (await read(from))?.told?.unchanged?.since.sequence ?? from);
  const begin = sequences.includes(first) ? first : from;
  return { from: begin, to, asked, widenedBy: from - begin, newest };
}

type Read = (sequence: number) => Promise<ExportReport | undefined>;

async function readReport(store: ObjectStore, chainId: string, sequence: number): Promise<ExportReport | undefined> {
  const object = await store.get(reportKey(chainId, sequence));
  const file = object && (await readExportFile(sequence, object.body, async () => undefined));
  return file && isReadable(file) ? file : undefined;
}

function boundOf(flag: "from" | "to", text: string): Bound {
  if (/^[1-9]\d*$/.test(text)) return { sequence: Number(text) };
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const at = day || /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(text) ? Date.parse(text) : Number.NaN;
  // A month's 31st that it does not have would be read as the next month's first.
  if (Number.isNaN(at) || !new Date(at).toISOString().startsWith(text.slice(0, "YYYY-MM-DD".length)))
    throw new HoldfastError(
      "setting-refused",
      `--${flag} ${text} is neither a report's sequence nor a day or time in UTC, such as 42, 2027-01-31 or 2027-01-31T12:00:00Z`,
    );
  return { at: day && flag === "to" ? at + DAY - 1 : at };
}

async function firstSince(sequences: readonly number[], bound: Bound, read: Read): Promise<number | undefined> {
  if ("sequence" in bound) return sequences.find((sequence) => sequence >= bound.sequence);
  return sequences[await countBefore(sequences, bound.at, read)];
}

async function lastUntil(sequences: readonly number[], bound: Bound, read: Read): Promise<number | undefined> {
  if ("sequence" in bound) return sequences.findLast((sequence) => sequence <= bound.sequence);
  return sequences[(await countBefore(sequences, bound.at + 1, read)) - 1];
}

/** How many reports finished before a time. Times of a chain never go back, so that a few of the reports tell: one that cannot be read is as old as the one before it. */
async function countBefore(sequences: readonly number[], at: number, read: Read): Promise<number> {
  let [low, high] = [0, sequences.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((await finishedOn(sequences, middle, read)) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

async function finishedOn(sequences: readonly number[], at: number, read: Read): Promise<number> {
  for (let place = at; place >= 0; place--) {
    const told = (await read(sequences[place] ?? 0))?.told;
    if (told) return Date.parse(told.run.finishedOn);
  }
  return Number.NEGATIVE_INFINITY;
}
