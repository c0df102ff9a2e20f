import { execFile } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Tally, told, tryHistories } from "./trying.ts";

/**
 * Ten thousand histories, a batch a process: `npm run test:long`. `HOLDFAST_HISTORIES` plays another number of them, `HOLDFAST_PROCESSES`
 * in so many processes at once, `HOLDFAST_SEED` others. A batch that breaks a law is told, and the others are played all the same.
 */
const BATCH = 100;
/** The batches of the fixed histories come first; these are others. */
const FIRST_SHARD = 1_000;

interface Batch {
  readonly histories: number;
  readonly calls: number;
  readonly most: number;
  readonly counts: readonly (readonly [string, number])[];
}

/** A process of its own: memory starts anew, and a batch that hangs takes no other with it. */
async function playBatch(size: number, shard: number): Promise<Batch | { readonly failure: string }> {
  const script = fileURLToPath(import.meta.url);
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [script, "--batch", String(size), String(shard)], {
      maxBuffer: 256 * 1024 * 1024,
    });
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Batch;
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

async function playAll(histories: number, processes: number): Promise<boolean> {
  const total: Tally = { histories: 0, calls: 0, most: 0, counts: new Map() };
  const failures: string[] = [];
  const waiting = Array.from({ length: Math.ceil(histories / BATCH) }, (_, at) => FIRST_SHARD + at);
  const began = performance.now();
  const worker = async (): Promise<void> => {
    for (let shard = waiting.shift(); shard !== undefined; shard = waiting.shift()) {
      const batch = await playBatch(BATCH, shard);
      if ("failure" in batch) {
        failures.push(batch.failure);
        console.log(`batch ${shard} breaks a law:\n${batch.failure}`);
      } else add(total, batch);
      const minutes = ((performance.now() - began) / 60_000).toFixed(1);
      console.log(
        `${total.histories} histories, ${total.calls} calls, ${failures.length} batches failed, ${minutes} min`,
      );
    }
  };
  await Promise.all(Array.from({ length: processes }, worker));
  console.log(told(total));
  return failures.length === 0;
}

function add(total: Tally, { histories, calls, most, counts }: Batch): void {
  total.histories += histories;
  total.calls += calls;
  total.most = Math.max(total.most, most);
  for (const [what, times] of counts) total.counts.set(what, (total.counts.get(what) ?? 0) + times);
}

const [flag, size, shard] = process.argv.slice(2);
if (flag === "--batch") {
  const { counts, ...tally } = await tryHistories(Number(size), Number(shard), false);
  console.log(JSON.stringify({ ...tally, counts: [...counts] } satisfies Batch));
} else {
  const histories = Number(process.env["HOLDFAST_HISTORIES"] ?? 10_000);
  const processes = Number(process.env["HOLDFAST_PROCESSES"] ?? availableParallelism());
  process.exitCode = (await playAll(histories, processes)) ? 0 : 1;
}
