import * as z from "zod";
import type { Announcement } from "../../domain/announcement.ts";
import { Digest } from "../../domain/identity.ts";
import type { Carried } from "../../domain/carried.ts";
import type { History, Memory, ObjectStore } from "../../ports.ts";
import { unpackRows } from "../attachments/packed-rows.ts";
import { NOTHING_CARRIED } from "./carry.ts";
import { chainBroken, openChain, type ChainReader, type ChainReport } from "../chain/chain.ts";
import type { Keys } from "../sealing/keys.ts";
import { attachmentKey } from "../chain/names.ts";
import { membersOf } from "../report/groups.ts";
import { announcementsOf, concernsOf, sightingsOf, testedOf } from "./lists.ts";
import { Refused } from "../chain/refused.ts";
import { looksSince } from "./looks.ts";
import { standingOf } from "./standing.ts";
import { unlistedStandDowns } from "../chain/stand-downs.ts";
import { handedOn } from "../report/unchanged.ts";

/** The attachment of resources in sync: a row for each, `key` as `showKey` writes it and the SHA-256 of the spec's normal form. */
export const IN_SYNC = "in-sync.ndjson.gz";
const InSyncRow = z.object({ key: z.string(), sha256: Digest });

/** How far back a run looks for what was in sync. Further back than this, resources are treated as if they had never been. */
const LOOK_BACK = 100;

export interface HistoryOptions {
  readonly store: ObjectStore;
  /** keys.json from outside the store. Absent: the store's own, which whoever may write there could have replaced. */
  readonly trust?: Keys;
}

/** What earlier reports say: the head read and verified, with its link; of the others only what is asked of them, verified too. */
export function createHistory({ store, trust }: HistoryOptions): History {
  return {
    read: async () => {
      const chain = await openChain(store, trust);
      const tip = (await chain?.tip()) ?? null;
      return chain && tip
        ? remember(store, chain, tip)
        : { ...NOTHING_REMEMBERED, standDowns: chain ? await unlistedStandDowns(store, chain, null) : [] };
    },
    standing: async (announcements) => {
      const chain = await openChain(store, trust);
      const tip = (await chain?.tip()) ?? null;
      if (!chain || !tip || announcements.length === 0) return new Map();
      const lists = new Map<string, readonly Announcement[]>();
      return standingOf(announcements, tip, chain, async ({ name, report }) => {
        const { announcements: bound } = report.carried;
        const known = Array.isArray(bound) ? [] : lists.get(bound.sha256);
        // Rows that a report began itself get its sequence: in a later report the same bytes would mean something else, and cannot be.
        const list = known ?? (await refusals(store, name, () => announcementsOf(report, chain.attachment)));
        if (!Array.isArray(bound) && list.every(({ since = 0 }) => since < report.chain.sequence))
          lists.set(bound.sha256, list);
        return list;
      });
    },
    looksSince: async (moment) => {
      const chain = await openChain(store, trust);
      const tip = (await chain?.tip()) ?? null;
      return chain && tip ? looksSince(tip, moment, chain) : null;
    },
    group: async (sequence, id) => {
      const chain = await openChain(store, trust);
      if (!chain || sequence > (await chain.length())) return undefined;
      const { name, report } = await chain.report(sequence);
      return refusals(store, name, () => membersOf(report, id, chain.attachment));
    },
  };
}

const NOTHING_REMEMBERED: Memory = {
  head: null,
  carried: NOTHING_CARRIED,
  announcements: [],
  sightings: [],
  concerns: [],
  tested: [],
  inSync: new Map(),
  standDowns: [],
};

const remember = async (store: ObjectStore, chain: ChainReader, tip: ChainReport): Promise<Memory> => ({
  head: { sequence: tip.sequence, payloadSha256: tip.payloadSha256, publishedOn: tip.publishedOn, report: tip.report },
  carried: handedOn(sinceOf(tip.report.carried, tip.sequence), tip.payloadSha256),
  announcements: await refusals(store, tip.name, () => announcementsOf(tip.report, chain.attachment)),
  sightings: await refusals(store, tip.name, () => sightingsOf(tip.report, chain.attachment)),
  concerns: await refusals(store, tip.name, () => concernsOf(tip.report, chain.attachment)),
  tested: await refusals(store, tip.name, () => testedOf(tip.report, chain.attachment)),
  inSync: await inSyncDigests(store, chain, tip),
  standDowns: await unlistedStandDowns(store, chain, tip),
});

/** What a report began itself bears no number there: its place was not settled before it was published. */
export function sinceOf(carried: Carried, sequence: number): Carried {
  const named = <T extends { readonly since?: number | undefined }>(list: readonly T[] | undefined): T[] =>
    (list ?? []).map((entry) => ({ ...entry, since: entry.since ?? sequence }));
  return {
    ...carried,
    deletions: named(carried.deletions),
    canaries: named(carried.canaries),
    spent: named(carried.spent),
    consumed: named(carried.consumed),
    policies: named(carried.policies),
    ...(carried.handed ? { handed: named(carried.handed) } : {}),
  };
}

/** What a report binds and is not there, or not so, breaks the chain. */
async function refusals<T>(store: ObjectStore, name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Refused) throw chainBroken(store, `${name}: ${error.message}`, error);
    throw error;
  }
}

/** From the last report that recorded them: one that failed early has nothing to say, and does not make the earlier ones unsaid. */
async function inSyncDigests(
  store: ObjectStore,
  chain: ChainReader,
  tip: ChainReport,
): Promise<ReadonlyMap<string, string>> {
  let report = tip;
  for (let back = 0; back < LOOK_BACK; back++) {
    const attachment = report.report.attachments.find(({ name }) => name === IN_SYNC);
    if (attachment) {
      const rows = z.array(InSyncRow).safeParse(await readRows(store, chain.keys.chainId, attachment));
      if (!rows.success)
        throw chainBroken(store, `${report.name} has an attachment ${IN_SYNC} with other rows`, rows.error);
      return new Map(rows.data.map(({ key, sha256 }) => [key, sha256]));
    }
    const { previous } = report.report.chain;
    if (!previous) break;
    const before = await chain.report(previous.sequence);
    chain.assertLinked(report, before);
    report = before;
  }
  return new Map();
}

async function readRows(
  store: ObjectStore,
  chainId: string,
  attachment: ChainReport["report"]["attachments"][number],
): Promise<readonly unknown[]> {
  const key = attachmentKey(chainId, attachment.digest.sha256);
  const object = await store.get(key);
  if (!object) throw chainBroken(store, `${key}, the attachment ${attachment.name}, is missing`);
  try {
    return unpackRows(object.body, attachment);
  } catch (error) {
    if (error instanceof Refused) throw chainBroken(store, error.message, error);
    throw error;
  }
}
