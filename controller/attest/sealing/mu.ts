import { createHash } from "node:crypto";

/** Length of an ML-DSA-65 public key (FIPS 204, table 2), which is the end of its SubjectPublicKeyInfo. */
const PUBLIC_KEY = 1952;
/** Plain ML-DSA and no HashML-DSA, with a context of no bytes (FIPS 204 §5.2): what verifiers take for granted. */
const PLAIN_WITHOUT_CONTEXT = new Uint8Array([0, 0]);

/**
 * The 64 bytes that ML-DSA signs in a message's place (FIPS 204 §6.2), so that a signature over a message of any length takes a call that
 * sends 64 bytes. KMS takes them as MessageType EXTERNAL_MU; sent as RAW they would be taken for the message itself.
 */
export function muOf(spki: Uint8Array, message: Uint8Array): Uint8Array {
  const key = shake256(spki.subarray(-PUBLIC_KEY));
  return shake256(key, PLAIN_WITHOUT_CONTEXT, message);
}

function shake256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash("shake256", { outputLength: 64 });
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}
