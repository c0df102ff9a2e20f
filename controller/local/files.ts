import { randomUUID } from "node:crypto";
import { link, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The code of a failed system call (`ENOENT`), or undefined for any other error. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;

export interface Writing {
  /** Where the file is written before it is there: on the same file system as where it goes. */
  readonly staging: string;
  readonly mode?: number;
}

/** Makes a file that appears whole and on the disk, or not at all. False where there is one by that name already. */
export async function createFile(path: string, bytes: Uint8Array, writing: Writing): Promise<boolean> {
  return staged(bytes, writing, async (temporary) => {
    await mkdir(dirname(path), { recursive: true });
    try {
      await link(temporary, path);
    } catch (error) {
      if (codeOf(error) === "EEXIST") return false;
      throw error;
    }
    await syncFolder(dirname(path));
    return true;
  });
}

/** Puts a whole file in another's place. */
export async function replaceFile(path: string, bytes: Uint8Array, writing: Writing): Promise<void> {
  await staged(bytes, writing, async (temporary) => {
    await rename(temporary, path);
    await syncFolder(dirname(path));
  });
}

async function staged<T>(
  bytes: Uint8Array,
  { staging, mode = 0o666 }: Writing,
  use: (temporary: string) => Promise<T>,
): Promise<T> {
  await mkdir(staging, { recursive: true });
  const temporary = join(staging, `.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, "wx", mode);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    return await use(temporary);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** A name is on the disk once its folder is. Windows opens no folders, and journals names by itself. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
