import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as z from "zod";
import { bundleWorker } from "../../scripts/bundle/worker.ts";

/** The function's bundle in a folder of its own, with no package anywhere above it: it runs on what it brings, as in Lambda. */
export async function buildWorker(): Promise<AsyncDisposable & { readonly file: string }> {
  const outdir = await mkdtemp(join(tmpdir(), "holdfast-worker-"));
  const root = fileURLToPath(new URL("../..", import.meta.url));
  await bundleWorker({ root, outdir });
  return {
    file: join(outdir, "handler.mjs"),
    [Symbol.asyncDispose]: () => rm(outdir, { recursive: true, force: true }),
  };
}

export interface Invoking {
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  readonly requestId: string;
  /** What `getRemainingTimeInMillis` answers at the start; it runs down from there. */
  readonly remainingMs?: number;
}

export interface Invoked {
  /** What the handler resolved with. */
  readonly answer?: unknown;
  /** What it rejected with: Lambda counts an error and tells the message. */
  readonly error?: { readonly name: string; readonly message: string };
  /** Every line it printed. */
  readonly lines: readonly string[];
}

const Message = z.object({
  answer: z.unknown().optional(),
  error: z.object({ name: z.string(), message: z.string() }).exactOptional(),
});

/** As much of Lambda's runtime as an invocation takes. */
const RUNTIME = `
const [file, requestId, remaining] = process.argv.slice(1);
const { handler } = await import(file);
const started = performance.now();
const context = { awsRequestId: requestId, getRemainingTimeInMillis: () => Number(remaining) - (performance.now() - started) };
const tell = (message) => new Promise((resolve) => process.send(message, resolve));
await handler({ "detail-type": "Scheduled Event" }, context).then(
  (answer) => tell({ answer }),
  ({ name, message }) => tell({ error: { name, message } }),
);
process.disconnect();
`;

/** Invokes the bundle in a process of its own, in an environment as Lambda makes it. */
export async function invoke({ file, env, requestId, remainingMs = 900_000 }: Invoking): Promise<Invoked> {
  const argv = [
    "--input-type=module",
    "--eval",
    RUNTIME,
    "--",
    pathToFileURL(file).href,
    requestId,
    String(remainingMs),
  ];
  const child = spawn(process.execPath, argv, {
    env: { AWS_CONFIG_FILE: devNull, AWS_SHARED_CREDENTIALS_FILE: devNull, ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const printed: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => printed.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => printed.push(chunk));
  let message: unknown;
  child.on("message", (received) => (message = received));
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve());
  });
  const text = Buffer.concat(printed).toString("utf8");
  if (message === undefined) throw new Error(`the worker ended without an answer:\n${text}`);
  return { ...Message.parse(message), lines: text.split("\n").filter((line) => line !== "") };
}
