import { digestOf } from "../domain/digest.ts";
import { HoldfastError } from "../domain/errors.ts";
import type { Attachment, ReportBody } from "../domain/report.ts";
import type { Clock, Evidence, History, ObjectStore } from "../ports.ts";
import { checkAttachment, packRows, ROWS_MEDIA_TYPE } from "./attachments.ts";
import { chainBroken, type ChainReader } from "./chain.ts";
import { ENVELOPE_MEDIA_TYPE } from "./envelope.ts";
import { establish, type GenesisOptions } from "./genesis.ts";
import { createHistory } from "./history.ts";
import { keepPack, type KeptPack } from "./keep-pack.ts";
import type { Keys } from "./keys.ts";
import { attachmentKey, openingKey, standDownKey } from "./names.ts";
import { publish } from "./publish.ts";
import { openRecord, sealRecord, type ChainRecord } from "./records.ts";
import { Refused } from "./refused.ts";
import type { Signers } from "./signer.ts";

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

  const attach: Evidence["attach"] = async (name, rows) =>
    putAttachment(store, (await established()).keys.chainId, name, await packRows(rows));
  return {
    history: {
      read: async () => {
        const memory = await reader.read();
        remembered = memory.head?.sequence ?? 0;
        return memory;
      },
      standing: (announcements) => reader.standing(announcements),
      group: (report, id) => reader.group(report, id),
    },
    evidence: {
      attach,
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
      publish: async (body, revision, pack) => {
        const chain = await established();
        const kept = revision ? await keepPack(store, chain.keys.chainId, revision, pack) : undefined;
        return publish(kept ? naming(body, kept) : body, revision?.files ?? [], {
          store,
          chain,
          signers,
          clock,
          pinned: trust !== undefined,
          remembered,
          attach,
        });
      },
    },
  };
}

/** A report names the pack that is stored, which need not be the one this run has. */
const naming = (body: ReportBody, { limitations }: KeptPack): ReportBody => ({
  ...body,
  limitations: [...body.limitations, ...limitations],
});

/** Under its digest, so that a second put of the same bytes is the same attachment. */
async function putAttachment(
  store: ObjectStore,
  chainId: string,
  name: string,
  bytes: Uint8Array,
): Promise<Attachment> {
  const sha256 = digestOf(bytes);
  const attachment = { name, mediaType: ROWS_MEDIA_TYPE, size: bytes.length, digest: { sha256 } };
  const key = attachmentKey(chainId, sha256);
  const put = await store.put(key, bytes, { condition: { ifAbsent: true }, contentType: ROWS_MEDIA_TYPE });
  if (put === "conflict") {
    const there = await store.get(key);
    refusedIsBroken(store, key, () => checkAttachment(there?.body ?? new Uint8Array(), attachment));
  }
  return attachment;
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

function refusedIsBroken<T>(store: ObjectStore, key: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof Refused) throw chainBroken(store, `${key} ${error.message}`, error);
    throw error;
  }
}
