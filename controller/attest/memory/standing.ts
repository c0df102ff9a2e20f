import type { Announcement, Standing } from "../../domain/announcement.ts";
import { canonical } from "../../domain/digest.ts";
import type { Instant } from "../../domain/identity.ts";
import type { ChainReader, ChainReport } from "../chain/chain.ts";

/** How many reports are read at once. */
const AT_ONCE = 16;

/**
 * Whether announcements stand: every report from the one that began each to the head carries it, unchanged, and each report is verified
 * and follows on the one before (law 3). Reads the chain backwards no further than it must; a list that two reports share is read once.
 */
export async function standingOf(
  announcements: readonly Announcement[],
  head: ChainReport,
  chain: ChainReader,
  listOf: (report: ChainReport) => Promise<readonly Announcement[]>,
): Promise<ReadonlyMap<string, Standing>> {
  const verdicts = new Map<string, Standing>();
  const open = new Map(announcements.map((one) => [one.change, one]));
  for await (const report of backwards(head, chain, Math.min(...announcements.map(({ since = 1 }) => since)))) {
    const carried = new Map((await listOf(report)).map((one) => [one.change, one]));
    for (const [change, one] of open) {
      const there = carried.get(change);
      if (!there || !isSame(there, one)) {
        verdicts.set(change, { stands: false, because: `report ${report.sequence} does not carry it as it is` });
        open.delete(change);
      } else if (report.sequence === one.since) {
        verdicts.set(change, { stands: true, begunOn: begunOn(report) });
        open.delete(change);
      }
    }
    if (open.size === 0) break;
  }
  for (const change of open.keys())
    verdicts.set(change, { stands: false, because: "the report that began it is not in the chain" });
  return verdicts;
}

/** The head and the reports before it, newest first, each linked to the next by its digest. Throws where one is not. */
async function* backwards(head: ChainReport, chain: ChainReader, least: number): AsyncGenerator<ChainReport> {
  yield head;
  let next = head;
  for (let last = head.sequence - 1; last >= least; last -= AT_ONCE) {
    const sequences = Array.from({ length: Math.min(AT_ONCE, last - least + 1) }, (_, at) => last - at);
    for (const report of await Promise.all(sequences.map((sequence) => chain.report(sequence)))) {
      chain.assertLinked(next, report);
      yield report;
      next = report;
    }
  }
}

/** The grace runs from the later of what the report says and what the store says (rule 6). */
const begunOn = ({ publishedOn, report: { run } }: ChainReport): Instant =>
  run.finishedOn > publishedOn ? run.finishedOn : publishedOn;

/** The same destruction, announced at the same time; how long it was paused may have grown. */
const isSame = (a: Announcement, b: Announcement): boolean => canonical(core(a)) === canonical(core(b));
const core = ({ pausedMs: _grown, pausedOn: _on, ...rest }: Announcement): unknown => rest;
