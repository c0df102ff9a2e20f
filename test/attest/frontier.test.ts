import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { append, type Frontier, rootOf } from "../../controller/attest/chain/frontier.ts";
import { digestOf } from "../../controller/domain/digest.ts";

/** RFC 6962 §2.1 as it is written: the tree hash of a list, split at the largest power of two below its length. */
function treeHash(leaves: readonly string[]): string {
  const sha = (...parts: readonly Uint8Array[]) => createHash("sha256").update(Buffer.concat(parts)).digest("hex");
  const [only, ...more] = leaves;
  if (only === undefined) return sha();
  if (more.length === 0) return sha(Uint8Array.of(0), Buffer.from(only, "hex"));
  let split = 1;
  while (2 * split < leaves.length) split *= 2;
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)].map((half) => Buffer.from(treeHash(half), "hex"));
  return sha(Uint8Array.of(1), left!, right!);
}

const grown = (leaves: readonly string[]): Frontier =>
  leaves.reduce<Frontier>((frontier, leaf, size) => append(frontier, size, leaf), []);
const leaves = (count: number) => Array.from({ length: count }, (_, n) => digestOf(`report ${n}`));

describe("the tree over a chain's reports", () => {
  it("of none is the hash of nothing, as RFC 6962 has it", () => {
    expect(rootOf([])).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  it("has the root of the whole list, whatever its length", () => {
    for (let count = 0; count <= 70; count++) expect(rootOf(grown(leaves(count)))).toBe(treeHash(leaves(count)));
  });

  it("is held in one hash for each one of the number of reports", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), (count) => {
        expect(grown(leaves(count))).toHaveLength(count === 0 ? 0 : count.toString(2).replaceAll("0", "").length);
      }),
    );
  });
});
