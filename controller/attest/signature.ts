import { decodeBase64, decodeEnvelope, pae } from "./envelope.ts";
import { keysAt, policyAt, type Keys } from "./keys.ts";
import { isSignedBy } from "./public-key.ts";
import { Refused } from "./refused.ts";

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
  for (const key of keysAt(keys, sequence))
    for (const { keyid, sig } of envelope.signatures) {
      if (!isSignedBy(decodeBase64(key.spki), signed, sig)) continue;
      if (keyid !== key.keyid)
        throw new Refused("key-id", `a signature of key ${key.keyid} goes by the name of ${keyid}`);
      signedBy.add(key.keyid);
    }
  const { threshold } = policyAt(keys, sequence);
  if (signedBy.size < threshold)
    throw new Refused("signature", `${signedBy.size} of the trusted keys signed it, and it takes ${threshold}`);
  return { payload: envelope.payload, signedBy };
}
