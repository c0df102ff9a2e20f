/** A request and an answer with no transport left in them: what both fronts, in-process and HTTP, share. */

/** Query parameters, decoded. A key given twice is a list; one without a value is the empty text. */
export type Query = Readonly<Record<string, string | readonly string[]>>;

export interface WireRequest {
  readonly method: string;
  /** Still percent-encoded: a label may hold `%2F`, which must not split. */
  readonly path: string;
  readonly query: Query;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface WireReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** The body is a blob the client reads as a stream (S3 GetObject). */
  readonly streaming?: boolean;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const noBody = new Uint8Array(0);

export function bytesOf(text: string): Uint8Array {
  return text === "" ? noBody : encoder.encode(text);
}

export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** One value of a query parameter: the first where it was given twice. */
export function queryValue(query: Query, name: string): string | undefined {
  const value = query[name];
  return typeof value === "string" ? value : value?.[0];
}

/** Reads the part after `?`. */
export function parseQuery(text: string): Query {
  const query: Record<string, string | string[]> = {};
  for (const [key, value] of new URLSearchParams(text)) {
    const before = query[key];
    if (before === undefined) query[key] = value;
    else query[key] = [before, value].flat();
  }
  return query;
}
