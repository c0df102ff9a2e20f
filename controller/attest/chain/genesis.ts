import { HoldfastError } from "../../domain/errors.ts";
import type { ObjectStore } from "../../ports.ts";
import { chainBroken, openChain, type ChainReader } from "./chain.ts";
import { encodeKeys, firstKeys, keysAt, policyAt, type KeyRow, type Keys } from "../sealing/keys.ts";
import { KEYS_FILE } from "./names.ts";
import type { Signers } from "../sealing/signer.ts";

export interface GenesisOptions {
  readonly store: ObjectStore;
  readonly signers: Signers;
  readonly trust?: Keys;
  /** A random UUID. */
  readonly uuid: () => string;
}

/**
 * The store's chain, begun if there is none, ready to be signed by these signers. A chain begins with its `keys.json`, put if absent: of two
 * that begin one at once, the second finds the first one's, and there is one chain.
 */
export async function establish({ store, signers, trust, uuid }: GenesisOptions): Promise<ChainReader> {
  let chain = await openChain(store, trust);
  if (!chain) {
    const keys = trust ?? firstKeys(uuid(), signers);
    await store.put(KEYS_FILE, encodeKeys(keys), { condition: { ifAbsent: true }, contentType: "application/json" });
    // Read back whatever the put came to: another's chain, or ours.
    chain = await openChain(store, trust);
    if (!chain) throw chainBroken(store, `${KEYS_FILE} was put and is not there`);
  }
  await assertSigns(signers, chain, store);
  return chain;
}

/** Found out before the first write, not after the last: these signers make the signatures that the next report takes, and no others. */
export async function assertSigns(signers: Signers, chain: ChainReader, store: ObjectStore): Promise<void> {
  const next = (await chain.length()) + 1;
  const trusted = keysAt(chain.keys, next);
  const known = new Set(trusted.map(({ keyid }) => keyid));
  const given = new Set(signers.map(({ keyid }) => keyid));
  const stranger = signers.find(({ keyid }) => !known.has(keyid));
  if (stranger)
    throw unusable(
      `report ${next} in ${store.url} must be signed by ${trusted.map(named).join(" or ") || "a key that is no longer valid"}, and the signer has ${stranger.keyid}${retiredNote(chain.keys, stranger.keyid)}: use the chain's own key, or hand the chain over with \`holdfast report rotate-keys\``,
    );
  const { threshold } = policyAt(chain.keys, next);
  const missing = trusted.filter(({ keyid }) => !given.has(keyid));
  if (given.size < threshold)
    throw unusable(
      `report ${next} in ${store.url} takes ${threshold} signatures by ${KEYS_FILE}, and there ${given.size === 1 ? "is 1 signer" : `are ${given.size} signers`}: give the one that has ${missing.map(named).join(" or ")} as --second-signer (HOLDFAST_SECOND_SIGNER)`,
    );
}

const unusable = (message: string): HoldfastError => new HoldfastError("signer-unusable", message);

const named = ({ keyid, kmsKeyArn }: KeyRow): string => (kmsKeyArn === undefined ? keyid : `${keyid} (${kmsKeyArn})`);

function retiredNote({ keys }: Keys, keyid: string): string {
  const row = keys.find((key) => key.keyid === keyid);
  return row?.validToSequence === undefined
    ? ""
    : `, ${row.status === "revoked" ? "revoked" : "retired"} after report ${row.validToSequence}`;
}
