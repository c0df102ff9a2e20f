import { concat, sameBytes } from "./bytes.ts";
import type { Primitives } from "./primitives.ts";

/**
 * The log of a chain: an RFC 6962 Merkle tree whose leaves are the SHA-256 of each report's payload. Every report signs the root over all
 * reports before it, so that one report and some hashes prove that it is of the chain.
 */
type Hash = Uint8Array;
type Hashing = Pick<Primitives, "sha256">;

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export const leafHash = (payloadSha256: Hash, { sha256 }: Hashing): Promise<Hash> =>
  sha256(concat(LEAF, payloadSha256));
const nodeHash = (left: Hash, right: Hash, { sha256 }: Hashing): Promise<Hash> => sha256(concat(NODE, left, right));

/** A tree known by the roots of its full subtrees, largest and leftmost first: all that it takes to add a leaf. One for each bit of `size`. */
export interface Frontier {
  readonly size: number;
  readonly hashes: readonly Hash[];
}

export const EMPTY: Frontier = { size: 0, hashes: [] };

export const bitsOf = (size: number): number => size.toString(2).replaceAll("0", "").length;

export async function append({ size, hashes }: Frontier, payloadSha256: Hash, hashing: Hashing): Promise<Frontier> {
  let hash = await leafHash(payloadSha256, hashing);
  const kept = [...hashes];
  // Each trailing 1 of the old size is a full subtree as large as what has been gathered so far.
  for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
    const left = kept.pop();
    if (left) hash = await nodeHash(left, hash, hashing);
  }
  return { size: size + 1, hashes: [...kept, hash] };
}

/** The root over all leaves; of an empty tree the SHA-256 of nothing. */
export async function rootOf({ hashes }: Frontier, hashing: Hashing): Promise<Hash> {
  let root = hashes.at(-1);
  if (!root) return hashing.sha256(new Uint8Array());
  for (const left of hashes.slice(0, -1).toReversed()) root = await nodeHash(left, root, hashing);
  return root;
}

/** The largest power of two below n: where RFC 6962 §2.1 parts a tree of n > 1 leaves. */
const split = (n: number): number => 2 ** (Math.ceil(Math.log2(n)) - 1);

async function subtree(payloads: readonly Hash[], hashing: Hashing): Promise<Hash> {
  const [only] = payloads;
  if (!only) return hashing.sha256(new Uint8Array());
  if (payloads.length === 1) return leafHash(only, hashing);
  const at = split(payloads.length);
  return nodeHash(await subtree(payloads.slice(0, at), hashing), await subtree(payloads.slice(at), hashing), hashing);
}

/** RFC 6962 §2.1.1: the hashes beside the way from leaf `index` (from 0) up to the root, the lowest first. */
export async function inclusionProof(
  index: number,
  payloads: readonly Hash[],
  hashing: Hashing,
): Promise<readonly Hash[]> {
  if (payloads.length <= 1) return [];
  const at = split(payloads.length);
  const [left, right] = [payloads.slice(0, at), payloads.slice(at)];
  return index < at
    ? [...(await inclusionProof(index, left, hashing)), await subtree(right, hashing)]
    : [...(await inclusionProof(index - at, right, hashing)), await subtree(left, hashing)];
}

/** What a report's membership is proven by. `index` counts from 0: report n is leaf n-1. */
export interface Inclusion {
  readonly index: number;
  readonly size: number;
  readonly hashes: readonly Hash[];
}

/** Whether the payload is leaf `index` of the tree of `size` leaves with this root (RFC 9162 §2.1.3.2). */
export async function isIncluded(
  payloadSha256: Hash,
  { index, size, hashes }: Inclusion,
  root: Hash,
  hashing: Hashing,
): Promise<boolean> {
  if (index < 0 || index >= size) return false;
  let [node, last] = [index, size - 1];
  let hash = await leafHash(payloadSha256, hashing);
  for (const beside of hashes) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = await nodeHash(beside, hash, hashing);
      // A leaf at the ragged edge has nothing beside it on these levels.
      while (node % 2 === 0 && node > 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else hash = await nodeHash(hash, beside, hashing);
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 && sameBytes(hash, root);
}
