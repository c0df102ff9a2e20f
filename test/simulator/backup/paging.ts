/**
 * Pages of a listing (semantics §0.3): opaque tokens bound to their listing, short pages, and at times an empty one that still has a token.
 */
import { digestOf } from "./digest.ts";
import { invalidParameter } from "./errors.ts";
import type { BackupContext } from "./contract.ts";
import { Table, type Row } from "./table.ts";

interface PagedInput {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

export interface Page<T> {
  readonly rows: T[];
  readonly NextToken: string | undefined;
}

/** A page that filters much away ends after so many rows and carries on with the next call. */
const mostExamined = 20_000;

/** `rows` are in order of their sequence. `keep` is the listing's filter; the token remembers that it was asked with these filters. */
export function pageOf<T extends Row>(
  context: BackupContext,
  listing: string,
  input: PagedInput,
  rows: Table<T> | Iterable<T>,
  keep: (row: T) => boolean = () => true,
): Page<T> {
  const binding = bindingOf(context, listing, input);
  const start = input.NextToken === undefined ? -1 : readToken(input.NextToken, binding);
  const most = mostRows(context, input);
  const kept: T[] = [];
  let examined = 0;
  let last = start;
  for (const row of rows instanceof Table ? rows.after(start) : after(rows, start)) {
    if (kept.length === most || examined === mostExamined) return { rows: kept, NextToken: writeToken(binding, last) };
    examined += 1;
    last = row.sequence;
    if (keep(row)) kept.push(row);
  }
  return { rows: kept, NextToken: undefined };
}

function mostRows(context: BackupContext, { MaxResults }: PagedInput): number {
  if (MaxResults !== undefined && (MaxResults < 1 || MaxResults > 1000)) {
    throw invalidParameter("MaxResults must be between 1 and 1000");
  }
  return Math.min(MaxResults ?? 1000, context.state.world.pageSize);
}

function* after<T extends Row>(rows: Iterable<T>, sequence: number): Generator<T> {
  for (const row of rows) if (row.sequence > sequence) yield row;
}

function bindingOf({ account, region }: BackupContext, listing: string, input: PagedInput): string {
  const { MaxResults: _size, NextToken: _token, ...filters } = input;
  return digestOf([listing, account, region, filters]).slice(0, 16);
}

function writeToken(binding: string, last: number): string {
  return Buffer.from(`${binding}${last}`).toString("base64url");
}

function readToken(token: string, binding: string): number {
  const text = Buffer.from(token, "base64url").toString();
  const last = text.slice(binding.length);
  if (!text.startsWith(binding) || !/^\d+$/.test(last)) throw invalidParameter("Provided NextToken is invalid");
  return Number(last);
}
