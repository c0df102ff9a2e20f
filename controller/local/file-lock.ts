import { randomUUID } from "node:crypto";
import { readFile, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { HoldfastError } from "../domain/errors.ts";
import { codeOf, createFile } from "./files.ts";

/** How long a lock is waited for: what it guards takes milliseconds. */
const PATIENCE_MS = 15_000;
/** After this a lock is abandoned even where its owner cannot be asked after: on another machine, say, sharing the folder. */
const ABANDONED_MS = 300_000;

/**
 * Does something under a lock that is a file. A lock whose owner is dead is broken, itself under a lock: only the dead one's own lock is ever
 * taken away, for nobody else may take it away meanwhile. `stillMine` is asked straight before the deed.
 */
export async function underLock<T>(path: string, act: (stillMine: () => Promise<boolean>) => Promise<T>): Promise<T> {
  const token = `${process.pid} ${hostname()} ${randomUUID()}`;
  await acquire(path, token);
  const stillMine = async () => (await ownerOf(path)) === token;
  try {
    return await act(stillMine);
  } finally {
    if (await stillMine()) await rm(path, { force: true });
  }
}

async function acquire(path: string, token: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await createFile(path, new TextEncoder().encode(token), { staging: dirname(path) }))) {
    const owner = await ownerOf(path);
    if (owner !== undefined && (await isAbandoned(path, owner))) await breakLock(path, owner);
    else if (performance.now() > deadline)
      throw new HoldfastError(
        "store-unreachable",
        `${path} has been locked for ${PATIENCE_MS / 1000} s by process ${owner ?? "unknown"}`,
      );
    else await pause(2 + Math.random() * 8);
  }
}

const breakLock = (path: string, dead: string): Promise<void> =>
  underLock(`${path}.break`, async () => {
    if ((await ownerOf(path)) === dead) await rm(path);
  });

async function ownerOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function isAbandoned(path: string, owner: string): Promise<boolean> {
  const [pid, host] = owner.split(" ");
  if (host === hostname() && !isAlive(Number(pid))) return true;
  try {
    return Date.now() - (await stat(path)).mtimeMs > ABANDONED_MS;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}

/** Signal 0 asks and does nothing. EPERM: it lives, and is somebody else's. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }
}
