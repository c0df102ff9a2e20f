import { HoldfastError } from "../domain/errors.ts";
import { instant, type Instant } from "../domain/identity.ts";
import type { Clock, Lease, Leases, ObjectStore } from "../ports.ts";
import { readLease, writeLease, type StoredLease, type Written } from "./lease-file.ts";

/** Rule 22, in milliseconds. */
const TTL = 120_000;
const RENEW_EVERY = 30_000;
/** A renewal that found no store is tried again sooner. */
const RETRY_AFTER = 5_000;
/** How long after it ran out a lease may be taken over. */
const GRACE = 60_000;
/** How long before it runs out its holder stops writing: more than the 20 s that a request may take. */
const MARGIN = 30_000;
/** Times a lease that came free meanwhile is tried for. */
const TRIES = 5;

export interface LeaseOptions {
  /** Of the whole fleet's controllers: who shares it cannot write at the same time. */
  readonly store: ObjectStore;
  readonly clock: Pick<Clock, "monotonic" | "sleep">;
  /** A pause in the background, which a signal ends and no process waits for; the clock's sleep where absent. */
  readonly idle?: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly uuid?: () => string;
}

/** The fleet's one lease, in an object that is only ever put over what was read. */
export function createLeases(options: LeaseOptions): Leases {
  const { store, clock, uuid = () => crypto.randomUUID() } = options;
  return {
    take: async (holder) => {
      for (let tries = 0; tries < TRIES; tries++) {
        const there = await readLease(store);
        if (there && !isFree(there)) {
          const { holder: heldBy, id } = there.record;
          return { heldBy, id, until: expiryOf(there) };
        }
        const fence = (there?.record.fence ?? 0) + 1;
        const record = { version: 1, state: "held", holder, id: uuid(), fence, renewal: 0 } as const;
        const written = await writeLease(store, clock, record, there?.etag);
        if (written) return new HeldLease(written, options);
      }
      throw new HoldfastError(
        "lease-lost",
        `the lease in ${store.url} was taken and given back ${TRIES} times while this run tried for it: run again`,
      );
    },
    join: async (holder, id) => {
      const { there, own } = await readOwn(id, options);
      if (own?.written.record.holder !== holder) throw isOver(there);
      // It may have run out while no process of the run was there to keep it. It is the run's as long as nobody has taken it.
      const lease = new HeldLease(own.written, options, { shared: true });
      try {
        if (own.age >= RENEW_EVERY) await lease.keep();
        return lease;
      } catch (error) {
        await lease.leave();
        throw error;
      }
    },
  };
}

/** The store's times count whole seconds: an age may be out by one. */
const COARSE_MS = 1_000;

interface Own {
  readonly written: Written;
  /** Milliseconds since it was put, at most. */
  readonly age: number;
}

/** The lease as it is, and what of it is this taking's. */
async function readOwn(
  id: string,
  { store, clock }: Pick<LeaseOptions, "store" | "clock">,
): Promise<{ readonly there: StoredLease | undefined; readonly own: Own | undefined }> {
  const asked = clock.monotonic();
  const there = await readLease(store);
  if (there?.record.id !== id || there.record.state !== "held") return { there, own: undefined };
  const { record, etag } = there;
  const age = there.at.getTime() - there.renewedOn.getTime() + COARSE_MS;
  return { there, own: { age, written: { record, etag, sentAt: asked - age } } };
}

const isFree = ({ record, renewedOn, at }: StoredLease): boolean =>
  record.state === "free" || at.getTime() - renewedOn.getTime() > TTL + GRACE;

const expiryOf = ({ renewedOn }: StoredLease): Instant => instant(new Date(renewedOn.getTime() + TTL));

class HeldLease implements Lease {
  readonly holder: string;
  readonly id: string;
  /** Greater than that of every lease before. */
  readonly fence: number;
  readonly #options: LeaseOptions;
  readonly #shared: boolean;
  readonly #stop = new AbortController();
  readonly #renewing: Promise<void>;
  #written: Written;
  /** Why it is not held any more. */
  #over: HoldfastError | undefined;
  /** Why the last renewal failed. */
  #trouble: unknown;

  constructor(written: Written, options: LeaseOptions, { shared = false }: { readonly shared?: boolean } = {}) {
    this.holder = written.record.holder;
    this.id = written.record.id;
    this.fence = written.record.fence;
    this.#written = written;
    this.#options = options;
    this.#shared = shared;
    this.#renewing = this.#renew();
  }

  assertHeld(): void {
    if (this.#over) throw this.#over;
    const left = this.#written.sentAt + TTL - MARGIN - this.#options.clock.monotonic();
    if (left <= 0) throw lost(`it was last renewed ${Math.round((TTL - MARGIN - left) / 1_000)} s ago`, this.#trouble);
  }

  async confirm(): Promise<void> {
    this.assertHeld();
    const there = await readLease(this.#options.store);
    if (there?.record.id !== this.#written.record.id) throw this.#isOver(there);
    this.assertHeld();
  }

  /** Rejects where the store cannot be reached: the lease then runs out by itself. */
  async release(): Promise<void> {
    this.#stop.abort();
    await this.#renewing;
    if (this.#over) return;
    this.#over = lost("it was given back");
    const { record, etag } = this.#written;
    const { store, clock } = this.#options;
    // Undefined: another run has taken it over, so there is nothing to give back.
    await writeLease(store, clock, { ...record, state: "free", renewal: record.renewal + 1 }, etag);
  }

  async leave(): Promise<void> {
    this.#stop.abort();
    await this.#renewing;
    this.#over ??= lost("this process has left it to the others of its run");
  }

  /** Until it is given back or taken over. A store out of reach ends nothing: time does. */
  async #renew(): Promise<void> {
    const { clock, idle = (ms: number) => clock.sleep(ms) } = this.#options;
    const { signal } = this.#stop;
    let pause = RENEW_EVERY;
    while (!this.#over) {
      await Promise.race([idle(pause, signal), ended(signal)]);
      if (signal.aborted) return;
      try {
        await this.keep();
        this.#trouble = undefined;
        pause = RENEW_EVERY;
      } catch (error) {
        this.#trouble = error;
        pause = RETRY_AFTER;
      }
    }
  }

  /** Puts it anew; of many processes that share it, only the first to find it old does. Throws `lease-lost` where it is over. */
  async keep(): Promise<void> {
    if (this.#shared && (await this.#recent())) return;
    const { store, clock } = this.#options;
    const { record, etag } = this.#written;
    const written = await writeLease(store, clock, { ...record, renewal: record.renewal + 1 }, etag);
    if (written) this.#written = written;
    // Put by others of the run each time it was tried here.
    else await this.#recent();
  }

  /** Whether another process of the run has put it lately, which is as good. */
  async #recent(): Promise<boolean> {
    const { there, own } = await readOwn(this.id, this.#options);
    if (!own) throw this.#isOver(there);
    this.#written = own.written;
    return own.age < RENEW_EVERY;
  }

  #isOver(there: StoredLease | undefined): HoldfastError {
    return (this.#over ??= isOver(there));
  }
}

function isOver(there: StoredLease | undefined): HoldfastError {
  if (!there) return lost("it was removed");
  const { state, holder } = there.record;
  return lost(state === "free" ? "it was given back" : `run ${holder} has taken it over`);
}

const lost = (how: string, cause?: unknown): HoldfastError =>
  new HoldfastError(
    "lease-lost",
    `this run no longer has the fleet's lease: ${how}. It writes no more; what it wrote is reported`,
    { cause },
  );

const ended = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
