import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeKeys, keyRowOf, soleKey } from "../../controller/attest/sealing/keys.ts";
import { openKeyFile } from "../../controller/local/key-file.ts";
import { addVersion, currentObject } from "../simulator/s3/state.ts";
import { DESIRED_BUCKET, type Said, type Served } from "../cli/command-line.ts";

export const HEAD = "desired/HEAD.json";
export const TO = `s3://${DESIRED_BUCKET}`;
export const FROM_S3 = { HOLDFAST_DESIRED_STATE: TO };

export const bucketOf = (s: Served) => s.universe.simulator.bucket(DESIRED_BUCKET);

export interface Pipeline {
  readonly sync: () => Promise<Said>;
  readonly syncUnsigned: () => Promise<Said>;
  readonly reconcile: (...flags: readonly string[]) => Promise<Said>;
  /** Has another key sign from a sequence on, by a change of keys.json that was reviewed. */
  readonly replaceKey: (when: { readonly from: number }) => Promise<Pick<Pipeline, "sync">>;
}

/** A pipeline with a sync key, and a controller that knows its public half. */
export async function pipeline(s: Served): Promise<Pipeline> {
  const [key, next] = [join(s.folder, "sync.pem"), join(s.folder, "next.pem")];
  const trust = join(s.folder, "sync-keys.json");
  const keys = soleKey("0b6c1a52-6f0e-4d2a-9c53-5a0f6ad1b0a1", await openKeyFile(key));
  await writeFile(trust, encodeKeys(keys));
  const syncWith = (file: string) => s.run(["sync", "--to", TO, "--sync-signer", `file:${file}`]);
  return {
    sync: () => syncWith(key),
    syncUnsigned: () => s.run(["sync", "--to", TO]),
    reconcile: (...flags) => s.run(["reconcile", ...flags], { env: { ...FROM_S3, HOLDFAST_SYNC_TRUST: trust } }),
    replaceKey: async ({ from }) => {
      const row = keyRowOf(await openKeyFile(next), from);
      const policy = [...keys.policy, { fromSequence: from, keyids: [row.keyid], threshold: 1 }];
      await writeFile(trust, encodeKeys({ ...keys, keys: [...keys.keys, row], policy }));
      return { sync: () => syncWith(next) };
    },
  };
}

/** Somebody with write access to the bucket, and without the sync key, puts an object back or in. */
export function put(s: Served, key: string, change: (body: string) => string): void {
  const there = currentObject(bucketOf(s), key);
  if (!there) throw new RangeError(`there is no ${key}`);
  const body = Buffer.from(change(Buffer.from(there.body).toString("utf8")));
  addVersion(bucketOf(s), key, { ...there, body, checksums: {}, etag: `"${body.length}"`, id: "by-hand" });
}
