import { describe, expect, it } from "vitest";
import { soleKey } from "../../controller/attest/sealing/keys.ts";
import { createKmsSigner } from "../../controller/aws/kms-signer.ts";
import { publishDesired, type Publication } from "../../controller/aws/publish-desired.ts";
import { createS3Source } from "../../controller/aws/s3-source.ts";
import { createS3Store } from "../../controller/aws/s3-store.ts";
import { digestOf } from "../../controller/domain/digest.ts";
import { HEAD_KEY } from "../../controller/load/head.ts";
import type { SourceSnapshot } from "../../controller/ports.ts";
import { HUB, REGION, world } from "./world.ts";
import { addVersion, currentObject, removeVersion } from "../simulator/s3/state.ts";
import { NO_COMMIT } from "../support/no-commit.ts";

const CHAIN = "0b6c1a52-6f0e-4d2a-9c53-5a0f6ad1b0a1";
const commit = (letter: string) => letter.repeat(40);

/** A working copy at a commit. Ids and digests of files are for the publisher to work out. */
const copy = (at: string | null, files: Readonly<Record<string, string>>, dirty = false): SourceSnapshot => ({
  revision: {
    digest: digestOf(""),
    commit: at,
    tree: "",
    dirty,
    sequence: null,
    fastForward: null,
    previousCommit: null,
    ...NO_COMMIT,
    uri: "https://git.example/backups.git",
    files: [],
  },
  files: Object.entries(files).map(([path, text]) => ({ path, text })),
});
/** The same with its commit packed. What a pack holds is not for the publisher to know. */
const packed = ({ revision, files }: SourceSnapshot, bytes = Buffer.from("PACK")): SourceSnapshot => ({
  revision: { ...revision, manifestRoot: "backup", pack: { sha256: digestOf(bytes), size: bytes.length } },
  files,
  pack: bytes,
});
const first = copy(commit("a"), { "fleet.yaml": "kind: Fleet\n", "vaults/nightly.yaml": "kind: BackupVault\n" });
const second = copy(commit("b"), { "fleet.yaml": "kind: Fleet\n", "vaults/nightly.yaml": "kind: BackupVault # ü\n" });

async function given() {
  const { simulator, time, controller } = world();
  const bucket = simulator.addBucket({ name: "desired", account: HUB, region: REGION });
  simulator.addKey(HUB, REGION, { spec: "ECC_NIST_P256", alias: "alias/sync" });
  simulator.addKey(HUB, REGION, { spec: "ECC_NIST_P256", alias: "alias/other" });
  const store = createS3Store({ url: "s3://desired/fleet", call: controller, clock: time.clock });
  const signer = await time.until(createKmsSigner("alias/sync", controller));
  const other = await time.until(createKmsSigner("alias/other", controller));
  const trust = soleKey(CHAIN, signer);
  const logged: unknown[] = [];
  const sync = (snapshot: SourceSnapshot, options: Partial<Publication> = {}) =>
    time.until(publishDesired({ store, snapshot, signer, isAncestor: () => Promise.resolve(true), ...options }));
  const log = (event: string, fields?: object) => void logged.push({ event, ...fields });
  const read = (keys = trust) => time.until(createS3Source({ store, trust: keys, log }).read());
  const readPacked = () => time.until(createS3Source({ store, trust, log, packed: true }).read());
  const readUnchecked = () => time.until(createS3Source({ store, log }).read());
  return { simulator, time, bucket, store, signer, other, trust, logged, sync, read, readPacked, readUnchecked };
}

const writes = ({ simulator }: Awaited<ReturnType<typeof given>>) => simulator.calls.writes().length;

describe("what was published", () => {
  it("is read back whole, with everything a report says of it", async () => {
    const { sync, read, logged, signer } = await given();
    await sync(first);
    const { revision, files } = await read();
    expect(files).toEqual(first.files);
    expect(revision).toMatchObject({
      commit: commit("a"),
      // As git itself says: git write-tree, git hash-object.
      tree: "d2fe3b17ab803987c34d6e56cb1987cc99502a14",
      files: [
        { path: "fleet.yaml", gitBlob: "b7cf8e4fa22a11dcf58a7f99bbad73eaeb28029d" },
        { path: "vaults/nightly.yaml" },
      ],
      sequence: 1,
      previousCommit: null,
      fastForward: true,
      dirty: false,
      uri: "https://git.example/backups.git",
    });
    expect(logged).toEqual([
      expect.objectContaining({
        event: "desired-state-read",
        sequence: 1,
        signature: { is: "verified", keyids: [signer.keyid] },
      }),
    ]);
  });

  it("is followed by what is published next", async () => {
    const { sync, read } = await given();
    await sync(first);
    const asked: string[][] = [];
    const isAncestor = (...pair: string[]) => {
      asked.push(pair);
      return Promise.resolve(false);
    };
    await sync(second, { isAncestor });
    expect(asked).toEqual([[commit("a"), commit("b")]]);
    const { revision, files } = await read();
    expect(files).toEqual(second.files);
    expect(revision).toMatchObject({ sequence: 2, previousCommit: commit("a"), fastForward: false });
  });

  it("says that git could not tell, rather than guess", async () => {
    const { sync } = await given();
    await sync(first);
    const shallow = await sync(second, { isAncestor: () => Promise.resolve(null) });
    expect(shallow.head.fastForward).toBeNull();
    const folder = await sync(copy(null, { "fleet.yaml": "kind: Fleet\n" }, true));
    expect(folder.head).toMatchObject({ commit: null, fastForward: null, dirty: true, sequence: 3 });
  });

  it("is left alone where nothing changed", async () => {
    const it = await given();
    await it.sync(first);
    const before = writes(it);
    expect(await it.sync(first)).toMatchObject({ result: "unchanged", head: { sequence: 1 } });
    expect(writes(it)).toBe(before);
  });

  it("is published anew under another key, or a first one", async () => {
    const { sync, store, time, other } = await given();
    const { signer: _, ...unsigned } = {
      store,
      snapshot: first,
      isAncestor: () => Promise.resolve(true),
      signer: other,
    };
    await time.until(publishDesired(unsigned));
    expect(await sync(first)).toMatchObject({ result: "published", head: { sequence: 2 } });
    expect(await sync(first, { signer: other })).toMatchObject({ result: "published", head: { sequence: 3 } });
  });
});

describe("a commit's pack", () => {
  const bytes = Buffer.from("PACK");
  const key = `desired/packs/${digestOf(bytes)}.pack`;

  it("is published beside the files, and read by who asks for it", async () => {
    const it = await given();
    await it.sync(packed(first));
    expect(Buffer.from((await it.readPacked()).pack ?? [])).toEqual(bytes);
    const before = it.simulator.calls.all().length;
    const looked = await it.read();
    expect(looked.pack).toBeUndefined();
    expect(looked.revision).toMatchObject({ manifestRoot: "backup", pack: { sha256: digestOf(bytes), size: 4 } });
    const asked = it.simulator.calls.since(before).map(({ input }) => String(input["Key"]));
    expect(asked.filter((one) => one.endsWith(".pack"))).toEqual([]);
  });

  it("is there before HEAD names it", async () => {
    const { sync, simulator, store, time } = await given();
    simulator.faults.add({
      effect: { kind: "deny" },
      operation: "PutObject",
      when: ({ input }) => String(input["Key"]).endsWith(".pack"),
    });
    await expect(sync(packed(first))).rejects.toMatchObject({ code: "store-unreachable" });
    expect(await time.until(store.get(HEAD_KEY))).toBeUndefined();
  });

  it("is refused where somebody changed it, before anything rests on it", async () => {
    const { sync, readPacked, bucket } = await given();
    await sync(packed(first));
    const there = currentObject(bucket, `fleet/${key}`)!;
    addVersion(bucket, `fleet/${key}`, { ...there, id: "by-hand", body: Buffer.from("KCAP"), checksums: {} });
    await expect(readPacked()).rejects.toMatchObject({
      code: "source-unverified",
      message: expect.stringContaining("is not the pack that HEAD 1 names"),
    });
  });

  it("is refused where it is gone", async () => {
    const { sync, readPacked, bucket } = await given();
    await sync(packed(first));
    removeVersion(bucket, `fleet/${key}`, currentObject(bucket, `fleet/${key}`)!.id);
    await expect(readPacked()).rejects.toMatchObject({ code: "source-unreadable" });
  });

  it("is reason to publish anew where there was none, and not where it is packed in another way", async () => {
    const { sync } = await given();
    await sync({ ...first, revision: { ...first.revision, manifestRoot: "backup" } });
    expect(await sync(packed(first))).toMatchObject({ result: "published", head: { sequence: 2 } });
    expect(await sync(packed(first, Buffer.from("PACKED OTHERWISE")))).toMatchObject({ result: "unchanged" });
  });
});

describe("a sync", () => {
  it("is not seen until it is finished", async () => {
    const { sync, read, simulator } = await given();
    await sync(first);
    const healed = simulator.faults.add({
      effect: { kind: "deny" },
      operation: "PutObject",
      when: ({ input }) => String(input["Key"]).endsWith(HEAD_KEY),
    });
    await expect(sync(second)).rejects.toMatchObject({ code: "store-unreachable" });
    expect((await read()).files).toEqual(first.files);
    healed();
    await sync(second);
    expect((await read()).files).toEqual(second.files);
  });

  it("that lost a race changes nothing, and says so", async () => {
    const { sync, read } = await given();
    await sync(first);
    /** Publishes in between: after HEAD was read, before it is written. */
    const isAncestor = async () => {
      await sync(copy(commit("c"), { "fleet.yaml": "kind: Fleet # theirs\n" }));
      return true;
    };
    await expect(sync(second, { isAncestor })).rejects.toThrow(/another sync.*came first/s);
    expect((await read()).revision.commit).toBe(commit("c"));
  });

  it("publishes no empty desired state", async () => {
    const it = await given();
    await expect(it.sync(copy(commit("a"), {}))).rejects.toMatchObject({ code: "publish-failed" });
    expect(writes(it)).toBe(0);
  });

  it("does not build on a HEAD that the sync keys did not sign", async () => {
    const { sync, trust, other } = await given();
    await sync(first, { signer: other });
    await expect(sync(second, { trust })).rejects.toMatchObject({ code: "source-unverified" });
  });
});

describe("a reader", () => {
  it("is told that nothing is there, and what to do", async () => {
    const { read } = await given();
    await expect(read()).rejects.toThrow(/no desired state at s3:\/\/desired\/fleet: publish one with holdfast sync/);
  });

  it("takes no denial for an empty desired state", async () => {
    const { sync, read, simulator } = await given();
    await sync(first);
    simulator.faults.add({ effect: { kind: "deny" }, operation: "GetObject", after: 1 });
    await expect(read()).rejects.toMatchObject({ code: "source-unreadable" });
  });

  it("believes no other signer", async () => {
    const { sync, read, other } = await given();
    await sync(first);
    await expect(read(soleKey(CHAIN, other))).rejects.toMatchObject({ code: "source-unverified" });
  });

  it("without keys to believe reads on, and logs that it did not check", async () => {
    const { sync, readUnchecked, logged, signer } = await given();
    await sync(first);
    await readUnchecked();
    expect(logged).toEqual([expect.objectContaining({ signature: { is: "unchecked", keyids: [signer.keyid] } })]);
  });

  it.each(["kind: Fleet # by hand\n", "kind: fleet\n"])("uses no file that was changed: %j", async (text) => {
    const { sync, read, store, time, bucket } = await given();
    const { head } = await sync(first);
    const stored = await time.until(store.get(`desired/${head.tree}/fleet.yaml`));
    const condition = { ifMatch: stored?.etag ?? "" };
    await time.until(
      store.put(`desired/${head.tree}/fleet.yaml`, new TextEncoder().encode(text), {
        condition,
        contentType: "text/plain",
      }),
    );
    await expect(read()).rejects.toMatchObject({ code: "source-unverified" });
    expect(bucket.objects.size).toBe(3);
    await expect(
      sync(second).then(() => sync(first)),
      "nor builds on one",
    ).rejects.toThrow(/another file/);
  });

  it("misses a file that was removed", async () => {
    const { sync, read, bucket } = await given();
    const { head } = await sync(first);
    bucket.objects.delete(`fleet/desired/${head.tree}/fleet.yaml`);
    await expect(read()).rejects.toThrow(/has no .*fleet\.yaml, which HEAD 1 names/);
  });
});
