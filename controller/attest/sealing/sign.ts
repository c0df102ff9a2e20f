import { HoldfastError } from "../../domain/errors.ts";
import { encodeEnvelope, pae, STATEMENT_TYPE, type Envelope } from "./envelope.ts";
import { keyIdOf } from "./keys.ts";
import { isSignedBy } from "./public-key.ts";
import type { Signer, Signers } from "./signer.ts";

/** A payload's envelope, as stored: every signer's signature over the same bytes, in the order of the signers. */
export async function seal(
  payload: Uint8Array,
  signers: Signers,
  payloadType: string = STATEMENT_TYPE,
): Promise<Uint8Array> {
  const signed = pae(payloadType, payload);
  const signatures = await Promise.all(signers.map((signer) => signatureOf(signed, signer)));
  return encodeEnvelope({ payloadType, payload, signatures });
}

/**
 * The signature is checked against the public key before it leaves: this finds a KMS alias that moved, or a digest sent where a message was
 * meant, while the report can still be kept from the chain.
 */
async function signatureOf(signed: Uint8Array, signer: Signer): Promise<Envelope["signatures"][number]> {
  const { keyid, spki, algorithm } = signer;
  const sig = await signer.sign(signed);
  if (keyIdOf(spki) !== keyid || !isSignedBy(spki, signed, sig))
    throw new HoldfastError(
      "signer-unusable",
      `the signer's answer does not verify with key ${keyid}, so nothing was published: check that the key is the one it was, and signs ${algorithm}`,
    );
  return { keyid, sig };
}
