import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleWorker } from "../../bundle/worker.ts";
import type { Asked, Measured, Order, Place, Reader } from "./order.ts";
import { MANIFESTS } from "./scene.ts";

/** A vault that other processes can read. */
export interface Served {
  /** Lets a fresh process read it, and says what that took. */
  readonly read: (reader: Reader, how?: Partial<Order>) => Promise<Read>;
}
export type Read = Measured & { readonly reading: Asked };

const root = fileURLToPath(new URL("../../..", import.meta.url));
const sourceOf = (program: Program): string => join(root, "scripts/bench/vault", `${program}.ts`);
type Program = "page-server" | "observe" | "paginate";

const start = (file: string, ...args: readonly string[]): ChildProcess => fork(file, args, { execArgv: [] });

/** Bundled as the Lambda function is, so that memory is counted without what reading TypeScript takes. */
async function bundled(program: Program): Promise<string> {
  const outdir = join(root, "dist/bench", program);
  await bundleWorker({ root, entries: { [program]: sourceOf(program) }, outdir });
  return join(outdir, `${program}.mjs`);
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

/** A vault of so many points, whose pages take so many milliseconds each, for as long as `use` takes. */
export async function servingVault(
  { points, delayMs = 0 }: { readonly points: number; readonly delayMs?: number },
  use: (served: Served) => Promise<void>,
): Promise<void> {
  const manifests = await mkdtemp(join(tmpdir(), "holdfast-bench-"));
  for (const [name, text] of Object.entries(MANIFESTS)) await writeFile(join(manifests, name), text);
  const programs = { observe: await bundled("observe"), paginate: await bundled("paginate") };
  const server = start(sourceOf("page-server"), String(points), String(delayMs));
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
