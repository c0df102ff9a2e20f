import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { pack, type Header } from "tar-stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTarStore } from "../../controller/local/tar-store.ts";
import { writeTar, type Entry } from "../../controller/local/tar-file.ts";

type Named = Partial<Header> & Pick<Header, "name">;

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-tar-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const text = (path: string, content: string): Entry => ({ path, bytes: new TextEncoder().encode(content) });
const KEYS = text("keys.json", "{}");

async function* each(entries: readonly Entry[]): AsyncGenerator<Entry> {
  yield* entries;
}

const written = async (name: string, entries: readonly Entry[], inFolder = "evidence-1"): Promise<string> => {
  const path = join(folder, name);
  await writeTar(path, { folder: inFolder, modifiedOn: new Date("2027-01-01T00:00:00Z"), entries: each(entries) });
  return path;
};

/** An archive as nobody of ours would write it. */
async function foreign(name: string, entries: readonly (readonly [Named, string])[]): Promise<string> {
  const archive = pack();
  for (const [header, content] of entries) archive.entry(header, content);
  archive.finalize();
  const path = join(folder, name);
  await writeFile(path, await buffer(archive));
  return path;
}

describe("a pack as a store", () => {
  it("has the files below the folder with keys.json, and lists them in byte order", async () => {
    const deep = `v1/${"c".repeat(36)}/attachments/${"d".repeat(64)}`;
    const store = await openTarStore(
      await written("whole.tar", [KEYS, text(deep, "rows"), text("v1/B", "b"), text("v1/a", "")]),
    );
    expect(await store.list("v1/")).toEqual(["v1/B", "v1/a", deep]);
    expect(Buffer.from((await store.get(deep))?.body ?? []).toString()).toBe("rows");
    expect((await store.get("v1/a"))?.body.length).toBe(0);
    expect(await store.get("v1/missing")).toBeUndefined();
  });

  it("is read as well where nothing is put around its files", async () => {
    const path = await foreign("flat.tar", [
      [{ name: "v1/", type: "directory" }, ""],
      [{ name: "v1/a" }, "a"],
      [{ name: "keys.json" }, "{}"],
    ]);
    expect(await (await openTarStore(path)).list("")).toEqual(["keys.json", "v1/a"]);
  });

  it("is never written to", async () => {
    const store = await openTarStore(await written("read-only.tar", [KEYS]));
    const put = store.put("v1/a", new Uint8Array(), { condition: { ifAbsent: true }, contentType: "text/plain" });
    await expect(put).rejects.toThrow(/nothing is written into it/);
  });

  it.each<[string, readonly (readonly [Named, string])[], RegExp]>([
    [
      "a link",
      [
        [{ name: "keys.json" }, "{}"],
        [{ name: "v1", type: "symlink", linkname: "/etc" }, ""],
      ],
      /is a symlink/,
    ],
    [
      "a file twice",
      [
        [{ name: "keys.json" }, "{}"],
        [{ name: "keys.json" }, "[]"],
      ],
      /keys\.json is in it twice/,
    ],
    [
      "a path that leads out",
      [
        [{ name: "keys.json" }, "{}"],
        [{ name: "../etc/passwd" }, "x"],
      ],
      /not a path inside it/,
    ],
    [
      "a path from the root",
      [
        [{ name: "keys.json" }, "{}"],
        [{ name: "/etc/passwd" }, "x"],
      ],
      /not a path inside it/,
    ],
    ["no keys", [[{ name: "readme" }, ""]], /it has no keys\.json/],
    [
      "two packs in one",
      [
        [{ name: "a/keys.json" }, "{}"],
        [{ name: "b/keys.json" }, "{}"],
      ],
      /more than one keys\.json/,
    ],
  ])("with %s is refused", async (name, entries, why) => {
    await expect(openTarStore(await foreign(`${name}.tar`, entries))).rejects.toThrow(why);
  });

  it("that was cut off, is no archive, or is not there, is refused", async () => {
    const whole = await readFile(await written("cut.tar", [KEYS, text("v1/a", "x".repeat(5000))]));
    await writeFile(join(folder, "cut.tar"), whole.subarray(0, 3000));
    await expect(openTarStore(join(folder, "cut.tar"))).rejects.toThrow(/not a whole tar archive/);
    await writeFile(join(folder, "noise.tar"), "x".repeat(2048));
    await expect(openTarStore(join(folder, "noise.tar"))).rejects.toThrow(/cannot be read/);
    await expect(openTarStore(join(folder, "nowhere.tar"))).rejects.toThrow(/ENOENT/);
  });
});

describe("writing an archive", () => {
  it("gives the same bytes for the same files", async () => {
    const entries = [KEYS, text("v1/a", "a")];
    const [one, other] = [
      await readFile(await written("one.tar", entries)),
      await readFile(await written("other.tar", entries)),
    ];
    expect(one.equals(other)).toBe(true);
  });

  it("leaves nothing under its name, nor beside it, where a file cannot be read", async () => {
    const entries = async function* (): AsyncGenerator<Entry> {
      yield KEYS;
      throw new Error("the store went away");
    };
    const path = join(folder, "half.tar");
    const writing = writeTar(path, { folder: "x", modifiedOn: new Date(0), entries: entries() });
    await expect(writing).rejects.toThrow(/the store went away/);
    expect((await readdir(folder)).filter((name) => name.startsWith("half"))).toEqual([]);
  });
});
