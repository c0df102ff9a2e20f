import { HoldfastError } from "../domain/errors.ts";
import type { ObjectStore } from "../ports.ts";
import { chainBroken, openChain, type ChainReader } from "./chain.ts";
import { encodeKeys, keysAt, policyAt, soleKey, type Keys } from "./keys.ts";
import { KEYS_FILE } from "./names.ts";
import type { Signer } from "./signer.ts";

export interface GenesisOptions {
  readonly store: ObjectStore;
  readonly signer: Signer;
  readonly trust?: Keys;
  /** A random UUID. */
  readonly uuid: () => string;
}

/**
 * The store's chain, begun if there is none, ready to be signed by this signer. A chain begins with its `keys.json`, put if absent: of two
 * that begin one at once, the second finds the first one's, and there is one chain.
 */
export async function establish({ store, signer, trust, uuid }: GenesisOptions): Promise<ChainReader> {
  let chain = await openChain(store, trust);
  if (!chain) {
    const keys = trust ?? soleKey(uuid(), signer);
    await store.put(KEYS_FILE, encodeKeys(keys), { condition: { ifAbsent: true }, contentType: "application/json" });
    // Read back whatever the put came to: another's chain, or ours.
    chain = await openChain(store, trust);
    if (!chain) throw chainBroken(store, `${KEYS_FILE} was put and is not there`);
  }
  await assertSigns(signer, chain, store);
  return chain;
}

/** Found out before the first write, not after the last. */
export async function assertSigns(signer: Signer, chain: ChainReader, store: ObjectStore): Promise<void> {
  const next = (await chain.length()) + 1;
  const { threshold } = policyAt(chain.keys, next);
  if (threshold > 1)
    throw new HoldfastError(
      "signer-unusable",
      `report ${next} takes ${threshold} signatures by ${KEYS_FILE}, and this release makes one: set its threshold to 1`,
    );
  const trusted = keysAt(chain.keys, next).map(({ keyid }) => keyid);
  if (!trusted.includes(signer.keyid))
    throw new HoldfastError(
      "signer-unusable",
      `report ${next} in ${store.url} must be signed by ${trusted.join(" or ") || "a key that is no longer valid"}, and the signer has ${signer.keyid}: use the chain's own key, or begin another evidence store`,
    );
}
