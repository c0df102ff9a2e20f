import { HoldfastError } from "../domain/errors.ts";
import { askGit } from "./git.ts";

export type Packed = { readonly pack: Uint8Array } | { readonly unpacked: string };

/** Bytes of a pack that is kept. Hundreds of manifests come to tens of kilobytes; what exceeds this is a repository of something else. */
export const MOST_PACKED = 2 ** 27;

/** Whole objects, one like another: no delta to resolve, and the same bytes from the same git whoever asks and however often. */
const PLAIN = "--window=0 --depth=0 --no-reuse-delta --no-reuse-object --threads=1 --compression=9 -q".split(" ");

/**
 * One commit as a git pack: the commit, the trees on the way to the folder and below it, and every blob below it. What lies beside the folder, and
 * what came before the commit, is not in it. The objects are listed one by one: `git rev-list -- FOLDER` leaves out a commit that did not touch it.
 *
 * Throws HoldfastError `source-unreadable` where git has not all of these objects.
 */
export async function packCommit(
  folder: string,
  commit: string,
  root: string,
  most: number = MOST_PACKED,
): Promise<Packed> {
  if (commit.length !== 40)
    return {
      unpacked:
        "the repository names its objects by SHA-256, and what Holdfast says of manifests are git's SHA-1 object ids",
    };
  const input = (await objectsOf(folder, commit, root)).map((id) => `${id}\n`).join("");
  const packed = await askGit(folder, ["pack-objects", "--stdout", ...PLAIN], { input, most });
  if ("out" in packed) return { pack: new Uint8Array(packed.out) };
  if (packed.tooLarge)
    return { unpacked: `it is larger than ${most / 2 ** 20} MiB: keep the manifests in a folder of their own` };
  throw unpackable(commit, packed.failure);
}

/** Ids in the order of the tree, each once. A commit inside (a submodule) is another repository's. */
async function objectsOf(folder: string, commit: string, root: string): Promise<readonly string[]> {
  const tree = await lines(folder, commit, ["rev-parse", "--verify", "--end-of-options", `${commit}^{tree}`]);
  const below = root === "" ? [] : ["--", `${root}/`];
  const listed = await lines(folder, commit, ["ls-tree", "-r", "-t", "-z", "--full-tree", commit, ...below]);
  const ids = [...listed.matchAll(/\d+ (?:tree|blob) ([0-9a-f]+)\t[^\0]+\0/g)].map(([, id = ""]) => id);
  return [...new Set([commit, tree.trim(), ...ids])];
}

async function lines(folder: string, commit: string, words: readonly string[]): Promise<string> {
  const answer = await askGit(folder, words);
  if ("out" in answer) return answer.out.toString("utf8");
  throw unpackable(commit, answer.failure);
}

const unpackable = (commit: string, why: string): HoldfastError =>
  new HoldfastError(
    "source-unreadable",
    `git cannot pack commit ${commit}, which evidence keeps: ${why}. Check the checkout with git fsck, or fetch it anew`,
  );
