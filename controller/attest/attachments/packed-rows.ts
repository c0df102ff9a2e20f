import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip, gunzipSync } from "node:zlib";
import { canonical, digestOf } from "../../domain/digest.ts";
import type { Attachment } from "../../domain/report.ts";
import { Refused } from "../chain/refused.ts";
import { decodeUtf8 } from "../sealing/strict-json.ts";

/** One JSON value a line, gzipped: what long lists are stored as (rule 34). */
export const ROWS_MEDIA_TYPE = "application/x-ndjson+gzip";
/** More than any list of a fleet comes to; what unpacks to more is a bomb. Bytes. */
const MOST_UNPACKED = 2 ** 30;

/** Packs rows as they come; what is held is the packed form, some tenth of the rows. */
export async function packRows(rows: AsyncIterable<unknown> | Iterable<unknown>): Promise<Uint8Array> {
  const packed = new Growing();
  await pipeline(Readable.from(texts(rows)), createGzip(), async (chunks: AsyncIterable<Uint8Array>) => {
    for await (const chunk of chunks) packed.add(chunk);
  });
  return packed.bytes();
}

/** Characters that go to be packed at once: each going costs as much as packing some dozens of rows. */
const AT_ONCE = 2 ** 16;

async function* texts(rows: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<string> {
  let text = "";
  for await (const row of rows) {
    text += `${canonical(row)}\n`;
    if (text.length < AT_ONCE) continue;
    yield text;
    text = "";
  }
  if (text !== "") yield text;
}

/** Bytes that become more, in one place: a million rows pack to tens of megabytes, which are not to lie about twice. */
class Growing {
  #buffer = new ArrayBuffer(2 ** 16);
  #length = 0;

  add(chunk: Uint8Array): void {
    const length = this.#length + chunk.length;
    if (length > this.#buffer.byteLength) this.#buffer = this.#buffer.transfer(2 * length);
    new Uint8Array(this.#buffer).set(chunk, this.#length);
    this.#length = length;
  }

  /** Nothing can be added after. */
  bytes(): Uint8Array {
    return new Uint8Array(this.#buffer.transfer(this.#length));
  }
}

/** The rows of an attachment's bytes. Throws `Refused` where they are not the rows that its digest was signed for. */
export function unpackRows(bytes: Uint8Array, attachment: Attachment): readonly unknown[] {
  checkAttachment(bytes, attachment);
  try {
    const text = decodeUtf8(gunzipSync(bytes, { maxOutputLength: MOST_UNPACKED }));
    return text
      .split("\n")
      .slice(0, -1)
      .map((line): unknown => JSON.parse(line));
  } catch (cause) {
    throw new Refused("attachment", `attachment ${attachment.name} holds no rows`, { cause });
  }
}

/** Throws `Refused` unless these are the bytes that a report signed. */
export function checkAttachment(bytes: Uint8Array, { name, size, digest }: Attachment): void {
  if (bytes.length !== size || digestOf(bytes) !== digest.sha256)
    throw new Refused("attachment", `attachment ${name} is not the ${size} bytes with SHA-256 ${digest.sha256}`);
}
