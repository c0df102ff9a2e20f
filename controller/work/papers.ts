import { deserialize, serialize } from "node:v8";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { digestOf } from "../domain/digest.ts";
import { HoldfastError } from "../domain/errors.ts";
import type { Digest } from "../domain/identity.ts";
import type { ObjectStore, Papers } from "../ports.ts";

const keyOf = (run: string, digest: Digest): string => `runs/${encodeURIComponent(run)}/papers/${digest}.v8.gz`;

/**
 * What was read last, of whatever run, is asked for again by the next shard that the same process is given. A digest says what it is of, so
 * that this may outlive a world.
 */
const remembered = new Map<Digest, unknown>();
const REMEMBERED = 2;

/** Speed before size: a paper is read some hundred times within the hour, and then never again. */
const LEVEL = 1;

/** Papers in a store, each under its own digest: to put the same twice is to put it once. */
export function createPapers({ store }: { readonly store: ObjectStore }): Papers {
  return {
    keep: async (run, value) => {
      const body = await promisify(gzip)(serialize(value), { level: LEVEL });
      const digest = digestOf(body);
      // A conflict is the same bytes: whether they still are is asked when they are read.
      const options = { condition: { ifAbsent: true }, contentType: "application/octet-stream" } as const;
      await store.put(keyOf(run, digest), body, options);
      return digest;
    },
    read: async <T>(run: string, digest: Digest): Promise<T> => {
      const value = remembered.get(digest) ?? (await unpack(store, keyOf(run, digest), digest));
      remembered.delete(digest);
      remembered.set(digest, value);
      for (const old of [...remembered.keys()].slice(0, -REMEMBERED)) remembered.delete(old);
      return value as T; // whoever told the digest kept a T under it
    },
  };
}

/** Nothing is unpacked, let alone believed, before its digest is found to be the one that was told. */
async function unpack(store: ObjectStore, key: string, digest: Digest): Promise<unknown> {
  const there = await store.get(key);
  if (there && digestOf(there.body) === digest) return deserialize(await promisify(gunzip)(there.body));
  throw new HoldfastError(
    "paper-refused",
    `${store.url}/${key} is ${there ? "not what the run left there: find out who else writes to this bucket" : "gone: nothing of a run may be deleted while it is under way"}`,
  );
}
