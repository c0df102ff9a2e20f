import { Refused } from "./checks.ts";

/**
 * Zlib streams (RFC 1950, 1951) one after another, as a git pack holds them: a browser's own decoder does not tell where a stream ends, and
 * a pack's objects are found in no other way. Small and plain; a pack of manifests is some hundred kilobytes.
 */
export interface Inflated {
  readonly bytes: Uint8Array;
  /** Where the stream ends in the input. */
  readonly end: number;
}

const broken = (why: string): Refused => new Refused("pack", `holds a compressed object that is broken: ${why}`);

const LENGTHS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258]; // prettier-ignore
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCES = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577]; // prettier-ignore
const DISTANCE_BITS = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const LONGEST_CODE = 15;

/** A canonical Huffman code: how many codes there are of each length, and the symbols in order of their codes. */
interface Code {
  readonly counts: readonly number[];
  readonly symbols: readonly number[];
}

function codeOf(lengths: readonly number[]): Code {
  const counts = Array.from({ length: LONGEST_CODE + 1 }, (_, bits) =>
    bits === 0 ? 0 : lengths.filter((length) => length === bits).length,
  );
  const symbols = counts.flatMap((_, bits) =>
    bits === 0 ? [] : lengths.flatMap((length, symbol) => (length === bits ? [symbol] : [])),
  );
  let left = 1;
  for (const count of counts.slice(1)) left = 2 * left - count;
  if (left < 0) throw broken("a code has too many words");
  return { counts, symbols };
}

const range = (count: number, value: number): readonly number[] => Array.from({ length: count }, () => value);
const FIXED = codeOf([...range(144, 8), ...range(112, 9), ...range(24, 7), ...range(8, 8)]);
const FIXED_DISTANCES = codeOf(range(30, 5));

class Bits {
  readonly #bytes: Uint8Array;
  #at: number;
  #held = 0;
  #count = 0;

  constructor(bytes: Uint8Array, from: number) {
    this.#bytes = bytes;
    this.#at = from;
  }

  read(count: number): number {
    while (this.#count < count) {
      this.#held |= this.byte() << this.#count;
      this.#count += 8;
    }
    const value = this.#held & ((1 << count) - 1);
    this.#held >>>= count;
    this.#count -= count;
    return value;
  }

  symbol({ counts, symbols }: Code): number {
    let [code, first, index] = [0, 0, 0];
    for (let bits = 1; bits <= LONGEST_CODE; bits++) {
      code |= this.read(1);
      const count = counts[bits] ?? 0;
      if (code - count < first) return symbols[index + code - first] ?? 0;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw broken("a code word is unknown");
  }

  /** The next whole byte: what is left of the one begun is dropped only where `align` was called. */
  byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw broken("it is cut short");
    return byte;
  }

  align(): void {
    this.#held = 0;
    this.#count = 0;
  }

  get at(): number {
    return this.#at;
  }
}

/** The stream that begins at `from` and unpacks to exactly `size` bytes. Throws `Refused`. */
export function inflate(input: Uint8Array, from: number, size: number): Inflated {
  const bits = new Bits(input, from);
  const [method, flags] = [bits.byte(), bits.byte()];
  if ((method & 0x0f) !== 8 || (method * 256 + flags) % 31 !== 0 || (flags & 0x20) !== 0)
    throw broken("it is no zlib stream");
  const out = new Uint8Array(size);
  let to = 0;
  for (let last = 0; last === 0;) {
    last = bits.read(1);
    const type = bits.read(2);
    if (type === 0) to = copyStored(bits, out, to);
    else if (type === 1) to = copyCoded(bits, FIXED, FIXED_DISTANCES, out, to);
    else if (type === 2) to = copyCoded(bits, ...readCodes(bits), out, to);
    else throw broken("a block is of no known type");
  }
  bits.align();
  if (to !== size) throw broken("it is shorter than it says");
  const sum = ((bits.byte() << 24) | (bits.byte() << 16) | (bits.byte() << 8) | bits.byte()) >>> 0;
  if (sum !== adler32(out)) throw broken("its checksum is another");
  return { bytes: out, end: bits.at };
}

function copyStored(bits: Bits, out: Uint8Array, to: number): number {
  bits.align();
  const length = bits.byte() | (bits.byte() << 8);
  const inverse = bits.byte() | (bits.byte() << 8);
  if ((length ^ inverse) !== 0xffff) throw broken("a block's length is not its own inverse");
  if (to + length > out.length) throw broken("it is longer than it says");
  for (let at = 0; at < length; at++) out[to + at] = bits.byte();
  return to + length;
}

function copyCoded(bits: Bits, literals: Code, distances: Code, out: Uint8Array, from: number): number {
  let to = from;
  for (;;) {
    const symbol = bits.symbol(literals);
    if (symbol === 256) return to;
    if (symbol < 256) {
      if (to >= out.length) throw broken("it is longer than it says");
      out[to++] = symbol;
      continue;
    }
    const length = (LENGTHS[symbol - 257] ?? refuse("a length")) + bits.read(LENGTH_BITS[symbol - 257] ?? 0);
    const far = bits.symbol(distances);
    const distance = (DISTANCES[far] ?? refuse("a distance")) + bits.read(DISTANCE_BITS[far] ?? 0);
    if (distance > to || to + length > out.length) throw broken("it copies from or to beyond its bytes");
    for (let at = 0; at < length; at++, to++) out[to] = out[to - distance] ?? 0;
  }
}

function refuse(what: string): never {
  throw broken(`${what} is unknown`);
}

/** The codes of a dynamic block, themselves coded (RFC 1951 §3.2.7). */
function readCodes(bits: Bits): readonly [Code, Code] {
  const [literals, distances, count] = [bits.read(5) + 257, bits.read(5) + 1, bits.read(4) + 4];
  const lengths = [...range(19, 0)];
  for (const place of ORDER.slice(0, count)) lengths[place] = bits.read(3);
  const code = codeOf(lengths);
  const all: number[] = [];
  while (all.length < literals + distances) {
    const symbol = bits.symbol(code);
    if (symbol < 16) all.push(symbol);
    else if (symbol === 16) all.push(...range(bits.read(2) + 3, all.at(-1) ?? refuse("a repetition")));
    else all.push(...range(symbol === 17 ? bits.read(3) + 3 : bits.read(7) + 11, 0));
  }
  if (all.length !== literals + distances) throw broken("a repetition goes too far");
  return [codeOf(all.slice(0, literals)), codeOf(all.slice(literals))];
}

function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return ((b << 16) | a) >>> 0;
}
