import { createHash, createPublicKey, verify, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { derToRaw } from "./der.ts";
import type { Algorithm, Primitives } from "./primitives.ts";

/** The verifier's needs, met by Node's own modules. Node before 24 knows no ML-DSA, and says so. */
export const nodePrimitives: Primitives = {
  sha256: async (bytes) => new Uint8Array(createHash("sha256").update(bytes).digest()),
  sha1: async (bytes) => new Uint8Array(createHash("sha1").update(bytes).digest()),
  gunzip: async (bytes, max) => new Uint8Array(await unpack(bytes, { maxOutputLength: max })),
  verifySignature: async (algorithm, spki, message, signature) => {
    const raw = algorithm === "ECDSA_SHA_256" ? derToRaw(signature) : signature;
    const key = publicKey(spki);
    if (!key) return algorithm === "ECDSA_SHA_256" ? "invalid" : "unsupported";
    return isValid(algorithm, key, message, raw) ? "valid" : "invalid";
  },
};

const unpack = promisify(gunzip);

function publicKey(spki: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
  } catch {
    return undefined;
  }
}

const isValid = (algorithm: Algorithm, key: KeyObject, message: Uint8Array, signature: Uint8Array): boolean =>
  algorithm === "ECDSA_SHA_256"
    ? verify("sha256", message, { key, dsaEncoding: "ieee-p1363" }, signature)
    : verify(null, message, key, signature);
