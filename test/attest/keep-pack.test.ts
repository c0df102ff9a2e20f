import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keepPack } from "../../controller/attest/git/keep-pack.ts";
import { packKey } from "../../controller/attest/chain/names.ts";
import type { Revision } from "../../controller/domain/desired.ts";
import { digestOf } from "../../controller/domain/digest.ts";
import { createFolderSource } from "../../controller/local/folder-source.ts";
import { MemoryStore } from "../local/memory-store.ts";
import { VirtualTime } from "../local/virtual-time.ts";

const CHAIN = "0b6c1a52-6f0e-4d2a-9c53-5a0f6ad1b0a1";
let folder: string;
let revision: Revision;
let pack: Uint8Array;
let otherwise: Uint8Array;

const git = (...words: readonly string[]): void =>
  void execFileSync("git", ["-C", folder, "-c", "user.name=t", "-c", "user.email=t@example.org", ...words], {
    stdio: "ignore",
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-keep-"));
  await writeFile(join(folder, "fleet.yaml"), "kind: Fleet\n".repeat(50));
  git("init", "-q");
  git("add", ".");
  git("commit", "-q", "-m", "one");
  const read = await createFolderSource(folder, { packed: true }).read();
  revision = read.revision;
  pack = read.pack!;
  const input = ["HEAD", "HEAD^{tree}", "HEAD:fleet.yaml"]
    .map((name) => execFileSync("git", ["-C", folder, "rev-parse", name], { encoding: "utf8" }))
    .join("");
  otherwise = execFileSync("git", ["-C", folder, "pack-objects", "--stdout", "-q", "--compression=0"], { input });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const emptyStore = () => new MemoryStore(new VirtualTime().now);
const key = () => packKey(CHAIN, revision.commit!);
const named = (bytes: Uint8Array) => ({ sha256: digestOf(bytes), size: bytes.length });

describe("a commit's pack in the evidence store", () => {
  it("is stored once, under the commit, and named by its bytes", async () => {
    const store = emptyStore();
    const first = await keepPack(store, CHAIN, revision, pack);
    expect(first).toEqual({ pack: named(pack), limitations: [] });
    expect(key()).toBe(`v1/${CHAIN}/git/${revision.commit}.pack`);
    expect(Buffer.from(store.objects.get(key())!.body)).toEqual(Buffer.from(pack));
    expect(await keepPack(store, CHAIN, revision, pack)).toEqual(first);
  });

  it("is the first one that was stored, where another git packs the same commit into other bytes", async () => {
    const store = emptyStore();
    expect(digestOf(otherwise)).not.toBe(digestOf(pack));
    await keepPack(store, CHAIN, revision, otherwise);
    expect(await keepPack(store, CHAIN, revision, pack)).toEqual({ pack: named(otherwise), limitations: [] });
  });

  it("is not named where something else lies in its place: the report says so instead", async () => {
    const store = emptyStore();
    await store.put(key(), Buffer.from("PACK of lies"), { condition: { ifAbsent: true }, contentType: "x" });
    expect(await keepPack(store, CHAIN, revision, pack)).toEqual({
      pack: null,
      limitations: [expect.stringMatching(/not kept beside this report: another is in its place .* no git pack/)],
    });
  });

  it("is not stored where it does not hold what the run acted on", async () => {
    const store = emptyStore();
    const files = revision.files.map((file) => ({ ...file, gitBlob: "0".repeat(40) }));
    const kept = await keepPack(store, CHAIN, { ...revision, files }, pack);
    expect(kept).toEqual({ pack: null, limitations: [expect.stringContaining("fleet.yaml")] });
    expect([...store.objects.keys()]).toEqual([]);
  });

  it.each<readonly [string, Partial<Revision>, readonly unknown[]]>([
    ["without a commit", { commit: null, dirty: true }, []],
    ["of files that are not the commit's", { dirty: true }, []],
    ["that could not be made", { unpacked: "git says no" }, [expect.stringContaining("git says no")]],
  ])("is none %s", async (_, change, limitations) => {
    const store = emptyStore();
    expect(await keepPack(store, CHAIN, { ...revision, ...change }, undefined)).toEqual({ pack: null, limitations });
    expect([...store.objects.keys()]).toEqual([]);
  });
});
