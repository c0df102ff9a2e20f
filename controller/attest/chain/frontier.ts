import { createHash } from "node:crypto";
import { Digest } from "../../domain/identity.ts";

/**
 * The tree over a chain's reports (RFC 6962 §2.1; its leaves are the payloads' SHA-256, 32 bytes each), held as its compact range: the
 * roots of its largest whole subtrees, one for each one in the number of leaves, the largest first. It is all that appending takes.
 */
export type Frontier = readonly Digest[];

const digest = (...parts: readonly Uint8Array[]): Digest =>
  Digest.parse(parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest("hex"));
const bytes = (hash: string): Uint8Array => Buffer.from(hash, "hex");
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The range with one more leaf; `size` is the number of leaves before. */
export function append(frontier: Frontier, size: number, payloadSha256: string): Frontier {
  const grown = [...frontier, digest(LEAF, bytes(payloadSha256))];
  // Two subtrees of one size are one of twice the size, as often as a binary one carries.
  for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
    const [left, right] = grown.splice(-2) as [Digest, Digest];
    grown.push(digest(NODE, bytes(left), bytes(right)));
  }
  return grown;
}

/** The root of the whole tree; of no leaves at all, the hash of nothing. */
export const rootOf = (frontier: Frontier): Digest =>
  frontier.length === 0 ? digest() : frontier.reduceRight((root, subtree) => digest(NODE, bytes(subtree), bytes(root)));
