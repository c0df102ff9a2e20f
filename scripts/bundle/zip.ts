import { readdirSync, readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { zipSync, type ZipOptions } from "fflate";

/** The time in every entry: the earliest that a zip can say. It is written as the clock on the wall shows it, wherever that hangs. */
const MTIME = new Date(1980, 0, 1);
/** Readable by all: Lambda runs the function as a user of its own (Lambda Developer Guide, "Lambda deployment package file permissions"). */
const OF_UNIX = { os: 3, attrs: 0o100644 * 2 ** 16 } as const;
const OPTIONS: ZipOptions = { level: 9, mtime: MTIME, ...OF_UNIX };

/**
 * The deployment package: the files of a folder, those in folders below left out. The same files make the same bytes, on any machine and
 * at any time, so that what was tested can be told from what was uploaded.
 */
export function zipOf(folder: string): Uint8Array {
  const files = readdirSync(folder, { withFileTypes: true })
    .flatMap((file) => (file.isFile() ? [file.name] : []))
    .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return zipSync(Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name))])), OPTIONS);
}

/** Writes it whole or not at all: a deployment may be under way beside it. */
export async function zipFolder(folder: string, file: string): Promise<void> {
  await writeFile(`${file}.new`, zipOf(folder));
  await rename(`${file}.new`, file);
}
