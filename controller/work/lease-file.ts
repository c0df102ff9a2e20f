import * as z from "zod";
import { HoldfastError } from "../domain/errors.ts";
import type { Clock, ObjectStore, PutOptions } from "../ports.ts";

const KEY = "lease.json";
/** Tries to put over an own earlier put whose answer was lost. */
const TRIES = 3;

/**
 * The lease as stored. No times: when it was renewed is when the store says the object was written, and now is the time of the store's answer,
 * so that nobody's own clock counts.
 */
const LeaseRecord = z.strictObject({
  version: z.literal(1),
  state: z.enum(["held", "free"]),
  holder: z.string(),
  /** One taking of the lease. What bears it was written by who took it: this is how an own put is known whose answer was lost. */
  id: z.string(),
  /** Grows with every taking. AWS Backup cannot check it; people comparing two runs' logs can. */
  fence: z.int().min(1),
  /** Grows with every put of one taking, so that no two puts are the same bytes. */
  renewal: z.int().min(0),
});
export type LeaseRecord = z.infer<typeof LeaseRecord>;

export interface StoredLease {
  readonly record: LeaseRecord;
  readonly etag: string;
  readonly renewedOn: Date;
  /** The store's time when it was read. */
  readonly at: Date;
}

/** A put that is in force. */
export interface Written {
  readonly record: LeaseRecord;
  readonly etag: string;
  /** On the monotonic clock, before the put was sent: it holds for at least the time to live from then on. */
  readonly sentAt: number;
}

export async function readLease(store: ObjectStore): Promise<StoredLease | undefined> {
  const object = await store.get(KEY);
  if (!object) return undefined;
  return { record: parseLease(object.body, store), etag: object.etag, renewedOn: object.lastModified, at: object.at };
}

/** Undefined where the lease there is another's. */
export async function writeLease(
  store: ObjectStore,
  clock: Pick<Clock, "monotonic">,
  wanted: LeaseRecord,
  over: string | undefined,
): Promise<Written | undefined> {
  let [record, etag] = [wanted, over];
  for (let tries = 0; tries < TRIES; tries++) {
    const sentAt = clock.monotonic();
    const condition: PutOptions["condition"] = etag === undefined ? { ifAbsent: true } : { ifMatch: etag };
    const body = new TextEncoder().encode(JSON.stringify(record));
    const put = await store.put(KEY, body, { condition, contentType: "application/json" });
    if (put !== "conflict") return { record, etag: put.etag, sentAt };
    const there = await readLease(store);
    if (there?.record.id !== wanted.id) return undefined;
    [record, etag] = [{ ...wanted, renewal: there.record.renewal + 1 }, there.etag];
  }
  return undefined;
}

function parseLease(body: Uint8Array, store: ObjectStore): LeaseRecord {
  try {
    return LeaseRecord.parse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)));
  } catch (cause) {
    throw new HoldfastError(
      "store-unreachable",
      `${store.url}/${KEY} is not a lease, so nobody can tell who has the fleet: make sure that no controller runs, and remove it`,
      { cause },
    );
  }
}
