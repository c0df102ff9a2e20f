import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFolderStore } from "../../controller/local/folder-store.ts";

const WRITER = fileURLToPath(new URL("writer.ts", import.meta.url));
const contentType = "text/plain";
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-processes-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const count = async (): Promise<number> =>
  Number(new TextDecoder().decode((await createFolderStore(folder).get("counter"))?.body));

/** Where the store keeps the lock of a key. */
const lockOf = (key: string): string =>
  join(folder, ".staging", `${createHash("sha256").update(join(folder, key)).digest("hex")}.lock`);

async function abandonLock(key: string, owner: string, age: number): Promise<void> {
  await mkdir(join(folder, ".staging"), { recursive: true });
  await writeFile(lockOf(key), owner);
  const then = new Date(Date.now() - age);
  await utimes(lockOf(key), then, then);
}

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ["-e", "0"]);
  await new Promise((resolve) => child.once("exit", resolve));
  return child.pid!;
}

describe("a folder that several processes write", () => {
  it("loses no write: what was put over what was read adds up", async () => {
    const writers = Array.from({ length: 4 }, () => promisify(execFile)(process.execPath, [WRITER, folder, "25"]));
    await Promise.all(writers);
    expect(await count()).toBe(100);
    expect(await readdir(join(folder, ".staging"))).toEqual([]);
  });

  it("takes one of many that put if absent at once", async () => {
    const store = createFolderStore(folder);
    const puts = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        store.put("one", bytes(String(n)), { condition: { ifAbsent: true }, contentType }),
      ),
    );
    expect(puts.filter((put) => put !== "conflict")).toHaveLength(1);
  });

  it("goes on where a process died with the lock, and several notice at once", async () => {
    await createFolderStore(folder).put("counter", bytes("0"), { condition: { ifAbsent: true }, contentType });
    const dead = `${await deadPid()} ${hostname()} some-id`;
    await abandonLock("counter", dead, 0);
    const writers = Array.from({ length: 3 }, () => promisify(execFile)(process.execPath, [WRITER, folder, "5"]));
    await Promise.all(writers);
    expect(await count()).toBe(15);
  });

  it("goes on where the one who broke a dead one's lock died too", async () => {
    await createFolderStore(folder).put("counter", bytes("0"), { condition: { ifAbsent: true }, contentType });
    const dead = `${await deadPid()} ${hostname()} some-id`;
    await abandonLock("counter", dead, 0);
    await writeFile(`${lockOf("counter")}.break`, dead);
    await promisify(execFile)(process.execPath, [WRITER, folder, "1"]);
    expect(await count()).toBe(1);
    expect((await readdir(join(folder, ".staging"))).filter((name) => name.includes("break"))).toEqual([]);
  });

  it("waits for a lock whose owner lives, and gives up on one nobody has come back for", async () => {
    const store = createFolderStore(folder);
    const first = await store.put("counter", bytes("0"), { condition: { ifAbsent: true }, contentType });
    const etag = first === "conflict" ? "" : first.etag;
    await abandonLock("counter", `${process.pid} ${hostname()} mine`, 0);
    const put = store.put("counter", bytes("1"), { condition: { ifMatch: etag }, contentType });
    const soon = new Promise((resolve) => setTimeout(() => resolve("waiting"), 100));
    expect(await Promise.race([put, soon])).toBe("waiting");
    await rm(lockOf("counter"));
    expect(await put).not.toBe("conflict");
    await abandonLock("counter", `1 another-machine old`, 600_000);
    const now = await store.get("counter");
    expect(await store.put("counter", bytes("2"), { condition: { ifMatch: now!.etag }, contentType })).not.toBe(
      "conflict",
    );
  });
});
