import { createPublicKey, verify, type KeyObject } from "node:crypto";
import type { SignatureAlgorithm } from "../../domain/chain-keys.ts";
import { Refused } from "../chain/refused.ts";

/** Throws `Refused` for any key that reports are not signed by. */
export function publicKeyOf(spki: Uint8Array): KeyObject {
  const key = parsed(spki);
  if (!key) throw new Refused("signature", "the public key is not a SubjectPublicKeyInfo in DER");
  if (algorithmOfKey(key) === undefined)
    throw new Refused("signature", "the public key is neither an elliptic-curve key on P-256 nor one of ML-DSA-65");
  return key;
}

/** What a key signs by; undefined for a key that reports are not signed by, and for what is no key. What the key is decides, never a file. */
export function algorithmOf(spki: Uint8Array): SignatureAlgorithm | undefined {
  const key = parsed(spki);
  return key && algorithmOfKey(key);
}

export function algorithmOfKey({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): SignatureAlgorithm | undefined {
  if (asymmetricKeyType === "ml-dsa-65") return "ML_DSA_SHAKE_256";
  return asymmetricKeyType === "ec" && asymmetricKeyDetails?.namedCurve === "prime256v1" ? "ECDSA_SHA_256" : undefined;
}

/** False for any signature that is not this key's over these bytes, malformed ones included. ECDSA's is in DER (X9.62). */
export function isSignedBy(spki: Uint8Array, signed: Uint8Array, signature: Uint8Array): boolean {
  const key = publicKeyOf(spki);
  return algorithmOfKey(key) === "ML_DSA_SHAKE_256"
    ? verify(null, signed, key, signature)
    : verify("sha256", signed, { key, dsaEncoding: "der" }, signature);
}

function parsed(spki: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
  } catch {
    return undefined;
  }
}
