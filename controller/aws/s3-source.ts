/** The desired state as `holdfast sync` published it, in a bucket or any other store. */
import pLimit from "p-limit";
import { byBytes, gitBlob, gitTree } from "../attest/git/git-objects.ts";
import type { Keys } from "../attest/sealing/keys.ts";
import type { CommitPack } from "../domain/desired.ts";
import { digestOf } from "../domain/digest.ts";
import { HoldfastError } from "../domain/errors.ts";
import { fileKey, HEAD_KEY, packKey, readHead, revisionOf, type Head, type HeadFile } from "../load/head.ts";
import type { DesiredSource, Log, ObjectStore, SourceSnapshot, StoredObject } from "../ports.ts";

export interface S3SourceOptions {
  readonly store: ObjectStore;
  /** Keys of which HEAD must be signed. Absent: whoever can write the bucket decides, and the log says so. */
  readonly trust?: Keys;
  readonly log: Log;
  /** Whether the commit's pack is read as well: for what reports, and not for looking. */
  readonly packed?: boolean;
}

/** Files asked for at once. */
const AT_ONCE = 16;

export const createS3Source = ({ store, trust, log, packed = false }: S3SourceOptions): DesiredSource => ({
  read: async (): Promise<SourceSnapshot> => {
    const stored = await look(store, HEAD_KEY);
    if (stored === undefined) {
      throw unreadable(
        `there is no desired state at ${store.url}: publish one with holdfast sync, or check the setting`,
      );
    }
    const { head, signature } = readHead(stored.body, trust);
    log("desired-state-read", { url: store.url, sequence: head.sequence, commit: head.commit, signature });
    checkTree(head);
    const limit = pLimit(AT_ONCE);
    const read = (file: HeadFile) => limit(async () => ({ path: file.path, text: await readFile(store, head, file) }));
    const files = await Promise.all(head.files.toSorted((a, b) => byBytes(a.path, b.path)).map(read));
    return {
      revision: revisionOf(head),
      files,
      ...(packed && head.pack ? { pack: await readPack(store, head, head.pack) } : {}),
    };
  },
});

/** All files of a HEAD are read and checked, or none is used. */
async function readFile(store: ObjectStore, head: Head, file: HeadFile): Promise<string> {
  const key = fileKey(head.tree, file.path);
  const stored = await look(store, key);
  if (stored === undefined) throw unreadable(`${store.url} has no ${key}, which HEAD ${head.sequence} names`);
  const { body } = stored;
  if (body.length !== file.size || digestOf(body) !== file.sha256 || gitBlob(body) !== file.gitBlob) {
    throw unverified(`${key} at ${store.url} is not the file that HEAD ${head.sequence} names: somebody changed it`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch (cause) {
    throw unreadable(`${file.path} is not UTF-8 text`, cause);
  }
}

async function readPack(store: ObjectStore, { sequence }: Head, { sha256, size }: CommitPack): Promise<Uint8Array> {
  const key = packKey(sha256);
  const stored = await look(store, key);
  if (stored === undefined) throw unreadable(`${store.url} has no ${key}, which HEAD ${sequence} names`);
  if (stored.body.length !== size || digestOf(stored.body) !== sha256)
    throw unverified(`${key} at ${store.url} is not the pack that HEAD ${sequence} names: somebody changed it`);
  return stored.body;
}

function checkTree({ tree, files }: Head): void {
  if (gitTree(files) !== tree) throw unverified(`HEAD's files do not make up its tree ${tree}`);
}

/** Not being able to look is its own answer: it is never an empty desired state. */
async function look(store: ObjectStore, key: string): Promise<StoredObject | undefined> {
  try {
    return await store.get(key);
  } catch (error) {
    if (!(error instanceof HoldfastError) || error.code !== "store-unreachable") throw error;
    throw unreadable(error.message, error);
  }
}

const unreadable = (why: string, cause?: unknown): HoldfastError =>
  new HoldfastError("source-unreadable", `the desired state cannot be read: ${why}`, { cause });
const unverified = (why: string): HoldfastError =>
  new HoldfastError("source-unverified", `the desired state cannot be trusted: ${why}`);
