import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { pack as tar } from "tar-stream";

/** A file on its way into an archive. */
export interface Entry {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly executable?: true;
}

export interface Archive {
  /** Every entry lies in this folder. */
  readonly folder: string;
  /** Of every entry: an archive's bytes follow from what is in it and from nothing else. */
  readonly modifiedOn: Date;
  readonly entries: AsyncIterable<Entry>;
}

/** Writes a tar (ustar), which shows under its name whole or not at all. Entries go through one at a time. */
export async function writeTar(path: string, { folder, modifiedOn, entries }: Archive): Promise<void> {
  const out = resolve(path);
  const partial = `${out}.${randomBytes(4).toString("hex")}.partial`;
  await mkdir(dirname(out), { recursive: true });
  const archive = tar();
  const write = async () => {
    for await (const { path: name, bytes, executable } of entries)
      await new Promise<void>((done, failed) => {
        archive.entry(
          { name: `${folder}/${name}`, mode: executable ? 0o755 : 0o644, mtime: modifiedOn, uid: 0, gid: 0 },
          bytes,
          (error) => (error ? failed(error) : done()),
        );
      });
    archive.finalize();
  };
  const sink = createWriteStream(partial, { flags: "wx" });
  const closed = new Promise<void>((done) => sink.once("close", () => done()));
  try {
    await Promise.all([
      pipeline(archive, sink),
      write().catch((error: unknown) => {
        archive.destroy(error instanceof Error ? error : new Error(String(error)));
        throw error;
      }),
    ]);
    await rename(partial, out);
  } catch (error) {
    // Opening takes its time: what is not closed yet may still come to be after it was removed.
    sink.destroy();
    await closed;
    await rm(partial, { force: true });
    throw error;
  }
}
