import { addVersion, currentObject, type ObjectVersion, removeVersion } from "../simulator/s3/state.ts";
import type { Simulator } from "../simulator/simulator.ts";
import { BUCKETS } from "../support/universe.ts";
import type { TAMPERINGS } from "./acts.ts";
import type { Archive } from "./archive.ts";

/** What somebody with the storage itself in hand does to the evidence, and how it is put right again. */
export class Tampered {
  readonly #simulator: Simulator;
  readonly #archive: Archive;
  readonly #taken: { readonly key: string; readonly was: ObjectVersion }[] = [];
  readonly #added: string[] = [];

  constructor(simulator: Simulator, archive: Archive) {
    this.#simulator = simulator;
    this.#archive = archive;
  }

  do(what: (typeof TAMPERINGS)[number], at: number): string | undefined {
    const bucket = this.#simulator.bucket(BUCKETS.evidence);
    const reports = bucket.keys.filter((key) => /\/reports\/\d{10}\.dsse\.json$/.test(key));
    const attachments = bucket.keys.filter((key) => key.includes("/attachments/"));
    // A tail that is cut off shows to nobody who has no pin of it; it is the bucket's Object Lock that keeps it.
    const among =
      what === "drop an attachment" ? attachments : what === "drop a report" ? reports.slice(0, -1) : reports;
    const key = among.at(-1 - (at % 3));
    if (what === "restore") return this.restore();
    if (key === undefined) return undefined;
    switch (what) {
      case "drop a report":
      case "drop an attachment":
        this.#take(key);
        return `took ${key} away`;
      case "rewrite a report": {
        const was = this.#take(key);
        const body = new TextEncoder().encode(new TextDecoder().decode(was.body).replace(/[A-Z]/, "q"));
        addVersion(bucket, key, { ...was, body });
        this.#added.push(key);
        return `rewrote ${key}`;
      }
      case "put an intruder": {
        const next = reports.at(-1)!.replace(/\d{10}/, (digits) => String(Number(digits) + 1).padStart(10, "0"));
        addVersion(bucket, next, currentObject(bucket, reports.at(-1)!)!);
        this.#added.push(next);
        this.#archive.disown(next, true);
        return `put a copy of the last report where the next belongs`;
      }
      default:
        return what satisfies never;
    }
  }

  restore(): string | undefined {
    const bucket = this.#simulator.bucket(BUCKETS.evidence);
    if (this.#taken.length + this.#added.length === 0) return undefined;
    for (const key of this.#added.splice(0)) {
      this.#archive.disown(key, false);
      for (const { id } of bucket.objects.get(key) ?? []) removeVersion(bucket, key, id);
    }
    for (const { key, was } of this.#taken.splice(0)) addVersion(bucket, key, was);
    return "put the evidence right again";
  }

  #take(key: string): ObjectVersion {
    const bucket = this.#simulator.bucket(BUCKETS.evidence);
    const was = currentObject(bucket, key)!;
    for (const { id } of bucket.objects.get(key) ?? []) removeVersion(bucket, key, id);
    this.#taken.push({ key, was });
    return was;
  }
}
