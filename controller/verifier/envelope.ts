import { concat, decodeBase64, utf8 } from "./bytes.ts";
import { Refused } from "./checks.ts";
import { parseCanonical } from "./json.ts";
import { list, object, text } from "./shape.ts";

/** DSSE v1 (secure-systems-lab/dsse 1.0.2): what is signed is the payload's bytes and its type, so nobody need spell JSON again to verify. */
export interface Envelope {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  /** `keyid` is an unsigned hint: no trust rests on it. */
  readonly signatures: readonly { readonly keyid: string; readonly sig: Uint8Array }[];
}

/** The pre-authentication encoding: the bytes that signatures are made over. Lengths are of bytes. */
export function pae(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = utf8(payloadType);
  return concat(utf8(`DSSEv1 ${type.length} ${payloadType} ${payload.length} `), payload);
}

/** More than any policy asks for; each costs a check by each key. */
const MOST_SIGNATURES = 16;
const Shape = object({
  payload: text,
  payloadType: text,
  signatures: list(object({ keyid: text, sig: text }), MOST_SIGNATURES),
});
const MEMBERS = ["payload", "payloadType", "signatures"];
const SIGNATURE_MEMBERS = ["keyid", "sig"];

/** Throws `Refused`. One spelling only and no member besides, so that no byte of a file can change unseen. */
export function decodeEnvelope(file: Uint8Array): Envelope {
  const value = parseCanonical(file);
  const { payload, payloadType, signatures } = readShape(value);
  return {
    payloadType,
    payload: decodeBase64(payload),
    signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig: decodeBase64(sig) })),
  };
}

function readShape(value: unknown): ReturnType<typeof Shape> {
  try {
    const shape = Shape(value, "the envelope");
    if (shape.signatures.length === 0) throw new Refused("envelope", "is not a DSSE envelope: it has no signature");
    assertOnly(value, MEMBERS);
    const { signatures } = value as { readonly signatures: readonly unknown[] };
    for (const signature of signatures) assertOnly(signature, SIGNATURE_MEMBERS);
    return shape;
  } catch (error) {
    if (error instanceof Refused && error.check === "schema")
      throw new Refused("envelope", `is not a DSSE envelope: ${error.message}`, { cause: error });
    throw error;
  }
}

function assertOnly(value: unknown, names: readonly string[]): void {
  const stranger = Object.keys(value ?? {}).find((name) => !names.includes(name));
  if (stranger !== undefined)
    throw new Refused("envelope", `is not a DSSE envelope: it has a member ${JSON.stringify(stranger)}`);
}
