/** Repeatable randomness: everything the simulator invents (ids, keys, jitter) comes from one seed. */

export interface Random {
  /** From 0 up to and not including 1. */
  readonly number: () => number;
  /** A whole number from 0 up to and not including `below`. */
  readonly below: (below: number) => number;
  readonly pick: <T>(from: readonly T[]) => T;
  /** A version 4 UUID in lower case. */
  readonly uuid: () => string;
  /** Upper-case letters and digits, as access keys have them. */
  readonly letters: (count: number) => string;
}

/** mulberry32: small, fast and the same on every machine. Not for secrets, of which the simulator has none. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const number = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(number() * limit);
  const digits = (alphabet: string, count: number) =>
    Array.from({ length: count }, () => alphabet.charAt(below(alphabet.length))).join("");
  return {
    number,
    below,
    pick: <T>(from: readonly T[]): T => {
      if (from.length === 0) throw new RangeError("nothing to pick from");
      return from[below(from.length)] as T;
    },
    uuid: () => {
      const hex = digits("0123456789abcdef", 30);
      const variant = "89ab".charAt(below(4));
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-${variant}${hex.slice(15, 18)}-${hex.slice(18)}`;
    },
    letters: (count) => digits("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", count),
  };
}
