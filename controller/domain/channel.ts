/** A queue between a producer that waits for its consumer and an `AsyncIterable` consumer: rows pass through, none pile up. */
export class Channel<T> implements AsyncIterable<T> {
  readonly #queue: { readonly rows: readonly T[]; readonly taken: () => void }[] = [];
  #wake: (() => void) | undefined;
  #closed = false;

  /** Resolves once the consumer has taken the rows. */
  write(rows: readonly T[]): Promise<void> {
    if (rows.length === 0) return Promise.resolve();
    return new Promise((taken) => {
      this.#queue.push({ rows, taken });
      this.#wake?.();
    });
  }

  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    while (!this.#closed || this.#queue.length > 0) {
      const next = this.#queue.shift();
      if (next) {
        yield* next.rows;
        next.taken();
      } else await new Promise<void>((wake) => (this.#wake = wake));
    }
  }
}
