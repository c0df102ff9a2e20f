import * as z from "zod";
import { canonical } from "../../domain/digest.ts";
import { Refused } from "../chain/refused.ts";
import { encodeUtf8, parseCanonical } from "./strict-json.ts";

/** DSSE v1 (secure-systems-lab/dsse 1.0.2): what is signed is the payload's bytes and its type, so nobody need spell JSON again to verify. */
export const STATEMENT_TYPE = "application/vnd.in-toto+json";
/** Records without a place in the chain. Another type, and types are signed: none can pass for a report. */
export const RECORD_TYPE = "application/vnd.holdfast.record+json";
/** The Content-Type of a stored envelope. */
export const ENVELOPE_MEDIA_TYPE = "application/vnd.dsse.envelope.v1+json";

/** An envelope's content. `keyid` is an unsigned hint: no trust rests on it. */
export interface Envelope {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signatures: readonly { readonly keyid: string; readonly sig: Uint8Array }[];
}

const Shape = z.strictObject({
  payload: z.string(),
  payloadType: z.string(),
  signatures: z.array(z.strictObject({ keyid: z.string(), sig: z.string() })).min(1),
});

/** The pre-authentication encoding: the bytes that signatures are made over. */
export function pae(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = encodeUtf8(payloadType);
  const head = encodeUtf8(`DSSEv1 ${type.length} ${payloadType} ${payload.length} `);
  const bytes = new Uint8Array(head.length + payload.length);
  bytes.set(head);
  bytes.set(payload, head.length);
  return bytes;
}

/** One line of JSON, in the only spelling `decodeEnvelope` takes. */
export const encodeEnvelope = ({ payloadType, payload, signatures }: Envelope): Uint8Array =>
  encodeUtf8(
    canonical({
      payloadType,
      payload: encodeBase64(payload),
      signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig: encodeBase64(sig) })),
    }),
  );

/** Throws `Refused`. One spelling only, so that no byte of a file can change unseen. */
export function decodeEnvelope(file: Uint8Array): Envelope {
  const shape = Shape.safeParse(parseCanonical(file));
  if (!shape.success)
    throw new Refused("envelope", `is not a DSSE envelope: ${z.prettifyError(shape.error)}`, { cause: shape.error });
  const { payloadType, payload, signatures } = shape.data;
  return {
    payloadType,
    payload: decodeBase64(payload),
    signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig: decodeBase64(sig) })),
  };
}

export const encodeBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Standard alphabet, padded, no stray character, no unused bit set: node's own decoder forgives all four (RFC 4648 §3.5). Throws `Refused`. */
export function decodeBase64(text: string): Uint8Array {
  const bytes = new Uint8Array(BASE64.test(text) ? Buffer.from(text, "base64") : []);
  if (encodeBase64(bytes) !== text) throw new Refused("base64", "holds base64 that is not in its one strict spelling");
  return bytes;
}
