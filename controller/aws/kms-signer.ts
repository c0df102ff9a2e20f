/** A signing key in AWS KMS, where nobody can copy it (evidence §2.6). */
import { GetPublicKeyCommand, SignCommand } from "@aws-sdk/client-kms";
import { createHash } from "node:crypto";
import { keyIdOf } from "../attest/keys.ts";
import type { Signer } from "../attest/signer.ts";
import { AwsError, HoldfastError } from "../domain/errors.ts";
import { reads, type Call } from "./operation.ts";

export const getPublicKey = reads("kms:GetPublicKey", GetPublicKeyCommand, { pace: "other" });
/** Changes nothing that anyone can read back, so that a lost answer may be asked for again. */
export const sign = reads("kms:Sign", SignCommand, { pace: "other" });

const ALGORITHM = "ECDSA_SHA_256";

/** `key`: a key's id or ARN, an alias or its ARN. The key behind an alias is fixed here, once: signatures go to its ARN. */
export async function createKmsSigner(key: string, call: Call<typeof getPublicKey | typeof sign>): Promise<Signer> {
  const { KeyId, KeySpec, KeyUsage, PublicKey } = await call(getPublicKey, { KeyId: key }).catch(refuse(key));
  if (KeySpec !== "ECC_NIST_P256" || KeyUsage !== "SIGN_VERIFY") {
    const found = `${KeySpec ?? "of no spec"}, ${KeyUsage ?? "of no usage"}`;
    throw unusable(key, `it is ${found}. Reports are signed by a key of spec ECC_NIST_P256 and usage SIGN_VERIFY`);
  }
  if (KeyId === undefined || PublicKey === undefined) throw unusable(key, "KMS answered without its public key");
  const spki = new Uint8Array(PublicKey);
  return {
    keyid: keyIdOf(spki),
    algorithm: ALGORITHM,
    spki,
    protection: "aws-kms",
    kmsKeyArn: KeyId,
    sign: async (pae) => {
      const { Signature } = await call(sign, {
        KeyId,
        // Sign takes at most 4,096 bytes: a report goes as its digest, and is verified as if it had gone whole.
        Message: createHash("sha256").update(pae).digest(),
        MessageType: "DIGEST",
        SigningAlgorithm: ALGORITHM,
      }).catch(refuse(KeyId));
      if (Signature === undefined) throw unusable(KeyId, "KMS answered without a signature");
      return new Uint8Array(Signature);
    },
  };
}

const unusable = (key: string, why: string, cause?: unknown): HoldfastError =>
  new HoldfastError("signer-unusable", `cannot sign with the KMS key ${key}: ${why}`, { cause });

const refuse =
  (key: string) =>
  (error: unknown): never => {
    if (!(error instanceof AwsError)) throw error;
    const { operation, kind, message } = error.failure;
    const advice =
      kind === "denied"
        ? `. Check that its key policy lets the caller ${operation}`
        : kind === "missing"
          ? ". Check the setting: an alias counts in the controller's own account and Region only"
          : "";
    throw unusable(key, `${operation}: ${message.replace(/\.$/, "")}${advice}`, error);
  };
