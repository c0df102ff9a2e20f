/** `holdfast sync`: first the files, then the pointer to them, so that a half-finished sync is never visible (design §10). */
import pLimit from "p-limit";
import { byBytes, gitBlob, gitTree } from "../attest/git/git-objects.ts";
import type { Keys } from "../attest/sealing/keys.ts";
import { seal } from "../attest/sealing/sign.ts";
import type { Signer } from "../attest/sealing/signer.ts";
import { digestOf } from "../domain/digest.ts";
import { HoldfastError } from "../domain/errors.ts";
import {
  encodeHead,
  fileKey,
  HEAD_KEY,
  HEAD_TYPE,
  headDigest,
  packKey,
  readHead,
  type Head,
  type ReadHead,
} from "../load/head.ts";
import type { ObjectStore, SourceSnapshot } from "../ports.ts";
import { type Ancestry, descends, linesBefore } from "./lineage.ts";

export interface Publication {
  readonly store: ObjectStore;
  readonly snapshot: SourceSnapshot;
  /** The sync key. Absent: HEAD is published unsigned, and whoever can write the store can change it. */
  readonly signer?: Signer;
  /** Keys of which the HEAD that is replaced must be signed. */
  readonly trust?: Keys;
  readonly isAncestor: Ancestry;
}

export interface Published {
  readonly head: Head;
  /** `unchanged`: HEAD says all this already, and nothing was written. */
  readonly result: "published" | "unchanged";
}

/** Files put at once. */
const AT_ONCE = 16;
const encoder = new TextEncoder();

export async function publishDesired(publication: Publication): Promise<Published> {
  const { store, snapshot, signer, trust, isAncestor } = publication;
  const stored = await store.get(HEAD_KEY);
  const before = stored === undefined ? undefined : { ...readHead(stored.body, trust), etag: stored.etag };
  const head = await follow(before?.head, snapshot, isAncestor);
  if (before !== undefined && saysTheSame(before.head, head) && isSealedAs(before, signer)) {
    return { head: before.head, result: "unchanged" };
  }
  const limit = pLimit(AT_ONCE);
  await Promise.all(snapshot.files.map((file) => limit(() => putFile(store, head.tree, file))));
  if (snapshot.pack) await putPack(store, snapshot.pack);
  const payload = encodeHead(head);
  const put = await store.put(HEAD_KEY, signer === undefined ? payload : await seal(payload, [signer], HEAD_TYPE), {
    condition: before === undefined ? { ifAbsent: true } : { ifMatch: before.etag },
    contentType: "application/json",
  });
  if (put === "conflict") {
    throw failed(
      `another sync to ${store.url} came first. Nothing of this one is in force: look at what it published, then sync again`,
    );
  }
  return { head, result: "published" };
}

/** The HEAD that comes after another. */
async function follow(
  before: Head | undefined,
  { revision, files }: SourceSnapshot,
  isAncestor: Ancestry,
): Promise<Head> {
  if (files.length === 0)
    throw failed(`there is no manifest in ${revision.uri}, and an empty desired state is not published`);
  const rows = files
    .map(({ path, text }) => ({ path, bytes: encoder.encode(text) }))
    .map(({ path, bytes }) => ({ path, sha256: digestOf(bytes), gitBlob: gitBlob(bytes), size: bytes.length }))
    .toSorted((a, b) => byBytes(a.path, b.path));
  const fastForward = await descends(before, revision.commit, isAncestor);
  const { commit, dirty, uri, ref, committedOn, manifestRoot, commitSignature, pack, unpacked } = revision;
  return {
    version: 1,
    sequence: (before?.sequence ?? 0) + 1,
    previous: before === undefined ? null : headDigest(before),
    commit,
    tree: gitTree(rows),
    previousCommit: before?.commit ?? null,
    fastForward,
    brokenLines: await linesBefore(before, { commit, fastForward }, isAncestor),
    dirty,
    uri,
    ref,
    committedOn,
    manifestRoot,
    commitSignature,
    pack,
    unpacked,
    files: rows,
  };
}

/** One commit may be packed in more than one way, and be checked out under more than one branch: that is nothing new to publish. */
const saysTheSame = (before: Head, after: Head): boolean =>
  before.manifestRoot === after.manifestRoot &&
  ((before.pack ?? null) === null) === (after.pack === null) &&
  before.tree === after.tree &&
  before.commit === after.commit &&
  before.dirty === after.dirty &&
  before.uri === after.uri;

/** Signed by the key that signs now, or by none where none does: a new key, or a first one, is reason to publish anew. */
const isSealedAs = ({ signature }: ReadHead, signer: Signer | undefined): boolean =>
  signature.is === "absent" ? signer === undefined : signer !== undefined && signature.keyids.includes(signer.keyid);

const putFile = (store: ObjectStore, tree: string, { path, text }: SourceSnapshot["files"][number]): Promise<void> =>
  putOnce(store, fileKey(tree, path), encoder.encode(text), "application/yaml");

const putPack = (store: ObjectStore, pack: Uint8Array): Promise<void> =>
  putOnce(store, packKey(digestOf(pack)), pack, "application/x-git-packed-objects");

/** What is there already is the same thing, as its key says; unless somebody wrote into the store by hand. */
async function putOnce(store: ObjectStore, key: string, bytes: Uint8Array, contentType: string): Promise<void> {
  const put = await store.put(key, bytes, { condition: { ifAbsent: true }, contentType });
  if (put !== "conflict") return;
  const there = await store.get(key);
  if (there === undefined || digestOf(there.body) !== digestOf(bytes)) {
    throw failed(
      `${key} is at ${store.url} already, and is another file: somebody wrote it by hand. Remove it, then sync again`,
    );
  }
}

const failed = (why: string): HoldfastError =>
  new HoldfastError("publish-failed", `the desired state was not published: ${why}`);
