/** Signing keys by their spec, with real cryptography (semantics §9.6). */
import { p256 } from "@noble/curves/nist.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { ml_dsa65 } from "@noble/post-quantum/ml-dsa.js";
import type { Random } from "../random.ts";
import { ApiError } from "../service.ts";
import { mlDsa65Info, p256Info } from "./spki.ts";

export type SigningSpec = "ECC_NIST_P256" | "ML_DSA_65";

/** A message as Sign and Verify take it. */
export interface SentMessage {
  readonly Message: Uint8Array;
  readonly MessageType?: "RAW" | "DIGEST" | "EXTERNAL_MU";
}

interface Asymmetric {
  readonly algorithm: string;
  /** From the seed, so that a world's signatures are the same every time. */
  readonly newPrivateKey: (random: Random) => Uint8Array;
  /** As SubjectPublicKeyInfo in DER. */
  readonly publicKey: (privateKey: Uint8Array) => Uint8Array;
  /** Throws `ValidationException` for a message that the algorithm does not take. */
  readonly sign: (privateKey: Uint8Array, sent: SentMessage) => Uint8Array;
  readonly verify: (privateKey: Uint8Array, sent: SentMessage, signature: Uint8Array) => boolean;
}

const bytes = (random: Random, length: number) => Uint8Array.from({ length }, () => random.below(256));

const invalid = (message: string): ApiError => new ApiError("ValidationException", message, {}, 400);

/** RAW messages are hashed here and have 4096 bytes at most (the model's own bound); a digest must have the hash's length. */
function digestOf({ Message, MessageType = "RAW" }: SentMessage): Uint8Array {
  switch (MessageType) {
    case "RAW":
      return sha256(Message);
    case "DIGEST":
      if (Message.length === 32) return Message;
      throw invalid("Digest is invalid length for algorithm ECDSA_SHA_256.");
    case "EXTERNAL_MU":
      throw invalid("MessageType EXTERNAL_MU is only valid for ML-DSA keys.");
    default:
      return MessageType satisfies never;
  }
}

/** RAW messages are signed as they are, whatever they hold; mu is the caller's own, of 64 bytes. Whether DIGEST is ever taken nobody has said. */
function isMu({ Message, MessageType = "RAW" }: SentMessage): boolean {
  switch (MessageType) {
    case "RAW":
      return false;
    case "DIGEST":
      throw invalid("MessageType DIGEST is not valid for algorithm ML_DSA_SHAKE_256.");
    case "EXTERNAL_MU":
      if (Message.length === 64) return true;
      throw invalid("External mu is invalid length for algorithm ML_DSA_SHAKE_256.");
    default:
      return MessageType satisfies never;
  }
}

const secretKey = (seed: Uint8Array) => ml_dsa65.keygen(seed).secretKey;

export const ASYMMETRIC: Readonly<Record<SigningSpec, Asymmetric>> = {
  ECC_NIST_P256: {
    algorithm: "ECDSA_SHA_256",
    newPrivateKey: (random) => p256.keygen(bytes(random, 48)).secretKey,
    publicKey: (privateKey) => p256Info(p256.getPublicKey(privateKey, false)),
    sign: (privateKey, sent) => p256.sign(digestOf(sent), privateKey, { prehash: false, format: "der" }),
    // KMS does not ask for a low S.
    verify: (privateKey, sent, signature) =>
      p256.verify(signature, digestOf(sent), p256.getPublicKey(privateKey), {
        prehash: false,
        format: "der",
        lowS: false,
      }),
  },
  ML_DSA_65: {
    algorithm: "ML_DSA_SHAKE_256",
    newPrivateKey: (random) => bytes(random, 32),
    publicKey: (seed) => mlDsa65Info(ml_dsa65.keygen(seed).publicKey),
    sign: (seed, sent) =>
      isMu(sent)
        ? ml_dsa65.internal.sign(sent.Message, secretKey(seed), { externalMu: true, extraEntropy: false })
        : ml_dsa65.sign(sent.Message, secretKey(seed), { extraEntropy: false }),
    verify: (seed, sent, signature) => {
      const { publicKey } = ml_dsa65.keygen(seed);
      return isMu(sent)
        ? ml_dsa65.internal.verify(signature, sent.Message, publicKey, { externalMu: true })
        : ml_dsa65.verify(signature, sent.Message, publicKey);
    },
  },
};
