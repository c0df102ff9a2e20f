import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleWorker } from "../bundle/worker.ts";
import type { Measured, Order, Place, Reader } from "./order.ts";

/** What a measurement needs of processes: sources in this folder, without their ending. */
export interface Scene {
  /** Serves the scene over HTTP, sends a `Place` once it does, and on each message what was asked of it since the last. */
  readonly server: string;
  readonly args: readonly string[];
  /** By file name. */
  readonly manifests: Readonly<Record<string, string>>;
  /** Reads it with the SDK alone. */
  readonly paginate: string;
}

/** A scene that other processes can read. `Asked`: what its server counts. */
export interface Served<Asked> {
  /** Lets a fresh process read it, and says what that took. */
  readonly read: (reader: Reader, how?: Partial<Order>) => Promise<Read<Asked>>;
}
export type Read<Asked> = Measured & { readonly reading: Asked };

const root = fileURLToPath(new URL("../..", import.meta.url));
const sourceOf = (program: string): string => join(root, "scripts/bench", `${program}.ts`);

const start = (file: string, ...args: readonly string[]): ChildProcess => fork(file, args, { execArgv: [] });

/** Bundled as the Lambda function is, so that memory is counted without what reading TypeScript takes. */
async function bundled(program: string): Promise<string> {
  const outdir = join(root, "dist/bench", program);
  await bundleWorker({ root, entries: { reader: sourceOf(program) }, outdir });
  return join(outdir, "reader.mjs");
}

/** Its first message; throws where it dies without one. */
async function messageOf(child: ChildProcess): Promise<unknown> {
  const heard = new AbortController();
  const died = once(child, "exit", { signal: heard.signal }).then(() => {
    throw new Error("a process of the measurement died: see above");
  });
  const told = once(child, "message", { signal: heard.signal }).then(([message]: readonly unknown[]) => message);
  return Promise.race([told, died]).finally(() => {
    for (const other of [told, died]) other.catch(() => undefined);
    heard.abort();
  });
}

/** Serves a scene for as long as `use` takes. */
export async function serving<Asked>(scene: Scene, use: (served: Served<Asked>) => Promise<void>): Promise<void> {
  const manifests = await mkdtemp(join(tmpdir(), "holdfast-bench-"));
  for (const [name, text] of Object.entries(scene.manifests)) await writeFile(join(manifests, name), text);
  const programs = { observe: await bundled("observe"), paginate: await bundled(scene.paginate) };
  const server = start(sourceOf(scene.server), ...scene.args);
  try {
    const place = (await messageOf(server)) as Place;
    await use({
      read: async (reader, how = {}) => {
        const order: Order = { ...place, manifests, pacing: "virtual", inventory: false, windows: 1, ...how };
        const measured = (await messageOf(start(programs[reader], JSON.stringify(order)))) as Measured;
        const told = messageOf(server);
        server.send("asked");
        return { ...measured, reading: (await told) as Asked };
      },
    });
  } finally {
    server.disconnect();
    await rm(manifests, { recursive: true });
  }
}
