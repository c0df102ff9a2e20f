import { createHash } from "node:crypto";
import { open, readdir, realpath } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { byBytes } from "../attest/git/git-objects.ts";
import { HoldfastError } from "../domain/errors.ts";
import type { ObjectStore, PutOptions, StoredObject } from "../ports.ts";
import { underLock } from "./file-lock.ts";
import { codeOf, createFile, replaceFile } from "./files.ts";

/** Files on their way and locks: never listed, and no key can name one, for no part of a key begins with a dot. */
const STAGING = ".staging";

/**
 * A folder that answers as a bucket does: keys are paths, a put shows whole or not at all and is on the disk once it is answered, and every put
 * is conditional, among all processes of this machine. An etag is the content's SHA-256: a content that comes back is the same object again.
 */
export function createFolderStore(folder: string): ObjectStore {
  const root = resolve(folder);
  const staging = join(root, STAGING);
  return {
    url: root,
    get: (key) => reached(root, async () => readWhole(await pathOf(root, key))),
    put: (key, body, options) => reached(root, async () => put(await pathOf(root, key), body, options, staging)),
    list: (prefix) => reached(root, () => list(root, prefix)),
  };
}

async function put(
  path: string,
  body: Uint8Array,
  { condition }: PutOptions,
  staging: string,
): ReturnType<ObjectStore["put"]> {
  const done = () => ({ etag: etagOf(body), at: new Date() });
  if ("ifAbsent" in condition) return (await createFile(path, body, { staging })) ? done() : "conflict";
  const lock = join(staging, `${etagOf(new TextEncoder().encode(path))}.lock`);
  return underLock(lock, async (stillMine) => {
    const there = await readWhole(path);
    if (there?.etag !== condition.ifMatch || !(await stillMine())) return "conflict";
    await replaceFile(path, body, { staging });
    return done();
  });
}

const etagOf = (body: Uint8Array): string => createHash("sha256").update(body).digest("hex");

/** Undefined where there is no such file. A replaced file that is already open stays what it was. */
async function readWhole(path: string): Promise<StoredObject | undefined> {
  try {
    const file = await open(path, "r");
    try {
      const { mtime } = await file.stat();
      const body = new Uint8Array(await file.readFile());
      return { body, etag: etagOf(body), lastModified: mtime, at: new Date() };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw error;
  }
}

/** Looks only below the prefix's folder. */
async function list(root: string, prefix: string): Promise<readonly string[]> {
  const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  const keys: string[] = [];
  const walk = async (below: string): Promise<void> => {
    for (const entry of await entriesOf(join(root, below))) {
      if (entry.name.startsWith(".")) continue;
      const key = `${below}${entry.name}`;
      if (entry.isDirectory()) await walk(`${key}/`);
      else if (entry.isFile() && key.startsWith(prefix)) keys.push(key);
    }
  };
  await pathOf(root, folder === "" ? "any" : folder.slice(0, -1));
  await walk(folder);
  return keys.toSorted(byBytes);
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return [];
    throw error;
  }
}

/** A key's file. Neither a key nor a link that lies about can lead out of the folder. */
async function pathOf(root: string, key: string): Promise<string> {
  if (!key.split("/").every((part) => /^[^./\\\0][^/\\\0]*$/.test(part)))
    throw new HoldfastError(
      "internal",
      `${JSON.stringify(key)} is not a key: no part of one is empty or begins with a dot`,
    );
  const path = join(root, key);
  const [real, realRoot] = [await realPart(path), await realPart(root)];
  if (real !== realRoot && !real.startsWith(realRoot + sep))
    throw new HoldfastError("store-unreachable", `${path} leads out of ${root} by a symbolic link: remove it`);
  return path;
}

/** The real path of as much of a path as there is. */
async function realPart(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return realPart(dirname(path));
    throw error;
  }
}

async function reached<T>(root: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof HoldfastError || codeOf(error) === undefined) throw error;
    throw new HoldfastError(
      "store-unreachable",
      `the folder ${root} cannot be used: ${(error as Error).message}. Check that it is a folder this user may read and write, and that the disk has room`,
      { cause: error },
    );
  }
}
