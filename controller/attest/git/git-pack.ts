import { createHash } from "node:crypto";
import { inflateSync } from "node:zlib";
import type { ManifestFile } from "../../domain/desired.ts";
import { objectId } from "./git-objects.ts";

/** The four kinds of objects by their numbers in a pack (gitformat-pack). Deltas, 6 and 7, are in none that is made here. */
const TYPES: Readonly<Record<number, string>> = { 1: "commit", 2: "tree", 3: "blob", 4: "tag" };
/** Bytes of one object; what unpacks to more is a bomb. */
const MOST_UNPACKED = 2 ** 28;
const HEADER = 12;
const TRAILER = 20;

/** A pack that is not one, or holds what it should not. Caught in `packProblem`. */
class NotAPack extends Error {}

/** Commits and trees by id with their contents, and of blobs only the ids. */
interface PackContents {
  readonly commits: ReadonlyMap<string, Buffer>;
  readonly trees: ReadonlyMap<string, Buffer>;
  readonly blobs: ReadonlySet<string>;
}

export interface PackedRevision {
  readonly commit: string;
  readonly manifestRoot: string;
  readonly files: readonly Pick<ManifestFile, "path" | "gitBlob">[];
}

/**
 * Why a pack does not show that a commit holds these manifests; undefined where it does: the commit is in it, so are the trees from its root down
 * to each file, and so is each file's blob. Ids are worked out from the bytes.
 */
export function packProblem(pack: Uint8Array, { commit, manifestRoot, files }: PackedRevision): string | undefined {
  try {
    const contents = readPack(Buffer.from(pack.buffer, pack.byteOffset, pack.byteLength));
    const root = rootTree(contents, commit);
    const below = manifestRoot === "" ? "" : `${manifestRoot}/`;
    for (const { path, gitBlob } of files)
      if (find(contents, root, `${below}${path}`) !== gitBlob || !contents.blobs.has(gitBlob))
        return `it does not hold ${path} as the manifest is`;
    return undefined;
  } catch (error) {
    if (error instanceof NotAPack) return error.message;
    throw error;
  }
}

function readPack(pack: Buffer): PackContents {
  if (pack.length < HEADER + TRAILER || pack.toString("latin1", 0, 4) !== "PACK" || pack.readUInt32BE(4) !== 2)
    throw new NotAPack("it is no git pack of version 2");
  const end = pack.length - TRAILER;
  if (!createHash("sha1").update(pack.subarray(0, end)).digest().equals(pack.subarray(end)))
    throw new NotAPack("it is not what its own checksum says");
  const contents = { commits: new Map<string, Buffer>(), trees: new Map<string, Buffer>(), blobs: new Set<string>() };
  let at = HEADER;
  for (let left = pack.readUInt32BE(8); left > 0; left -= 1) {
    const { type, content, next } = readObject(pack, at, end);
    const id = objectId(type, content);
    if (type === "commit") contents.commits.set(id, content);
    else if (type === "tree") contents.trees.set(id, content);
    else if (type === "blob") contents.blobs.add(id);
    at = next;
  }
  if (at !== end) throw new NotAPack("it does not end where its last object does");
  return contents;
}

/** An object's header: three bits of type, and its size in groups of seven bits, least first after the four of the first byte. */
function readObject(pack: Buffer, start: number, end: number) {
  let at = start;
  let byte = byteAt(pack, at++, end);
  const type = TYPES[(byte >> 4) & 7];
  let size = byte & 15;
  for (let factor = 16; byte >= 128; factor *= 128) {
    byte = byteAt(pack, at++, end);
    size += (byte & 127) * factor;
  }
  if (type === undefined) throw new NotAPack("it holds an object that is no whole one");
  if (size > MOST_UNPACKED) throw new NotAPack("it holds an object too large to be read");
  const { content, used } = inflate(pack.subarray(at, end), size);
  return { type, content, next: at + used };
}

function byteAt(pack: Buffer, at: number, end: number): number {
  const byte = at < end ? pack[at] : undefined;
  if (byte === undefined) throw new NotAPack("it breaks off");
  return byte;
}

/** One stream at the beginning of some bytes, and how many of them it took. */
function inflate(bytes: Buffer, size: number): { readonly content: Buffer; readonly used: number } {
  try {
    const { buffer, engine } = informed(inflateSync(bytes, { info: true, maxOutputLength: size + 1 }));
    if (buffer.length !== size) throw new NotAPack("it holds an object of another size than it says");
    return { content: buffer, used: engine.bytesWritten };
  } catch (cause) {
    if (cause instanceof NotAPack) throw cause;
    throw new NotAPack("it holds an object that does not unpack", { cause });
  }
}

/** What node:zlib answers where it is asked for `info`; its types do not know. */
interface Inflated {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}
function informed(answer: object): Inflated {
  if (isInflated(answer)) return answer;
  throw new TypeError("node:zlib does not say how many bytes it read");
}
const isInflated = (answer: object): answer is Inflated => "engine" in answer && "buffer" in answer;

function rootTree({ commits }: PackContents, commit: string): string {
  const tree = /^tree ([0-9a-f]{40})\n/.exec(commits.get(commit)?.toString("latin1") ?? "")?.[1];
  if (tree === undefined) throw new NotAPack(`it does not hold commit ${commit}`);
  return tree;
}

/** The id at a path below a tree; undefined where there is nothing, or the trees on the way are not all here. */
function find({ trees }: PackContents, root: string, path: string): string | undefined {
  return path.split("/").reduce<string | undefined>((id, name) => {
    const tree = id === undefined ? undefined : trees.get(id);
    return tree && entryOf(tree, Buffer.from(name));
  }, root);
}

/** A tree is entries of `<mode> <name>\0<20 bytes of id>`. */
function entryOf(tree: Buffer, name: Buffer): string | undefined {
  for (let at = 0; at < tree.length;) {
    const begin = tree.indexOf(0x20, at) + 1;
    const zero = tree.indexOf(0, begin);
    if (begin === 0 || zero < 0) return undefined;
    if (tree.subarray(begin, zero).equals(name)) return tree.toString("hex", zero + 1, zero + 21);
    at = zero + 21;
  }
  return undefined;
}
