import { execFile } from "node:child_process";

/** Bytes. What git says of one commit, and one commit's pack, are far below it. */
const MOST = 2 ** 28;

export type GitAnswer = { readonly out: Buffer } | { readonly failure: string; readonly tooLarge: boolean };

export interface GitQuestion {
  /** What git reads from its standard input. */
  readonly input?: string;
  /** Bytes of an answer after which git is stopped. */
  readonly most?: number;
}

/**
 * Asks git something that runs no hook, no filter and no monitor of the repository's own, and asks nobody for a password. Which repository it is
 * asked of, the folder says and no variable; objects are what they are, and not what `git replace` puts in their place.
 */
export const askGit = (
  folder: string,
  words: readonly string[],
  { input = "", most = MOST }: GitQuestion = {},
): Promise<GitAnswer> =>
  new Promise((resolve) => {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
    const env = { ...Object.fromEntries(inherited), GIT_NO_REPLACE_OBJECTS: "1", GIT_TERMINAL_PROMPT: "0" };
    const asked = execFile(
      "git",
      ["-C", folder, ...words],
      { env, maxBuffer: most, encoding: "buffer" },
      (error, out, said) => {
        if (error === null) resolve({ out });
        else
          resolve({
            failure: said.toString("utf8").trim() || error.message,
            tooLarge: error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER",
          });
      },
    );
    // A git that is not there, or ends early, says so by itself.
    asked.stdin?.on("error", () => {});
    asked.stdin?.end(input);
  });

/** Text, or undefined for whatever git cannot say, and where there is no git. */
export async function gitText(folder: string, ...words: readonly string[]): Promise<string | undefined> {
  const answer = await askGit(folder, words);
  return "out" in answer ? answer.out.toString("utf8") : undefined;
}
