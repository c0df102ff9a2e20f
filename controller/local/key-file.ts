import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { keyIdOf } from "../attest/sealing/keys.ts";
import { algorithmOfKey } from "../attest/sealing/public-key.ts";
import type { Signer } from "../attest/sealing/signer.ts";
import type { SignatureAlgorithm } from "../domain/chain-keys.ts";
import { HoldfastError } from "../domain/errors.ts";
import { codeOf, createFile } from "./files.ts";

/** Read and write for the owner, nothing for anyone else. */
const OWNER_ONLY = 0o600;
const OTHERS = 0o077;

/** How a key of each algorithm is made, and what it is called. */
const KINDS = {
  ECDSA_SHA_256: { called: "on P-256", make: () => generateKeyPairSync("ec", { namedCurve: "P-256" }) },
  ML_DSA_SHAKE_256: { called: "of ML-DSA-65", make: () => generateKeyPairSync("ml-dsa-65") },
} as const satisfies Readonly<Record<SignatureAlgorithm, unknown>>;

/**
 * A signer whose private key is a file: PKCS#8 in PEM, made at first use. It needs no account and no service, and proves less than a key in
 * KMS: whoever can read the file can sign.
 */
export async function openKeyFile(path: string, algorithm: SignatureAlgorithm = "ECDSA_SHA_256"): Promise<Signer> {
  const key = parseKey(path, await readOrMake(path, algorithm), algorithm);
  const spki = new Uint8Array(createPublicKey(key).export({ type: "spki", format: "der" }));
  return {
    keyid: keyIdOf(spki),
    algorithm,
    spki,
    protection: "local-file",
    origin: "local",
    sign: async (pae) =>
      new Uint8Array(
        algorithm === "ML_DSA_SHAKE_256" ? sign(null, pae, key) : sign("sha256", pae, { key, dsaEncoding: "der" }),
      ),
  };
}

const unusable = (message: string, cause?: unknown): HoldfastError =>
  new HoldfastError("signer-unusable", message, { cause });

async function readOrMake(path: string, algorithm: SignatureAlgorithm): Promise<string> {
  try {
    const there = await readKey(path);
    if (there !== undefined) return there;
    const { privateKey } = KINDS[algorithm].make();
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    await createFile(path, new TextEncoder().encode(pem), { staging: dirname(path), mode: OWNER_ONLY });
    // Read back whoever made it: of two first uses at once there is one key.
    const made = await readKey(path);
    if (made !== undefined) return made;
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    throw unusable(`the signing key ${path} cannot be read or made: ${(error as Error).message}`, error);
  }
  throw unusable(`the signing key ${path} was made and is gone again`);
}

/** Undefined where there is no such file. POSIX modes are checked on the open file; Windows keeps none. */
async function readKey(path: string): Promise<string | undefined> {
  let file;
  try {
    file = await open(path, "r");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
  try {
    const { mode } = await file.stat();
    if (process.platform !== "win32" && (mode & OTHERS) !== 0)
      throw unusable(
        `the signing key ${path} is open to others than its owner (mode ${(mode & 0o777).toString(8)}): run chmod 600 on it, and if others had access, sign with a new key`,
      );
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}

function parseKey(path: string, pem: string, algorithm: SignatureAlgorithm): KeyObject {
  try {
    const key = createPrivateKey({ key: pem, format: "pem" });
    if (algorithmOfKey(key) === algorithm) return key;
  } catch (cause) {
    throw unusable(`${path} is not a private key in PEM (PKCS#8): move it away, and a new one is made`, cause);
  }
  throw unusable(`the key in ${path} is not ${KINDS[algorithm].called}: move it away, and a new one is made`);
}
