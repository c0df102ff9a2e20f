import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { extract, type Header } from "tar-stream";
import { byBytes } from "../attest/git/git-objects.ts";
import { KEYS_FILE } from "../attest/chain/names.ts";
import { HoldfastError } from "../domain/errors.ts";
import type { ObjectStore } from "../ports.ts";
import { codeOf } from "./files.ts";

/**
 * An evidence pack as a store that is read: its keys are the paths in the folder that holds `keys.json`, whether the archive puts that
 * folder around everything or not. The archive is read once, whole, and kept. Throws HoldfastError `source-unreadable` for what is no
 * archive, is cut off, or holds a path twice, a link, or a path that leads out of it: two tools might unpack such a one differently.
 */
export async function openTarStore(path: string): Promise<ObjectStore> {
  const file = resolve(path);
  const files = belowKeys(await read(file), file);
  const { mtime } = await stat(file);
  return {
    url: file,
    get: async (key) => {
      const body = files.get(key);
      return (
        body && { body, etag: createHash("sha256").update(body).digest("hex"), lastModified: mtime, at: new Date() }
      );
    },
    put: async () => {
      throw new HoldfastError("store-unreachable", `${file} is an evidence pack: nothing is written into it`);
    },
    list: async (prefix) => [...files.keys()].filter((key) => key.startsWith(prefix)).toSorted(byBytes),
  };
}

/** Files by their path in the archive. */
async function read(file: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const entries = extract();
  const broke = pipeline(createReadStream(file), entries).then(
    () => undefined,
    (error: unknown) => error,
  );
  try {
    for await (const entry of entries) await take(entry, files, file);
  } catch (thrown) {
    if (thrown instanceof HoldfastError) throw thrown;
    const error = (await broke) ?? thrown;
    const why = error instanceof Error ? error.message : String(error);
    throw refused(file, codeOf(error) === undefined ? `it is not a whole tar archive: ${why}` : why, error);
  }
  return files;
}

/** An entry's bytes must be read to their end before the next one comes. */
async function take(
  entry: AsyncIterable<unknown> & { readonly header: Pick<Header, "name" | "type"> },
  files: Map<string, Uint8Array>,
  file: string,
): Promise<void> {
  const { name, type } = entry.header;
  const chunks: Uint8Array[] = [];
  for await (const chunk of entry) if (chunk instanceof Uint8Array) chunks.push(chunk);
  if (type === "directory") return;
  if (type !== "file") throw refused(file, `${name} is a ${type}, and a pack holds files only`);
  if (!inside(name)) throw refused(file, `${name} is not a path inside it`);
  if (files.has(name)) throw refused(file, `${name} is in it twice`);
  files.set(name, Buffer.concat(chunks));
}

const inside = (name: string): boolean => name.split("/").every((part) => part !== "" && part !== "." && part !== "..");

function belowKeys(files: ReadonlyMap<string, Uint8Array>, file: string): ReadonlyMap<string, Uint8Array> {
  const folders = [...files.keys()].flatMap((name) =>
    name === KEYS_FILE || /^[^/]+\/keys\.json$/.test(name) ? [name.slice(0, -KEYS_FILE.length)] : [],
  );
  const [folder, ...others] = folders;
  if (folder === undefined) throw refused(file, `it has no ${KEYS_FILE}, so it is no evidence pack`);
  if (others.length > 0) throw refused(file, `it has more than one ${KEYS_FILE}`);
  return new Map(
    [...files].flatMap(([name, body]) => (name.startsWith(folder) ? [[name.slice(folder.length), body]] : [])),
  );
}

const refused = (file: string, why: string, cause?: unknown): HoldfastError =>
  new HoldfastError("source-unreadable", `the evidence pack ${file} cannot be read: ${why}`, { cause });
