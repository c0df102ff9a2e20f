import { HoldfastError } from "../domain/errors.ts";
import { encodeEnvelope, pae, STATEMENT_TYPE } from "./envelope.ts";
import { keyIdOf } from "./keys.ts";
import { isSignedBy } from "./signature.ts";
import type { Signer } from "./signer.ts";

/**
 * A payload's envelope, as stored. The signature is checked against the public key before it leaves: this finds a KMS alias that moved, or
 * a digest sent where a message was meant, while the report can still be kept from the chain.
 */
export async function seal(
  payload: Uint8Array,
  signer: Signer,
  payloadType: string = STATEMENT_TYPE,
): Promise<Uint8Array> {
  const signed = pae(payloadType, payload);
  const sig = await signer.sign(signed);
  if (keyIdOf(signer.spki) !== signer.keyid || !isSignedBy(signer.spki, signed, sig))
    throw new HoldfastError(
      "signer-unusable",
      `the signer's answer does not verify with key ${signer.keyid}, so nothing was published: check that the key is the one it was, and signs ECDSA_SHA_256`,
    );
  return encodeEnvelope({ payloadType, payload, signatures: [{ keyid: signer.keyid, sig }] });
}
