import type { Clock } from "../../controller/ports.ts";

/** Time that passes only when a test says so. */
export class VirtualTime implements Clock {
  #ms = Date.parse("2027-01-01T00:00:00.000Z");
  readonly #start = this.#ms;
  readonly #sleepers: { readonly due: number; readonly wake: () => void }[] = [];

  now = (): Date => new Date(this.#ms);
  monotonic = (): number => this.#ms - this.#start;
  sleep = (ms: number): Promise<void> => new Promise((wake) => this.#sleepers.push({ due: this.#ms + ms, wake }));

  /** Wakes whoever is due on the way, in order, and lets each do what it does. */
  async pass(ms: number): Promise<void> {
    const end = this.#ms + ms;
    for (;;) {
      const next = this.#sleepers.filter(({ due }) => due <= end).toSorted((a, b) => a.due - b.due)[0];
      if (!next) break;
      this.#sleepers.splice(this.#sleepers.indexOf(next), 1);
      this.#ms = Math.max(this.#ms, next.due);
      next.wake();
      await settled();
    }
    this.#ms = end;
    await settled();
  }
}

/** Everything that waits for nothing but promises has happened. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
