import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { ReportFile } from "./report.ts";

/** Evidence on a disk: an evidence store in a folder, an evidence pack unpacked, a folder of nothing but reports, or one report. */
export interface EvidenceFolder {
  /** In the order of their names, each read when its turn comes. */
  readonly reports: AsyncIterable<ReportFile>;
  /** One file, picked from among others. */
  readonly sample: boolean;
  /** Absent where the folder has none: then nothing is asked of them. */
  readonly attachment?: (sha256: string) => Promise<Uint8Array | undefined>;
  readonly pack?: (commit: string) => Promise<Uint8Array | undefined>;
}

/** `chainId`: the chain whose folder is looked for below `v1/`. Throws where there is no such file or folder. */
export async function openFolder(path: string, chainId: string): Promise<EvidenceFolder> {
  if (!(await stat(path)).isDirectory()) return { reports: filesAt([path]), sample: true };
  const root = (await isFolder(join(path, "v1", chainId))) ? join(path, "v1", chainId) : path;
  const reports = (await isFolder(join(root, "reports"))) ? join(root, "reports") : root;
  const [attachments, git] = [join(root, "attachments"), join(root, "git")];
  return {
    reports: filesAt(await namesIn(reports, reports === root)),
    sample: false,
    ...((await isFolder(attachments)) ? { attachment: (sha256) => readIfThere(join(attachments, sha256)) } : {}),
    ...((await isFolder(git)) ? { pack: (commit) => readIfThere(join(git, `${commit}.pack`)) } : {}),
  };
}

/** Where reports have a folder of their own, every file in it must be one; elsewhere other files may lie beside them. */
async function namesIn(folder: string, mixed: boolean): Promise<readonly string[]> {
  const names = await readdir(folder);
  return names
    .filter((name) => !mixed || name.endsWith(".dsse.json"))
    .toSorted()
    .map((name) => join(folder, name));
}

async function* filesAt(paths: readonly string[]): AsyncGenerator<ReportFile> {
  for (const path of paths) yield { name: basename(path), bytes: new Uint8Array(await readFile(path)) };
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
