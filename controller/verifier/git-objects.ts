import { compareBytes, concat, decodeUtf8, fromHex, hex, sameBytes, utf8 } from "./bytes.ts";
import { Refused } from "./checks.ts";
import { inflate } from "./inflate.ts";
import type { Primitives } from "./primitives.ts";

/** A git object, its id recomputed from its bytes (SHA-1 over `<type> <length>\0<content>`). */
export interface GitObject {
  readonly type: "commit" | "tree" | "blob" | "tag";
  readonly content: Uint8Array;
}

/** Objects by their ids. */
export type GitObjects = ReadonlyMap<string, GitObject>;

export const objectId = async ({ type, content }: GitObject, { sha1 }: Primitives): Promise<string> =>
  hex(await sha1(concat(utf8(`${type} ${content.length}\0`), content)));

/** Objects as they are, each found by the id that its own bytes have. */
export async function objectsById(objects: Iterable<GitObject>, primitives: Primitives): Promise<GitObjects> {
  const found = new Map<string, GitObject>();
  for (const object of objects) found.set(await objectId(object, primitives), object);
  return found;
}

const TYPES = { 1: "commit", 2: "tree", 3: "blob", 4: "tag" } as const;
const TRAILER = 20;
const HEAD = 12;
/** A manifest of more is none. Bytes. */
const LARGEST = 2 ** 26;

/**
 * The objects of a git pack of version 2 (gitformat-pack), each whole: the packs beside reports are written without deltas, so that reading
 * one takes no more than this. Throws `Refused`.
 */
export async function readPack(pack: Uint8Array, primitives: Primitives): Promise<GitObjects> {
  const body = pack.subarray(0, -TRAILER);
  const view = new DataView(pack.buffer, pack.byteOffset, pack.byteLength);
  if (pack.length < HEAD + TRAILER || view.getUint32(0) !== 0x5041434b)
    throw new Refused("pack", "has a source pack that is no git pack");
  if (view.getUint32(4) !== 2) throw new Refused("pack", `has a source pack of version ${view.getUint32(4)}, not 2`);
  if (!sameBytes(await primitives.sha1(body), pack.subarray(-TRAILER)))
    throw new Refused("pack", "has a source pack that is not what its own checksum says");
  const objects: GitObject[] = [];
  let at = HEAD;
  for (let left = view.getUint32(8); left > 0; left--) {
    const { object, end } = readObject(body, at);
    objects.push(object);
    at = end;
  }
  if (at !== body.length) throw new Refused("pack", "has a source pack with bytes after its last object");
  return objectsById(objects, primitives);
}

function readObject(body: Uint8Array, from: number): { readonly object: GitObject; readonly end: number } {
  let at = from;
  const next = (): number => body[at++] ?? cutShort();
  let byte = next();
  const kind = (byte >> 4) & 7;
  let size = byte & 15;
  for (let scale = 16; byte >= 0x80; scale *= 128) {
    byte = next();
    size += (byte & 0x7f) * scale;
    if (size > LARGEST) throw new Refused("pack", `has a source pack with an object of ${size} bytes or more`);
  }
  if (kind === 6 || kind === 7)
    throw new Refused("pack", "has a source pack with a delta: write it with --window=0 --depth=0 and no reuse");
  const type = isKnown(kind) ? TYPES[kind] : undefined;
  if (!type) throw new Refused("pack", `has a source pack with an object of unknown type ${kind}`);
  const { bytes, end } = inflate(body, at, size);
  return { object: { type, content: bytes }, end };
}

const isKnown = (kind: number): kind is keyof typeof TYPES => Object.hasOwn(TYPES, kind);

function cutShort(): never {
  throw new Refused("pack", "has a source pack that is cut short");
}

/** What a commit says, as far as a report says it too. */
export interface Commit {
  readonly tree: string;
  /** Seconds since 1970. */
  readonly committedOn: number;
  readonly isSigned: boolean;
}

export function readCommit(content: Uint8Array): Commit {
  // Names and messages may be in any encoding; the lines looked at are ASCII.
  const text = new TextDecoder("latin1").decode(content);
  const head = text.slice(0, text.includes("\n\n") ? text.indexOf("\n\n") : undefined);
  const tree = /^tree ([0-9a-f]{40})$/m.exec(head)?.[1];
  const committedOn = /^committer .*> (\d+) [+-]\d{4}$/m.exec(head)?.[1];
  if (tree === undefined || committedOn === undefined)
    throw new Refused("commit", "has a commit without a tree or a committer");
  return { tree, committedOn: Number(committedOn), isSigned: /^gpgsig(?:-sha256)? /m.test(head) };
}

export interface TreeEntry {
  readonly mode: string;
  readonly name: string;
  readonly id: string;
}

/** A tree's entries. Throws `Refused`: a name that is not UTF-8 or holds a slash could be shown as another. */
export function readTree(content: Uint8Array): readonly TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(0x20, at);
    const end = content.indexOf(0, space);
    if (space < 0 || end < 0 || end + 21 > content.length) throw new Refused("tree", "has a tree that is cut short");
    const name = decodeUtf8(content.subarray(space + 1, end));
    if (name === "" || name === "." || name === ".." || name.includes("/"))
      throw new Refused("tree", `has a tree with an entry named ${JSON.stringify(name)}`);
    entries.push({
      mode: decodeUtf8(content.subarray(at, space)),
      name,
      id: hex(content.subarray(end + 1, end + 21)),
    });
    at = end + 21;
  }
  return entries;
}

const DIRECTORY = "40000";
/** Plain files; links and submodules are no manifests. */
const FILES: ReadonlySet<string> = new Set(["100644", "100755", "100664"]);

/** Every plain file below a tree by its path, with the id of its blob. Throws `Refused` where a tree is not among the objects. */
export function filesBelow(id: string, objects: GitObjects, prefix = ""): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const { mode, name, id: below } of treeAt(id, objects)) {
    if (FILES.has(mode)) files.set(prefix + name, below);
    if (mode !== DIRECTORY) continue;
    for (const [path, blob] of filesBelow(below, objects, `${prefix}${name}/`)) files.set(path, blob);
  }
  return files;
}

function treeAt(id: string, objects: GitObjects): readonly TreeEntry[] {
  const tree = objects.get(id);
  if (tree?.type !== "tree") throw new Refused("tree", `needs the tree ${id}, and it is not in the pack`);
  return readTree(tree.content);
}

/** The id of the tree at a folder of a commit's tree; the root for "". Throws `Refused`. */
export function treeOf(folder: string, root: string, objects: GitObjects): string {
  let id = root;
  for (const name of folder === "" ? [] : folder.split("/")) {
    const entry = treeAt(id, objects).find((one) => one.name === name && one.mode === DIRECTORY);
    if (!entry) throw new Refused("manifest-root", `has its manifests in ${folder}, and its commit has no such folder`);
    id = entry.id;
  }
  return id;
}

/** The id of the tree that holds exactly these files, none executable: `tree` of a report names it where other files lie among the manifests. */
export async function treeIdOf(files: ReadonlyMap<string, string>, primitives: Primitives): Promise<string> {
  const folders = new Map<string, Map<string, string>>();
  const entries: { readonly mode: string; readonly name: string; readonly id: string; readonly order: string }[] = [];
  for (const [path, id] of files) {
    const slash = path.indexOf("/");
    if (slash < 0) entries.push({ mode: "100644", name: path, id, order: path });
    else {
      const inside = folders.get(path.slice(0, slash)) ?? new Map<string, string>();
      folders.set(path.slice(0, slash), inside.set(path.slice(slash + 1), id));
    }
  }
  for (const [name, inside] of folders)
    // git sorts a folder as if its name ended in a slash.
    entries.push({ mode: DIRECTORY, name, id: await treeIdOf(inside, primitives), order: `${name}/` });
  const parts = entries
    .map(({ mode, name, id, order }) => ({ order: utf8(order), bytes: concat(utf8(`${mode} ${name}\0`), fromHex(id)) }))
    .toSorted((a, b) => compareBytes(a.order, b.order));
  return objectId({ type: "tree", content: concat(...parts.map(({ bytes }) => bytes)) }, primitives);
}
