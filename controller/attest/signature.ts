import { createPublicKey, verify, type KeyObject } from "node:crypto";
import { decodeBase64, decodeEnvelope, pae } from "./envelope.ts";
import { keysAt, policyAt, type Keys } from "./keys.ts";
import { Refused } from "./refused.ts";

/** The public key, if it is one on P-256. Throws `Refused`: what the key is decides the algorithm, never what a file says. */
export function publicKeyOf(spki: Uint8Array): KeyObject {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
  } catch (cause) {
    throw new Refused("signature", "the public key is not a SubjectPublicKeyInfo in DER", { cause });
  }
  if (key.asymmetricKeyType !== "ec" || key.asymmetricKeyDetails?.namedCurve !== "prime256v1")
    throw new Refused("signature", "the public key is not an elliptic-curve key on P-256");
  return key;
}

/** ECDSA with SHA-256, signature in DER (X9.62). False for any signature that is not this key's, malformed ones included. */
export const isSignedBy = (spki: Uint8Array, signed: Uint8Array, signature: Uint8Array): boolean =>
  verify("sha256", signed, { key: publicKeyOf(spki), dsaEncoding: "der" }, signature);

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
