/** The best of any number of things, as many as there is room for, whatever order they come in. */
export class Kept<T> {
  readonly #order: (a: T, b: T) => number;
  readonly #room: number;
  #all: T[] = [];
  #seen = 0;

  /** `order` is total: equal means the same thing. */
  constructor(order: (a: T, b: T) => number, room: number) {
    this.#order = order;
    this.#room = room;
  }

  add(one: T): void {
    this.#seen += 1;
    this.#all.push(one);
    if (this.#all.length > 2 * this.#room) this.#all = this.all().slice();
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
