import { canonical } from "../../domain/digest.ts";
import { Refused } from "../chain/refused.ts";

/** UTF-8 or nothing: a replacement character would let two readers see two texts. A byte order mark stays and fails as JSON. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new Refused("utf8", "is not valid UTF-8", { cause });
  }
}

export const encodeUtf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/**
 * The value of bytes that are its canonical form (RFC 8785) and nothing else. This refuses duplicate members, which parsers resolve
 * differently, and every second spelling of a number, a string or white space.
 */
export function parseCanonical(bytes: Uint8Array): unknown {
  const text = decodeUtf8(bytes);
  let value: unknown;
  let spelling: string;
  try {
    value = JSON.parse(text);
    spelling = canonical(value);
  } catch (cause) {
    throw new Refused("canonical", "is not JSON with a canonical form", { cause });
  }
  if (spelling !== text)
    throw new Refused("canonical", "is not spelled canonically (RFC 8785): a member twice, or white space");
  return value;
}
