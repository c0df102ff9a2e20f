import * as z from "zod";
import { HoldfastError } from "../domain/errors.ts";
import type { ObjectStore } from "../ports.ts";

const KEY = "open-runs.json";
/** Only the lease's holder writes here, so that a lost race is rare: what is left is lost answers. */
const TRIES = 5;

/**
 * The runs whose journals are open, oldest first. A list of its own, because the store deletes nothing and to look through the journals of every
 * run there ever was would take longer each week: this one object has an entry or two. It is no more than a signpost: a run is entered
 * before its first intent and taken out after its closing record, so that it may name a run too many and never one too few.
 */
const OpenRuns = z.strictObject({ version: z.literal(1), open: z.array(z.string()) });

export async function readOpenRuns(store: ObjectStore): Promise<readonly string[]> {
  return (await read(store)).open;
}

export const enterRun = (store: ObjectStore, run: string): Promise<void> =>
  amend(store, (open) => (open.includes(run) ? open : [...open, run]));

export const strikeRun = (store: ObjectStore, run: string): Promise<void> =>
  amend(store, (open) => (open.includes(run) ? open.filter((one) => one !== run) : open));

async function amend(store: ObjectStore, change: (open: readonly string[]) => readonly string[]): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    const { open, etag } = await read(store);
    const wanted = change(open);
    if (wanted === open) return;
    const put = await store.put(KEY, new TextEncoder().encode(JSON.stringify({ version: 1, open: wanted })), {
      condition: etag === undefined ? { ifAbsent: true } : { ifMatch: etag },
      contentType: "application/json",
    });
    if (put !== "conflict") return;
  }
  throw new HoldfastError(
    "lease-lost",
    `${store.url}/${KEY} was changed by another run ${TRIES} times in a row: only the lease's holder may write, so find out who else does`,
  );
}

async function read(store: ObjectStore): Promise<{ readonly open: readonly string[]; readonly etag?: string }> {
  const object = await store.get(KEY);
  if (!object) return { open: [] };
  try {
    const { open } = OpenRuns.parse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(object.body)));
    return { open, etag: object.etag };
  } catch (cause) {
    throw new HoldfastError(
      "store-unreachable",
      `${store.url}/${KEY} is not a list of runs: write {"version":1,"open":[…]} with the runs whose folder below runs/ has no journal/closed.json`,
      { cause },
    );
  }
}
