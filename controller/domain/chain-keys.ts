import * as z from "zod";
import { Digest } from "./identity.ts";

/** By AWS's names: ECDSA on P-256 with SHA-256, and ML-DSA-65. */
export const SIGNATURE_ALGORITHMS = ["ECDSA_SHA_256", "ML_DSA_SHAKE_256"] as const;
export type SignatureAlgorithm = (typeof SIGNATURE_ALGORITHMS)[number];

/** A key that a chain is or was signed by, as `keys.json` lists it (evidence §2.5). Public keys stay listed for as long as there are reports. */
export const KeyShape = z.strictObject({
  keyid: Digest,
  algorithm: z.enum(SIGNATURE_ALGORITHMS),
  spki: z.base64(),
  protection: z.enum(["aws-kms", "local-file"]),
  kmsKeyArn: z.string().optional(),
  /** Where its material was made, as KMS says (`AWS_KMS`, `EXTERNAL`, …), or `local`. Absent: nobody wrote it down. */
  origin: z.string().optional(),
  validFromSequence: z.int().min(1),
  validToSequence: z.int().min(1).optional(),
  /** Absent: active. `retired`: handed over to another; `revoked`: others took it out, without its signature. */
  status: z.enum(["active", "retired", "revoked"]).optional(),
});
export type KeyShape = z.infer<typeof KeyShape>;

/** From one report on: how many of which keys must sign. */
export const PolicyShape = z.strictObject({
  fromSequence: z.int().min(1),
  threshold: z.int().min(1),
  keyids: z.array(Digest).min(1),
});
export type PolicyShape = z.infer<typeof PolicyShape>;
