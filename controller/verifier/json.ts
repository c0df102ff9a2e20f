import { decodeUtf8 } from "./bytes.ts";
import { Refused } from "./checks.ts";

/** Deeper than anything a report holds; a parser's stack is not for a stranger to fill. */
const DEEPEST = 200;

/**
 * The RFC 8785 (JCS) text of a JSON value, of the part of JSON that statements are written in: integers of at most 2^53-1, and text without
 * lone surrogates. Throws `Refused`.
 */
export function canonical(value: unknown, depth = 0): string {
  if (depth > DEEPEST) throw new Refused("canonical", `is nested deeper than ${DEEPEST} levels`);
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return canonicalNumber(value);
  if (typeof value === "string") return canonicalText(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join(",")}]`;
  if (typeof value !== "object") throw new Refused("canonical", "is not a JSON value");
  const members = Object.entries(value)
    // By UTF-16 code units, as RFC 8785 §3.2.3 has it.
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, member]) => `${canonicalText(name)}:${canonical(member, depth + 1)}`);
  return `{${members.join(",")}}`;
}

function canonicalNumber(value: number): string {
  if (!Number.isSafeInteger(value))
    throw new Refused(
      "number",
      `holds the number ${value}: statements hold integers up to 2^53-1, and text for the rest`,
    );
  return String(value);
}

/** JSON.stringify escapes as RFC 8785 §3.2.2.2 asks, but for lone surrogates, which have no UTF-8 at all. */
function canonicalText(text: string): string {
  if (!text.isWellFormed()) throw new Refused("canonical", "holds text with a lone surrogate");
  return JSON.stringify(text);
}

/**
 * The value of bytes that are its canonical form and nothing else. This refuses duplicate members, which parsers resolve differently, and
 * every second spelling of a number, a text or white space. Throws `Refused`.
 */
export function parseCanonical(bytes: Uint8Array): unknown {
  const text = decodeUtf8(bytes);
  const value = parseJson(text);
  if (canonical(value) !== text)
    throw new Refused("canonical", "is not spelled canonically (RFC 8785): a member twice, or white space");
  return value;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Refused("canonical", "is not JSON", { cause });
  }
}
