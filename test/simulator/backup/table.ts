/** A row of a listing. Sequences grow with time and are never used twice within one account and Region. */
export interface Row {
  readonly sequence: number;
}

/**
 * Rows by id, kept in the order of their sequence, so that a page of a million rows starts anywhere without sorting or copying.
 * A deleted row leaves a hole; holes are closed when they outnumber the rows.
 */
export class Table<T extends Row> implements Iterable<T> {
  readonly #byId = new Map<string, T>();
  #ordered: (T | undefined)[] = [];
  #sequences: number[] = [];

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): T | undefined {
    return this.#byId.get(id);
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  add(id: string, row: T): T {
    const last = this.#sequences.at(-1);
    if (last !== undefined && row.sequence <= last) throw new Error(`${id} is out of sequence`);
    const before = this.#byId.size;
    this.#byId.set(id, row);
    if (this.#byId.size === before) throw new Error(`${id} is in the table already`);
    this.#ordered.push(row);
    this.#sequences.push(row.sequence);
    return row;
  }

  delete(id: string): boolean {
    const row = this.#byId.get(id);
    if (row === undefined) return false;
    this.#byId.delete(id);
    this.#ordered[this.#firstAfter(row.sequence - 1)] = undefined;
    if (this.#ordered.length > 64 && this.#ordered.length > 2 * this.#byId.size) this.#closeHoles();
    return true;
  }

  /** Rows whose sequence is above `sequence`, in order. */
  *after(sequence: number): Generator<T> {
    for (let index = this.#firstAfter(sequence); index < this.#ordered.length; index += 1) {
      const row = this.#ordered[index];
      if (row !== undefined) yield row;
    }
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#byId.values();
  }

  #firstAfter(sequence: number): number {
    let low = 0;
    let high = this.#sequences.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#sequences[middle] ?? 0) > sequence) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #closeHoles(): void {
    const rows = [...this.#byId.values()];
    this.#ordered = rows;
    this.#sequences = rows.map((row) => row.sequence);
  }
}
