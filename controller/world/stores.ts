import { resolve } from "node:path";
import type { Call } from "../aws/operation.ts";
import { createS3Source } from "../aws/s3-source.ts";
import { createS3Store, type ObjectLock } from "../aws/s3-store.ts";
import type { Clock, DesiredSource, ObjectStore } from "../ports.ts";
import type { Settings } from "../settings.ts";
import type { Ground } from "./ground.ts";
import { optionalTrust, readTrust } from "./trust.ts";

export const isS3 = (url: string): boolean => url.startsWith("s3://");

/** Stores by their addresses: a bucket's by the caller's own call and time, a folder of this machine. */
export const storesBy =
  (call: Call, clock: Clock) =>
  (url: string, lock?: ObjectLock): ObjectStore =>
    isS3(url) ? createS3Store({ url, call, clock, ...(lock ? { lock } : {}) }) : folderStore(url);

/** `packed`: with the bytes of the commit's pack, which evidence keeps. */
export async function sourceFrom(
  { desiredState, syncTrust }: Settings,
  { store, log }: Ground,
  how: { readonly packed?: boolean } = {},
): Promise<DesiredSource> {
  if (!isS3(desiredState)) return folderSource(desiredState, how);
  const trust = await readTrust(syncTrust);
  return createS3Source({ store: store(desiredState), log, ...how, ...optionalTrust(trust) });
}

// What is in folders is a laptop's: the function does not read the code for it (decision 10).

function folderStore(folder: string): ObjectStore {
  const opened = async () => (await import("../local/folder-store.ts")).createFolderStore(folder);
  return {
    url: resolve(folder),
    get: async (key) => (await opened()).get(key),
    put: async (key, body, options) => (await opened()).put(key, body, options),
    list: async (prefix) => (await opened()).list(prefix),
  };
}

const folderSource = (folder: string, how: { readonly packed?: boolean }): DesiredSource => ({
  read: async () => (await import("../local/folder-source.ts")).createFolderSource(folder, how).read(),
});
