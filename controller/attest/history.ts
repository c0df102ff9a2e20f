import * as z from "zod";
import { Digest } from "../domain/identity.ts";
import type { History, Memory, ObjectStore } from "../ports.ts";
import { unpackRows } from "./attachments.ts";
import { NOTHING_CARRIED } from "./carry.ts";
import { chainBroken, openChain, type ChainReader, type ChainReport } from "./chain.ts";
import type { Keys } from "./keys.ts";
import { attachmentKey } from "./names.ts";
import { Refused } from "./refused.ts";
import { unlistedStandDowns } from "./stand-downs.ts";

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
  };
}

const NOTHING_REMEMBERED: Memory = { head: null, carried: NOTHING_CARRIED, inSync: new Map(), standDowns: [] };

const remember = async (store: ObjectStore, chain: ChainReader, tip: ChainReport): Promise<Memory> => ({
  head: { sequence: tip.sequence, payloadSha256: tip.payloadSha256, publishedOn: tip.publishedOn, report: tip.report },
  carried: tip.report.carried,
  inSync: await inSyncDigests(store, chain, tip),
  standDowns: await unlistedStandDowns(store, chain, tip),
});

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
    if (before.payloadSha256 !== previous.payloadSha256)
      throw chainBroken(store, `${report.name} was not made after ${before.name} as it is here`);
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
