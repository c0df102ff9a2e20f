import { mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFolderStore } from "../../controller/local/folder-store.ts";
import type { ObjectStore } from "../../controller/ports.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const contentType = "text/plain";
const ifAbsent = { condition: { ifAbsent: true }, contentType } as const;
const ifMatch = (etag: string) => ({ condition: { ifMatch: etag }, contentType }) as const;

let folder: string;
let store: ObjectStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-store-"));
  store = createFolderStore(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const textOf = async (key: string): Promise<string | undefined> => {
  const object = await store.get(key);
  return object && new TextDecoder().decode(object.body);
};

describe("a folder as a store", () => {
  it("gives back what was put, with the time it was put and the time it was asked", async () => {
    const before = Date.now() - 50;
    const put = await store.put("runs/1/a.json", bytes("one"), ifAbsent);
    const object = await store.get("runs/1/a.json");
    expect(put).toMatchObject({ etag: object?.etag });
    expect(object?.lastModified.getTime()).toBeGreaterThan(before);
    expect(object?.at.getTime()).toBeGreaterThanOrEqual(object!.lastModified.getTime() - 50);
    expect(await textOf("runs/1/a.json")).toBe("one");
  });

  it("has nothing where nothing was put, also below a file and before the folder is there", async () => {
    await store.put("a", bytes("one"), ifAbsent);
    expect(await store.get("b")).toBeUndefined();
    expect(await store.get("a/b")).toBeUndefined();
    const none = createFolderStore(join(folder, "not", "there"));
    expect(await none.get("a")).toBeUndefined();
    expect(await none.list("")).toEqual([]);
  });

  it("puts if absent once", async () => {
    await store.put("a", bytes("one"), ifAbsent);
    expect(await store.put("a", bytes("two"), ifAbsent)).toBe("conflict");
    expect(await textOf("a")).toBe("one");
  });

  it("puts over what the etag names and nothing else", async () => {
    expect(await store.put("a", bytes("two"), ifMatch("0".repeat(64)))).toBe("conflict");
    const first = await store.put("a", bytes("one"), ifAbsent);
    if (first === "conflict") throw new Error("the folder was empty");
    expect(await store.put("a", bytes("two"), ifMatch(first.etag))).not.toBe("conflict");
    expect(await store.put("a", bytes("three"), ifMatch(first.etag))).toBe("conflict");
    expect(await textOf("a")).toBe("two");
  });

  it("lists whole, in the order of bytes, without files on their way, locks or hidden files", async () => {
    for (const key of ["b/2", "b/10", "b/é", "b/z", "b-1", "a"]) await store.put(key, bytes(key), ifAbsent);
    const a = await store.get("a");
    await store.put("a", bytes("again"), ifMatch(a!.etag));
    await writeFile(join(folder, "b", ".DS_Store"), "");
    expect(await store.list("")).toEqual(["a", "b-1", "b/10", "b/2", "b/z", "b/é"]);
    expect(await store.list("b/")).toEqual(["b/10", "b/2", "b/z", "b/é"]);
    expect(await store.list("b/1")).toEqual(["b/10"]);
    expect(await readdir(join(folder, ".staging"))).toEqual([]);
  });

  it.each(["../outside", "a/../../outside", "/etc/passwd", "a//b", "", ".", ".staging/x", "a/.hidden", "a\\b", "a\0b"])(
    "refuses the key %j",
    async (key) => {
      await expect(store.get(key)).rejects.toMatchObject({ code: "internal" });
      await expect(store.put(key, bytes("x"), ifAbsent)).rejects.toMatchObject({ code: "internal" });
    },
  );

  it("follows no link out of the folder", async () => {
    await symlink(tmpdir(), join(folder, "out"));
    await expect(store.get("out/x")).rejects.toMatchObject({ code: "store-unreachable" });
    await expect(store.put("out/x", bytes("x"), ifAbsent)).rejects.toMatchObject({ code: "store-unreachable" });
    await expect(store.list("out/")).rejects.toMatchObject({ code: "store-unreachable" });
  });

  it("says what to do about a folder that is a file", async () => {
    await writeFile(join(folder, "file"), "");
    const broken = createFolderStore(join(folder, "file"));
    await expect(broken.put("a", bytes("x"), ifAbsent)).rejects.toMatchObject({
      code: "store-unreachable",
      message: expect.stringContaining("Check that it is a folder"),
    });
  });
});
