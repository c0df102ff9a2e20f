/** A signing key in AWS KMS, where nobody can copy it (evidence §2.6). */
import {
  DescribeKeyCommand,
  GetPublicKeyCommand,
  SignCommand,
  type KeySpec,
  type SignCommandInput,
} from "@aws-sdk/client-kms";
import { createHash } from "node:crypto";
import { keyIdOf } from "../attest/sealing/keys.ts";
import { muOf } from "../attest/sealing/mu.ts";
import { algorithmOf } from "../attest/sealing/public-key.ts";
import type { Signer } from "../attest/sealing/signer.ts";
import type { SignatureAlgorithm } from "../domain/chain-keys.ts";
import { AwsError, HoldfastError } from "../domain/errors.ts";
import { reads, type Call } from "./operation.ts";

export const describeKey = reads("kms:DescribeKey", DescribeKeyCommand, { pace: "other" });
export const getPublicKey = reads("kms:GetPublicKey", GetPublicKeyCommand, { pace: "other" });
/** Changes nothing that anyone can read back, so that a lost answer may be asked for again. */
export const sign = reads("kms:Sign", SignCommand, { pace: "other" });
type KmsCall = Call<typeof describeKey | typeof getPublicKey | typeof sign>;

interface Kind {
  readonly spec: KeySpec;
  /** What is sent in a message's place: Sign takes at most 4,096 bytes, and a report has more. */
  readonly stand: (spki: Uint8Array, pae: Uint8Array) => Pick<SignCommandInput, "Message" | "MessageType">;
}

const KINDS: Readonly<Record<SignatureAlgorithm, Kind>> = {
  ECDSA_SHA_256: {
    spec: "ECC_NIST_P256",
    stand: (_, pae) => ({ Message: createHash("sha256").update(pae).digest(), MessageType: "DIGEST" }),
  },
  ML_DSA_SHAKE_256: {
    spec: "ML_DSA_65",
    stand: (spki, pae) => ({ Message: muOf(spki, pae), MessageType: "EXTERNAL_MU" }),
  },
};

/**
 * A signer by a key of this algorithm. `key`: a key's id or ARN, an alias or its ARN. The key behind an alias is fixed here, once: signatures
 * go to its ARN.
 */
export async function createKmsSigner(
  key: string,
  call: KmsCall,
  algorithm: SignatureAlgorithm = "ECDSA_SHA_256",
): Promise<Signer> {
  const { spec, stand } = KINDS[algorithm];
  const { KeyId, spki } = await readPublicKey(key, call, spec);
  if (algorithmOf(spki) !== algorithm) throw unusable(key, `KMS calls it ${spec}, and its public key is another`);
  return {
    keyid: keyIdOf(spki),
    algorithm,
    spki,
    protection: "aws-kms",
    origin: await originOf(KeyId, call),
    kmsKeyArn: KeyId,
    sign: async (pae) => {
      const input = { KeyId, ...stand(spki, pae), SigningAlgorithm: algorithm };
      const { Signature } = await call(sign, input).catch(refuse(KeyId));
      if (Signature === undefined) throw unusable(KeyId, "KMS answered without a signature");
      return new Uint8Array(Signature);
    },
  };
}

/** Where the key was made is for readers of reports to know. Who may not ask can sign all the same. */
async function originOf(KeyId: string, call: KmsCall): Promise<string> {
  try {
    return (await call(describeKey, { KeyId })).KeyMetadata?.Origin ?? NOT_KNOWN;
  } catch (error) {
    if (error instanceof AwsError) return NOT_KNOWN;
    throw error;
  }
}
const NOT_KNOWN = "NOT_KNOWN";

async function readPublicKey(key: string, call: KmsCall, spec: KeySpec) {
  const { KeyId, KeySpec, KeyUsage, PublicKey } = await call(getPublicKey, { KeyId: key }).catch(refuse(key));
  if (KeySpec !== spec || KeyUsage !== "SIGN_VERIFY") {
    const found = `${KeySpec ?? "of no spec"}, ${KeyUsage ?? "of no usage"}`;
    const what = spec === "ML_DSA_65" ? "Second signatures are made" : "Reports are signed";
    throw unusable(key, `it is ${found}. ${what} by a key of spec ${spec} and usage SIGN_VERIFY`);
  }
  if (KeyId === undefined || PublicKey === undefined) throw unusable(key, "KMS answered without its public key");
  return { KeyId, spki: new Uint8Array(PublicKey) };
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
