import type { Signer, Signers } from "../attest/sealing/signer.ts";
import { createKmsSigner } from "../aws/kms-signer.ts";
import type { Call } from "../aws/operation.ts";
import type { SignatureAlgorithm } from "../domain/chain-keys.ts";
import { HoldfastError } from "../domain/errors.ts";
import type { Settings } from "../settings.ts";

/** The first signature is one that every auditor's machine verifies; the second outlives it (evidence §1). */
export async function signersFrom({ signer, secondSigner }: Settings, call: Call): Promise<Signers> {
  const primary = await signerFrom(signer, "ECDSA_SHA_256", call);
  return secondSigner === undefined ? [primary] : [primary, await signerFrom(secondSigner, "ML_DSA_SHAKE_256", call)];
}

export const signerFrom = (signer: string, algorithm: SignatureAlgorithm, call: Call): Promise<Signer> =>
  signer.startsWith("kms:")
    ? createKmsSigner(signer.slice("kms:".length), call, algorithm)
    : keyFile(signer.slice("file:".length), algorithm);

/** Those named, in their order. `lenient`: one that is beyond use is left out. */
export async function signersNamed(
  primary: string | undefined,
  second: string | undefined,
  call: Call,
  lenient: boolean,
): Promise<readonly Signer[]> {
  const wanted = [
    ...(primary === undefined ? [] : [[primary, "ECDSA_SHA_256"] as const]),
    ...(second === undefined ? [] : [[second, "ML_DSA_SHAKE_256"] as const]),
  ];
  const opened = wanted.map(async ([signer, algorithm]) => {
    try {
      return [await signerFrom(signer, algorithm, call)];
    } catch (error) {
      if (lenient && error instanceof HoldfastError && error.code === "signer-unusable") return [];
      throw error;
    }
  });
  return (await Promise.all(opened)).flat();
}

// A key file is a laptop's: the function does not read the code for it (decision 10).
const keyFile = async (path: string, algorithm: SignatureAlgorithm): Promise<Signer> =>
  (await import("../local/key-file.ts")).openKeyFile(path, algorithm);
