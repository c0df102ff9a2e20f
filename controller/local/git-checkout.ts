import { execFile } from "node:child_process";
import { pathToFileURL } from "node:url";

/** What git says of a folder. */
export interface Checkout {
  /** Null without git, outside a checkout, and before the first commit. */
  readonly commit: string | null;
  /** Where it comes from: the remote `origin` without credentials, else the folder. */
  readonly uri: string;
  /** Blob ids of the commit's files below the folder, by path. */
  readonly blobs: ReadonlyMap<string, string>;
}

/** Asks git three questions that run no hook, no filter and no monitor of the repository's own. */
export async function readCheckout(folder: string): Promise<Checkout> {
  const commit = (await git(folder, "rev-parse", "--verify", "HEAD"))?.trim() ?? null;
  const origin = (await git(folder, "config", "--get", "remote.origin.url"))?.trim();
  const listing = commit === null ? undefined : await git(folder, "ls-tree", "-r", "-z", commit);
  return {
    commit: listing === undefined ? null : commit,
    uri: (commit === null ? undefined : remoteUri(origin)) ?? pathToFileURL(folder).href,
    blobs: new Map(
      [...(listing ?? "").matchAll(/\d+ blob ([0-9a-f]+)\t([^\0]+)\0/g)].map(([, id = "", path = ""]) => [path, id]),
    ),
  };
}

/** A remote's address without who fetches from it; undefined for one that is only a path on this machine. */
export function remoteUri(remote: string | undefined): string | undefined {
  if (remote === undefined) return undefined;
  // By a helper of git's: codecommit::eu-west-1://profile@repository.
  if (/^[\w-]+::/.test(remote)) return `git+${remote.replace(/\/\/[^/@]*@/, "//")}`;
  // As scp writes it: user@host:path.
  const [, host, path] = /^(?:[^@/]+@)?([^:/]+):(?!\/\/)(.+)$/.exec(remote) ?? [];
  if (host !== undefined && path !== undefined) return `git+ssh://${host}/${path.replace(/^\/+/, "")}`;
  const url = URL.parse(remote);
  if (!url || url.protocol === "file:") return undefined;
  url.username = "";
  url.password = "";
  return `git+${url.href}`;
}

/** Undefined for whatever git cannot say, and where there is no git. Which repository it is asked of, the folder says and no variable. */
const git = (folder: string, ...words: readonly string[]): Promise<string | undefined> =>
  new Promise((resolve) => {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_")));
    execFile("git", ["-C", folder, ...words], { env, maxBuffer: 2 ** 28 }, (error, out) => {
      resolve(error === null ? out : undefined);
    });
  });
