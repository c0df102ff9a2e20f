import { Refused } from "./checks.ts";

/** Bytes of r and of s, on P-256. */
const SIZE = 32;
const SEQUENCE = 0x30;
const INTEGER = 0x02;

const refused = (why: string): Refused => new Refused("der", `has an ECDSA signature that is not strict DER: ${why}`);

/**
 * An ECDSA signature on P-256 from DER (X9.62) to raw `r || s`, which WebCrypto asks for. DER has one spelling: lengths in long form, padded
 * or negative integers, zero, and trailing bytes are refused. Throws `Refused`.
 */
export function derToRaw(der: Uint8Array): Uint8Array {
  if (der[0] !== SEQUENCE) throw refused("it is not a sequence");
  const length = der[1] ?? 0;
  if (length >= 0x80) throw refused("its length is in long form");
  if (der.length !== 2 + length) throw refused(der.length < 2 + length ? "it is cut short" : "bytes follow it");
  const raw = new Uint8Array(2 * SIZE);
  const end = readInteger(der, readInteger(der, 2, raw.subarray(0, SIZE)), raw.subarray(SIZE));
  if (end !== der.length) throw refused("bytes follow its two integers");
  return raw;
}

/** Reads the integer at `from` into the end of `to`; gives where it ends. */
function readInteger(der: Uint8Array, from: number, to: Uint8Array): number {
  if (der[from] !== INTEGER) throw refused("it does not hold two integers");
  const length = der[from + 1] ?? 0;
  const end = from + 2 + length;
  if (length === 0) throw refused("an integer is empty");
  if (length >= 0x80) throw refused("an integer's length is in long form");
  if (end > der.length) throw refused("an integer is cut short");
  const [first = 0, second = 0] = der.subarray(from + 2, end);
  if (first >= 0x80) throw refused("an integer is negative");
  if (first === 0 && length === 1) throw refused("an integer is zero");
  if (first === 0 && second < 0x80) throw refused("an integer is padded");
  const value = der.subarray(from + 2 + (first === 0 ? 1 : 0), end);
  if (value.length > to.length) throw refused("an integer is too long");
  to.set(value, to.length - value.length);
  return end;
}

const P256 = Uint8Array.of(
  0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
  0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
); // prettier-ignore
const ML_DSA_65 = Uint8Array.of(
  0x30, 0x82, 0x07, 0xb2, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x12, 0x03, 0x82,
  0x07, 0xa1, 0x00,
); // prettier-ignore

const begins = (bytes: Uint8Array, head: Uint8Array): boolean => head.every((byte, at) => bytes[at] === byte);

/**
 * The algorithm that a public key is for, by its SubjectPublicKeyInfo: P-256 with an uncompressed point, or ML-DSA-65. In DER each has one
 * spelling, 91 and 1,974 bytes long, and KMS gives exactly these. Undefined of any other key.
 */
export function algorithmOf(spki: Uint8Array): "ECDSA_SHA_256" | "ML_DSA_SHAKE_256" | undefined {
  if (spki.length === 91 && begins(spki, P256)) return "ECDSA_SHA_256";
  if (spki.length === 1974 && begins(spki, ML_DSA_65)) return "ML_DSA_SHAKE_256";
  return undefined;
}

/** The 1,952 bytes of an ML-DSA-65 public key itself. */
export const rawMlDsaKey = (spki: Uint8Array): Uint8Array => spki.subarray(ML_DSA_65.length);
