import { createHash } from "node:crypto";
import type { ObjectStore, PutOptions, StoredObject } from "../../controller/ports.ts";

type Put = Awaited<ReturnType<ObjectStore["put"]>>;

/** What happens to one put: how a test loses answers, lets others come first and takes stores away. */
export type Fault = (key: string, put: () => Put, options: PutOptions) => Promise<Put> | Put;

/** An ObjectStore in memory with a bucket's semantics, on a time that the test moves. */
export class MemoryStore implements ObjectStore {
  readonly url = "memory://store";
  readonly objects = new Map<string, StoredObject>();
  readonly #now: () => Date;
  /** Faults for the next puts, in turn. */
  readonly faults: Fault[] = [];
  /** Throws on any access while set. */
  outage: Error | undefined;
  /** Calls made, to hold what a thing costs. */
  calls = { get: 0, put: 0, list: 0 };

  constructor(now: () => Date = () => new Date("2027-01-01T00:00:00.000Z")) {
    this.#now = now;
  }

  async get(key: string): Promise<StoredObject | undefined> {
    await this.#reach("get");
    const object = this.objects.get(key);
    return object && { ...object, at: this.#now() };
  }

  async put(key: string, body: Uint8Array, options: PutOptions): Promise<Put> {
    await this.#reach("put");
    const fault = this.faults.shift();
    const put = () => this.#put(key, body, options);
    return fault ? fault(key, put, options) : put();
  }

  async list(prefix: string): Promise<readonly string[]> {
    await this.#reach("list");
    return [...this.objects.keys()]
      .filter((key) => key.startsWith(prefix))
      .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  }

  /** As somebody with write access to the bucket would: no condition, no question. */
  tamper(key: string, change: (body: Uint8Array) => Uint8Array | undefined): void {
    const object = this.objects.get(key);
    const body = change(object?.body ?? new Uint8Array());
    if (body) this.#store(key, body);
    else this.objects.delete(key);
  }

  #put(key: string, body: Uint8Array, { condition }: PutOptions): Put {
    const there = this.objects.get(key);
    if ("ifAbsent" in condition ? there !== undefined : there?.etag !== condition.ifMatch) return "conflict";
    return { etag: this.#store(key, body), at: this.#now() };
  }

  #store(key: string, body: Uint8Array): string {
    const etag = createHash("sha256").update(body).digest("hex");
    this.objects.set(key, { body: new Uint8Array(body), etag, lastModified: this.#now(), at: this.#now() });
    return etag;
  }

  async #reach(call: keyof MemoryStore["calls"]): Promise<void> {
    this.calls[call] += 1;
    await Promise.resolve();
    if (this.outage) throw this.outage;
  }
}

/** The put happened and its answer was lost: what comes back is what a second try would be told. */
export const answerLost: Fault = (_key, put) => {
  put();
  return "conflict";
};
