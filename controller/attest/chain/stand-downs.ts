import type { ObjectStore, StandDown } from "../../ports.ts";
import { chainBroken, type ChainReader, type ChainReport } from "./chain.ts";
import { standDownSequence, standDownsPrefix } from "./names.ts";
import { openRecord } from "./records.ts";
import { Refused } from "./refused.ts";

/**
 * A record is named after the report that was last when it was made, and is put within seconds. So one that no report has listed is at most a
 * report or two old by then; older ones need not be looked at, however many there are.
 */
const RECENT = 8;

/** Stand-downs that no report has listed, oldest first. */
export async function unlistedStandDowns(
  store: ObjectStore,
  chain: ChainReader,
  tip: ChainReport | null,
): Promise<readonly StandDown[]> {
  const oldest = (tip?.sequence ?? 0) - RECENT;
  const recent = (await store.list(standDownsPrefix(chain.keys.chainId))).flatMap((key) => {
    const after = standDownSequence(key);
    if (after === undefined) throw chainBroken(store, `${key} is not the name of a stand-down`);
    return after >= oldest ? [{ key, after }] : [];
  });
  if (recent.length === 0) return [];
  const listed = tip ? await listedSince(chain, tip, Math.min(...recent.map(({ after }) => after))) : new Set<string>();
  const records = await Promise.all(recent.map(({ key, after }) => readStandDown(store, chain, key, after)));
  return records.filter(({ run }) => !listed.has(run)).toSorted((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
}

/** The runs whose stand-downs are listed in the reports after one. */
async function listedSince(chain: ChainReader, tip: ChainReport, after: number): Promise<ReadonlySet<string>> {
  const listed = new Set(tip.report.standDowns.map(({ run }) => run));
  for (let sequence = tip.sequence - 1; sequence > after; sequence--)
    for (const { run } of (await chain.report(sequence)).report.standDowns) listed.add(run);
  return listed;
}

async function readStandDown(store: ObjectStore, chain: ChainReader, key: string, after: number): Promise<StandDown> {
  const object = await store.get(key);
  if (!object) throw chainBroken(store, `${key} was there and is gone`);
  try {
    const record = openRecord(object.body, chain.keys, after);
    if (record.record !== "stand-down") throw new Refused("schema", "is no stand-down");
    return { run: record.run, on: record.on, holder: record.holder };
  } catch (error) {
    if (error instanceof Refused) throw chainBroken(store, `${key} ${error.message}`, error);
    throw error;
  }
}
