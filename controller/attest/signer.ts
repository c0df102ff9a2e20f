import type { Digest } from "../domain/identity.ts";

/** A private key somewhere: in AWS KMS, where nobody can copy it, or in a file. */
export interface Signer {
  /** Lower-case hexadecimal SHA-256 of `spki`. */
  readonly keyid: Digest;
  readonly algorithm: "ECDSA_SHA_256";
  /** The public key, P-256, as SubjectPublicKeyInfo in DER: what KMS GetPublicKey returns. */
  readonly spki: Uint8Array;
  readonly protection: "aws-kms" | "local-file";
  readonly kmsKeyArn?: string;
  /**
   * The signature in DER over SHA-256 of a pre-authentication encoding. Takes the encoding and not its digest: node signs no digests, and
   * KMS, whose Sign takes at most 4,096 bytes, is sent the digest by its adapter (MessageType DIGEST).
   */
  sign(pae: Uint8Array): Promise<Uint8Array>;
}
