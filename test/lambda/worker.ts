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
  /** What the function is handed. Absent: something that says nothing. */
  readonly event?: unknown;
  /** What Lambda's context says besides. */
  readonly context?: Readonly<Record<string, string>>;
  /** What `getRemainingTimeInMillis` answers at the start; it runs down from there. */
  readonly remainingMs?: number;
  /** Kills the process outright, as Lambda does at the function's timeout. */
  readonly kill?: AbortSignal;
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

/** As much of Lambda's runtime as an invocation takes. What it answered is out before the process ends, which Lambda freezes at that moment. */
const RUNTIME = `
const { file, event, context, remainingMs } = JSON.parse(process.argv[1]);
const { handler } = await import(file);
const started = performance.now();
const getRemainingTimeInMillis = () => remainingMs - (performance.now() - started);
const tell = (message) => new Promise((resolve) => process.send(message, resolve));
await handler(event, { ...context, getRemainingTimeInMillis }).then(
  (answer) => tell({ answer }),
  ({ name, message }) => tell({ error: { name, message } }),
);
process.exit();
`;

const SCHEDULED = { "detail-type": "Scheduled Event" };

/** Invokes the bundle in a process of its own, in an environment as Lambda makes it. Rejects where it ended without an answer. */
export async function invoke(invoking: Invoking): Promise<Invoked> {
  const { file, env, requestId, event = SCHEDULED, remainingMs = 900_000, kill } = invoking;
  const context = { ...invoking.context, awsRequestId: requestId };
  const told = JSON.stringify({ file: pathToFileURL(file).href, event, context, remainingMs });
  const child = spawn(process.execPath, ["--input-type=module", "--eval", RUNTIME, "--", told], {
    env: { AWS_CONFIG_FILE: devNull, AWS_SHARED_CREDENTIALS_FILE: devNull, ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  kill?.addEventListener("abort", () => child.kill("SIGKILL"), { once: true });
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
