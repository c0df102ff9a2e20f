import type { SignatureAlgorithm } from "../../domain/chain-keys.ts";
import type { Digest } from "../../domain/identity.ts";

/** A private key somewhere: in AWS KMS, where nobody can copy it, or in a file. One key, one signer. */
export interface Signer {
  /** Lower-case hexadecimal SHA-256 of `spki`. */
  readonly keyid: Digest;
  readonly algorithm: SignatureAlgorithm;
  /** The public key as SubjectPublicKeyInfo in DER: what KMS GetPublicKey returns. */
  readonly spki: Uint8Array;
  readonly protection: "aws-kms" | "local-file";
  /** Where the key's material was made: `AWS_KMS`, `EXTERNAL` (imported, so that a copy may exist) and so on as KMS says, or `local`. */
  readonly origin: string;
  readonly kmsKeyArn?: string;
  /**
   * The signature over a pre-authentication encoding. Takes the encoding and not its digest: node signs no digests, and KMS, whose Sign takes
   * at most 4,096 bytes, is sent the digest by its adapter.
   */
  sign(pae: Uint8Array): Promise<Uint8Array>;
}

/** Whoever signs the same bytes together, the primary first: ECDSA, which every auditor's machine verifies. */
export type Signers = readonly [primary: Signer, ...others: Signer[]];
