import { decodeBase64, decodeEnvelope, pae } from "./envelope.ts";
import { keysAt, policyFrom, thresholdAt, type KeyRow, type Keys } from "./keys.ts";
import { isSignedBy } from "./public-key.ts";
import { Refused } from "../chain/refused.ts";

export interface Opened {
  readonly payload: Uint8Array;
  /** The trusted keys that signed it, each once however many signatures it made. */
  readonly signedBy: ReadonlySet<string>;
}

/**
 * An envelope's payload, once enough of the keys trusted at its sequence have signed it. Throws `Refused`. Signatures of strangers are passed
 * over; one of ours under a stranger's name is refused, or that name could be altered unseen.
 */
export function openEnvelope(file: Uint8Array, payloadType: string, keys: Keys, sequence: number): Opened {
  const envelope = decodeEnvelope(file);
  if (envelope.payloadType !== payloadType)
    throw new Refused("payload-type", `holds ${envelope.payloadType}, not ${payloadType}`);
  const signed = pae(envelope.payloadType, envelope.payload);
  const signedBy = new Set<string>();
  const trusted = keysAt(keys, sequence);
  for (const key of [...trusted, ...successors(keys, sequence, trusted)])
    for (const { keyid, sig } of envelope.signatures) {
      if (!isSignedBy(decodeBase64(key.spki), signed, sig)) continue;
      if (keyid !== key.keyid)
        throw new Refused("key-id", `a signature of key ${key.keyid} goes by the name of ${keyid}`);
      signedBy.add(key.keyid);
    }
  const threshold = thresholdAt(keys, sequence);
  const enough = trusted.filter(({ keyid }) => signedBy.has(keyid)).length;
  if (enough < threshold)
    throw new Refused("signature", `${enough} of the trusted keys signed it, and it takes ${threshold}`);
  return { payload: envelope.payload, signedBy };
}

/** Keys that sign from the next report on, and sign the transition to them as well. They count for nothing here but having signed. */
const successors = (keys: Keys, sequence: number, trusted: readonly KeyRow[]): readonly KeyRow[] =>
  policyFrom(keys, sequence + 1) ? keysAt(keys, sequence + 1).filter((key) => !trusted.includes(key)) : [];
