/** The best of any number of things, as many as there is room for, whatever order they come in. */
export class Kept<T> {
  readonly #order: (a: T, b: T) => number;
  readonly #room: number;
  #all: T[] = [];
  /** The last of those that there was room for at one time: nothing that comes after it will ever be kept. */
  #last: T | undefined;
  #seen = 0;

  /** `order` is total: equal means the same thing. */
  constructor(order: (a: T, b: T) => number, room: number) {
    this.#order = order;
    this.#room = room;
  }

  add(one: T): void {
    this.#seen += 1;
    if (this.#last !== undefined && this.#order(one, this.#last) >= 0) return;
    this.#all.push(one);
    if (this.#all.length < 1.5 * this.#room + 1) return;
    this.#all = this.all().slice();
    this.#last = this.#all.at(-1);
  }

  /** In order, at most as many as there is room for. */
  all(): readonly T[] {
    return this.#all.toSorted(this.#order).slice(0, this.#room);
  }

  /** How many there was no room for. */
  get dropped(): number {
    return Math.max(0, this.#seen - this.#room);
  }
}
