import { pathToFileURL } from "node:url";
import { UNSIGNED } from "../domain/desired.ts";
import { type CommitHeader, parseCommit } from "./git-commit.ts";
import { gitText } from "./git.ts";

/** What git says of a folder. */
export interface Checkout extends CommitHeader {
  /** Null without git, outside a checkout, and before the first commit. */
  readonly commit: string | null;
  /** The branch that is checked out; null where HEAD is detached. */
  readonly ref: string | null;
  /** The folder inside the repository, "" for its root. */
  readonly manifestRoot: string;
  /** Where it comes from: the remote `origin` without credentials, else the folder. */
  readonly uri: string;
  /** Blob ids of the commit's files below the folder, by path. */
  readonly blobs: ReadonlyMap<string, string>;
}

export async function readCheckout(folder: string): Promise<Checkout> {
  const commit = (await gitText(folder, "rev-parse", "--verify", "HEAD"))?.trim() ?? null;
  const listing = commit === null ? undefined : await gitText(folder, "ls-tree", "-r", "-z", commit);
  if (commit === null || listing === undefined) return noCheckout(folder);
  const origin = (await gitText(folder, "config", "--get", "remote.origin.url"))?.trim();
  const raw = await gitText(folder, "cat-file", "commit", commit);
  return {
    commit,
    ref: (await gitText(folder, "symbolic-ref", "-q", "HEAD"))?.trim() ?? null,
    ...parseCommit(raw ?? ""),
    // A folder's name may end in blanks, and git's answer ends in a slash and a new line.
    manifestRoot: (await gitText(folder, "rev-parse", "--show-prefix"))?.replace(/\/?\n$/, "") ?? "",
    uri: remoteUri(origin) ?? pathToFileURL(folder).href,
    blobs: new Map(
      [...listing.matchAll(/\d+ blob ([0-9a-f]+)\t([^\0]+)\0/g)].map(([, id = "", path = ""]) => [path, id]),
    ),
  };
}

const noCheckout = (folder: string): Checkout => ({
  commit: null,
  ref: null,
  committedOn: null,
  commitSignature: UNSIGNED,
  manifestRoot: "",
  uri: pathToFileURL(folder).href,
  blobs: new Map(),
});

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
