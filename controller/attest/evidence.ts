import { HoldfastError } from "../domain/errors.ts";
import type { Clock, Evidence, History, Memory, ObjectStore } from "../ports.ts";
import { type ChainReader, refusedIsBroken } from "./chain/chain.ts";
import { ENVELOPE_MEDIA_TYPE } from "./sealing/envelope.ts";
import { establish, type GenesisOptions } from "./chain/genesis.ts";
import { createHistory } from "./memory/history.ts";
import { keepPack, withPack } from "./git/keep-pack.ts";
import type { Keys } from "./sealing/keys.ts";
import { openingKey, standDownKey } from "./chain/names.ts";
import { attachingTo } from "./attachments/put-attachment.ts";
import { publish } from "./publish.ts";
import { openRecord, sealRecord, type ChainRecord } from "./chain/records.ts";
import type { Signers } from "./sealing/signer.ts";

export interface EvidenceOptions extends GenesisOptions {
  readonly clock: Pick<Clock, "now">;
}

/** A run's memory of the chain in a store, and its way of adding to it. */
export function createEvidence(options: EvidenceOptions): { readonly history: History; readonly evidence: Evidence } {
  const { store, signers, trust, clock } = options;
  const reader = createHistory(options);
  let remembered: number | undefined;
  let chain: ChainReader | undefined;
  const established = async () => (chain ??= await establish(options));

  const attaching = async () => attachingTo(store, (await established()).keys.chainId);
  const recall = ({ head }: Memory) => void (remembered = head?.sequence ?? 0);
  return {
    history: {
      read: async () => {
        const memory = await reader.read();
        recall(memory);
        return memory;
      },
      looksSince: (moment) => reader.looksSince(moment),
      standing: (announcements) => reader.standing(announcements),
      group: (report, id) => reader.group(report, id),
    },
    evidence: {
      recall,
      attach: async (name, rows) => (await attaching()).rows(name, rows),
      open: async (run, on) => {
        const chain = await established();
        const { chainId } = chain.keys;
        const record = { record: "opening", chain: chainId, after: await chain.length(), run, on } as const;
        await putRecord(store, openingKey(chainId, run), record, signers, chain.keys);
      },
      standDown: async ({ run, on, holder }) => {
        const chain = await established();
        const { chainId } = chain.keys;
        const record = { record: "stand-down", chain: chainId, after: await chain.length(), run, on, holder } as const;
        return putRecord(store, standDownKey(chainId, record.after, run), record, signers, chain.keys);
      },
      publish: async (body, revision, nextDueBefore, pack) => {
        const chain = await established();
        const kept = revision ? await keepPack(store, chain.keys.chainId, revision, pack) : undefined;
        return publish(kept ? withPack(body, kept) : body, revision?.files ?? [], {
          store,
          chain,
          signers,
          clock,
          pinned: trust !== undefined,
          remembered,
          nextDueBefore,
          attach: await attaching(),
        });
      },
    },
  };
}

async function putRecord(
  store: ObjectStore,
  key: string,
  record: ChainRecord,
  signers: Signers,
  keys: Keys,
): Promise<string> {
  const body = await sealRecord(record, signers);
  const put = await store.put(key, body, { condition: { ifAbsent: true }, contentType: ENVELOPE_MEDIA_TYPE });
  if (put === "conflict") {
    const there = await store.get(key);
    const other = refusedIsBroken(store, key, () => openRecord(there?.body ?? new Uint8Array(), keys, record.after));
    // The same run's earlier try, its answer lost; its time may be another.
    if (other.record !== record.record || other.run !== record.run)
      throw new HoldfastError("publish-failed", `${store.url}/${key} is the record of run ${other.run}`);
  }
  return `${store.url}/${key}`;
}
