import { digestOf } from "../domain/digest.ts";

/**
 * A UUID that a name always has: RFC 4122's version 5 with SHA-256 in place of SHA-1. Documents made anew from the same reports are
 * byte for byte the same, and refer to each other.
 */
export function namedUuid(...name: readonly string[]): string {
  const hex = digestOf(`holdfast ${name.join("\n")}`);
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}
