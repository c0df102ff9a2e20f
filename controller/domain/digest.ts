import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import canonicalize from "canonicalize";
import { Digest } from "./identity.ts";

/** RFC 8785 (JCS) text: the one spelling of a value, for hashing, signing and comparing. `undefined` members are left out. */
export function canonical(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("only JSON values have a canonical form");
  return text;
}

/** SHA-256 of bytes, or of a text's UTF-8. */
export const digestOf = (content: string | Uint8Array): Digest =>
  Digest.parse(bytesToHex(sha256(typeof content === "string" ? utf8ToBytes(content) : content)));

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

/** The first `length` characters of the lower-case base32 (RFC 4648) of the SHA-256 of a value's canonical form. */
export function shortDigest(value: unknown, length: number): string {
  const bytes = sha256(utf8ToBytes(canonical(value)));
  let bits = "";
  for (const byte of bytes) bits += byte.toString(2).padStart(8, "0");
  return Array.from({ length }, (_, at) => BASE32[Number.parseInt(bits.slice(at * 5, at * 5 + 5), 2)]).join("");
}

/** Whether two values have the same canonical form. */
export const sameValue = (a: unknown, b: unknown): boolean =>
  a === b || (a !== undefined && b !== undefined && canonical(a) === canonical(b));
