import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Said } from "./command-line.ts";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

/** A path in the repository. */
const inRepository = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

interface ChildOptions {
  /** All of it: nothing of this process's own environment is handed on but where programs are. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What is typed, the end of input included; nothing by default. */
  readonly input?: string;
}

/** Runs Node on a script of the repository, as a shell would, and waits for its end. */
export function runNode(
  script: string,
  args: readonly string[],
  { env, cwd = REPOSITORY, input }: ChildOptions,
): Promise<Said> {
  const child = spawn(process.execPath, [inRepository(script), ...args], {
    cwd,
    env: { PATH: process.env["PATH"], ...env },
    stdio: "pipe",
  });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  child.stdin.end(input ?? "");
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      resolve({ code: code ?? -1, out: Buffer.concat(out).toString("utf8"), err: Buffer.concat(err).toString("utf8") }),
    );
  });
}
