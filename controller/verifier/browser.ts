import { rawMlDsaKey, derToRaw } from "./der.ts";
import type { Primitives, SignatureAnswer } from "./primitives.ts";

/** Verifies ML-DSA-65 with an empty context, for browsers that cannot: `ml_dsa65.verify` of @noble/post-quantum, its arguments in this order. */
export type MlDsaVerify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/** The verifier's needs, met by WebCrypto and streams, which browsers have on pages from the disk too. */
export const browserPrimitives = (mlDsa?: MlDsaVerify): Primitives => ({
  sha256: (bytes) => digest("SHA-256", bytes),
  sha1: (bytes) => digest("SHA-1", bytes),
  gunzip: gunzipped,
  verifySignature: (algorithm, spki, message, signature) =>
    algorithm === "ECDSA_SHA_256"
      ? verifyEcdsa(spki, message, derToRaw(signature))
      : verifyMlDsa(spki, message, signature, mlDsa),
});

/** WebCrypto takes no view of memory that may be shared. */
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

const digest = async (name: string, bytes: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest(name, own(bytes)));

async function verifyEcdsa(spki: Uint8Array, message: Uint8Array, raw: Uint8Array): Promise<SignatureAnswer> {
  const key = await crypto.subtle
    .importKey("spki", own(spki), { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"])
    .catch(() => undefined);
  if (!key) return "invalid";
  const valid = await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, own(raw), own(message));
  return valid ? "valid" : "invalid";
}

async function verifyMlDsa(
  spki: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
  fallback: MlDsaVerify | undefined,
): Promise<SignatureAnswer> {
  const name = "ML-DSA-65";
  const key = await crypto.subtle.importKey("spki", own(spki), { name }, false, ["verify"]).catch(() => undefined);
  if (key) return (await crypto.subtle.verify({ name }, key, own(signature), own(message))) ? "valid" : "invalid";
  if (!fallback) return "unsupported";
  return isValid(() => fallback(rawMlDsaKey(spki), message, signature)) ? "valid" : "invalid";
}

/** A signature of another length is an error to some libraries, and just no signature to us. */
function isValid(verify: () => boolean): boolean {
  try {
    return verify();
  } catch {
    return false;
  }
}

async function gunzipped(bytes: Uint8Array, max: number): Promise<Uint8Array> {
  const reader = new Blob([own(bytes)]).stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > max) {
      await reader.cancel();
      throw new RangeError(`unpacks to more than ${max} bytes`);
    }
    chunks.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
