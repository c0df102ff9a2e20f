import { spawn } from "node:child_process";
import { devNull } from "node:os";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { createColors } from "picocolors";
import { BUCKETS, IRELAND, SIGNING_KEY } from "./company.ts";

const CLI = fileURLToPath(new URL("../../controller/cli/main.ts", import.meta.url));

/** A terminal that types commands at the real CLI and says what is going on between them. */
export interface Shell {
  readonly endpoint: string;
  readonly say: (text: string) => void;
  /** Shows a command of another program. What it does is done elsewhere. */
  readonly type: (command: string) => void;
  /** Runs one command and shows it with what it prints; answers its exit code and output. */
  readonly holdfast: (args: readonly string[], options?: { readonly show?: Show }) => Promise<Ran>;
}

/** all: the command and all it prints; total: the command and its last line; nothing; or the paragraphs that begin so, and the last line. */
export type Show = "all" | "total" | "nothing" | { readonly paragraphs: readonly string[] };

export interface Ran {
  readonly code: number;
  readonly output: string;
}

interface ShellOptions {
  readonly endpoint: string;
  readonly color: boolean;
  readonly print: (text: string) => void;
}

export function openShell({ endpoint, color, print }: ShellOptions): Shell {
  const paint = createColors(color);
  return {
    endpoint,
    type: (command) => print(`\n${paint.bold(`$ ${command}`)}\n`),
    say: (text) => print(`${paint.cyan(text)}\n`),
    holdfast: async (args, { show = "all" } = {}) => {
      if (show !== "nothing") print(`\n${paint.bold(`$ holdfast ${args.map(quoted).join(" ")}`)}\n`);
      const ran = await run([...args, "--endpoint-url", endpoint], color);
      print(shown(ran.output, show));
      return ran;
    },
  };
}

function shown(output: string, show: Show): string {
  if (show === "nothing") return "";
  if (show === "all") return output;
  const begin = show === "total" ? [] : show.paragraphs;
  const told = output
    .split(/\n\n+/)
    .filter((paragraph) => begin.some((words) => stripVTControlCharacters(paragraph).startsWith(words)));
  return [...told, output.trimEnd().split("\n").at(-1) ?? ""].map((part) => `…\n${part}\n`).join("");
}

/** As a shell would need it. */
const quoted = (argument: string): string => (argument.includes(" ") ? `"${argument}"` : argument);

async function run(args: readonly string[], color: boolean): Promise<Ran> {
  const child = spawn(process.execPath, [CLI, ...args], {
    env: sealedEnvironment(color),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve(status ?? 1));
  });
  return { code, output: Buffer.concat(chunks).toString("utf8") };
}

/**
 * Nothing of the caller's AWS or Holdfast settings reaches the demo: no profile, no credentials, no endpoint, no proxy, no metadata service
 * (rule 26). What it needs it brings along, and the endpoint is passed by flag, which outranks every other place.
 */
function sealedEnvironment(color: boolean): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(AWS_|HOLDFAST_|HTTPS?_PROXY$|ALL_PROXY$|NODE_OPTIONS$)/i.test(entry[0]),
  );
  return {
    ...Object.fromEntries(kept),
    AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
    AWS_SECRET_ACCESS_KEY: "any-secret-will-do",
    AWS_REGION: IRELAND,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true",
    HOLDFAST_DESIRED_STATE: `s3://${BUCKETS.desired}`,
    HOLDFAST_EVIDENCE: `s3://${BUCKETS.evidence}`,
    HOLDFAST_WORK: `s3://${BUCKETS.work}`,
    HOLDFAST_SIGNER: `kms:${SIGNING_KEY}`,
    ...(color ? { FORCE_COLOR: "1" } : { NO_COLOR: "1" }),
  };
}

/** The demo is a test as well: where the CLI ends otherwise than told here, it fails. */
export function expectCode({ code, output }: Ran, expected: number): void {
  if (code !== expected) throw new Error(`holdfast ended with exit code ${code}, not ${expected}:\n${output}`);
}
