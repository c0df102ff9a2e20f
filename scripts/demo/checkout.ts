import { execFile } from "node:child_process";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { devNull } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** The team's checkout of its manifests. */
export interface Checkout {
  readonly path: string;
  /** A file of it with another text, as the next commit. */
  readonly edit: (file: string, text: (before: string) => string, message: string, on: Date) => Promise<void>;
}

/**
 * A git repository that holds a copy of an example, so that reports bind a commit. Names and times are given, so that its commits are the
 * same wherever the demo runs. Without git it is a folder, and reports say so.
 */
export async function openCheckout(example: string, path: string, on: Date): Promise<Checkout> {
  await rm(path, { recursive: true, force: true });
  await cp(example, path, { recursive: true });
  const commit = (message: string, at: Date): Promise<boolean> => committed(path, message, at);
  if (await git(path, on, "init", "--quiet", "--initial-branch=main")) {
    await git(path, on, "remote", "add", "origin", "https://git.example.org/platform/backups.git");
    await commit("Back up production as agreed", on);
  }
  return {
    path,
    edit: async (file, text, message, at) => {
      await writeFile(join(path, file), text(await readFile(join(path, file), "utf8")));
      await commit(message, at);
    },
  };
}

const committed = async (path: string, message: string, on: Date): Promise<boolean> =>
  (await git(path, on, "add", "--all")) && (await git(path, on, "commit", "--quiet", "--message", message));

/** Nothing of the user's own settings of git: no signing, no hooks, no name. False where there is no git. */
async function git(path: string, on: Date, ...words: readonly string[]): Promise<boolean> {
  const who = { NAME: "Platform team", EMAIL: "platform@example.org", DATE: on.toISOString() };
  const person = (role: string) =>
    Object.fromEntries(Object.entries(who).map(([part, value]) => [`GIT_${role}_${part}`, value]));
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  const env = {
    ...Object.fromEntries(inherited),
    ...person("AUTHOR"),
    ...person("COMMITTER"),
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_NOSYSTEM: "1",
  };
  try {
    await promisify(execFile)("git", ["-C", path, ...words], { env });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}
