import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { byBytes, formatOf, gitBlob, gitTree } from "../attest/git/git-objects.ts";
import { Refused } from "../attest/chain/refused.ts";
import { decodeUtf8 } from "../attest/sealing/strict-json.ts";
import { digestOf } from "../domain/digest.ts";
import { desiredDigest, type ManifestFile } from "../domain/desired.ts";
import { HoldfastError } from "../domain/errors.ts";
import type { DesiredSource, SourceSnapshot } from "../ports.ts";
import { codeOf } from "./files.ts";
import { readCheckout } from "./git-checkout.ts";
import { packCommit } from "./git-pack.ts";

export interface FolderSourceOptions {
  /** Whether the commit is packed as well: for what publishes or reports, and not for looking. */
  readonly packed?: boolean;
}

/**
 * The desired state in a folder: every `.yaml` and `.yml` below it but in hidden folders, as it is on the disk now. The revision names the
 * commit where the folder is in a git checkout; it is dirty where these files are not exactly the commit's (rule 35). The tree is the id of the git
 * tree of these files alone.
 */
export function createFolderSource(folder: string, options: FolderSourceOptions = {}): DesiredSource {
  return { read: () => snapshot(resolve(folder), options) };
}

async function snapshot(folder: string, { packed = false }: FolderSourceOptions): Promise<SourceSnapshot> {
  const files = await readManifests(folder);
  const listed = files.map(({ path, bytes }): ManifestFile => ({
    path,
    sha256: digestOf(bytes),
    gitBlob: gitBlob(bytes),
  }));
  const { blobs, ...checkout } = await readCheckout(folder);
  const dirty = !sameFiles(files, blobs);
  const { commit, manifestRoot } = checkout;
  const made = packed && !dirty && commit !== null ? await packCommit(folder, commit, manifestRoot) : undefined;
  const pack = made && "pack" in made ? made.pack : undefined;
  return {
    revision: {
      ...checkout,
      digest: desiredDigest(listed),
      tree: gitTree(listed),
      dirty,
      sequence: null,
      fastForward: null,
      previousCommit: null,
      pack: pack ? { sha256: digestOf(pack), size: pack.length } : null,
      unpacked: made && "unpacked" in made ? made.unpacked : null,
      files: listed,
    },
    files: files.map(({ path, text }) => ({ path, text })),
    ...(pack ? { pack } : {}),
  };
}

interface Manifest {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly text: string;
}

/** Hidden is what any folder on the way hides. */
const isManifest = (path: string): boolean =>
  /\.ya?ml$/.test(path) && !path.split("/").some((name) => name.startsWith("."));

async function readManifests(folder: string): Promise<readonly Manifest[]> {
  const refused: string[] = [];
  const files: Manifest[] = [];
  for (const path of await manifestPaths(folder)) {
    const bytes = new Uint8Array(await reading(folder, () => readFile(join(folder, path))));
    try {
      files.push({ path, bytes, text: decodeUtf8(bytes) });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refused.push(`${path} ${error.message}`);
    }
  }
  if (refused.length > 0) throw unreadable(`${refused.join("; ")}. Save manifests as UTF-8`);
  return files;
}

/** Sorted by bytes. Folders behind links are not part of the desired state, as they are not part of a git tree; a manifest behind one is refused. */
async function manifestPaths(folder: string): Promise<readonly string[]> {
  const paths: string[] = [];
  const walk = async (below: string): Promise<void> => {
    for (const entry of await reading(folder, () => readdir(join(folder, below), { withFileTypes: true }))) {
      const path = `${below}${entry.name}`;
      if (entry.isDirectory() && !entry.name.startsWith(".")) await walk(`${path}/`);
      else if (entry.isSymbolicLink() && isManifest(path))
        throw unreadable(
          `${path} is a symbolic link: put the file itself there, so that what is reviewed is what holds`,
        );
      else if (entry.isFile() && isManifest(path)) paths.push(path);
    }
  };
  await walk("");
  return paths.toSorted(byBytes);
}

function sameFiles(files: readonly Manifest[], blobs: ReadonlyMap<string, string>): boolean {
  const committed = [...blobs.keys()].filter(isManifest);
  return (
    committed.length === files.length &&
    files.every(({ path, bytes }) => {
      const id = blobs.get(path);
      return id !== undefined && id === gitBlob(bytes, formatOf(id));
    })
  );
}

async function reading<T>(folder: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR")
      throw unreadable(`there is no folder ${folder}: check the path given as desired state`, error);
    if (codeOf(error) === undefined) throw error;
    throw unreadable(`the folder ${folder} cannot be read whole: ${(error as Error).message}`, error);
  }
}

const unreadable = (message: string, cause?: unknown): HoldfastError =>
  new HoldfastError("source-unreadable", message, { cause });
