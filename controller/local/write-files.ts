import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Writes text files into a folder, which it makes. Files of the same name are replaced. */
export async function writeFiles(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of files) await writeFile(join(folder, name), text);
}
