/** Pages of listings held in memory, with opaque tokens that only continue the listing they came from. */

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/** Where a token says to go on. `invalid` makes the service's own error for a token that is not one of this listing's. */
export function startFrom(token: string | undefined, listing: string, invalid: () => Error): number {
  if (token === undefined || token === "") return 0;
  const [at, bound] = Buffer.from(token, "base64url").toString().split("|", 2);
  if (bound !== listing || at === undefined || !/^\d+$/.test(at)) throw invalid();
  return Number(at);
}

export function takePage<T>(
  items: readonly T[],
  { from, listing, limit }: { readonly from: number; readonly listing: string; readonly limit: number },
): Page<T> {
  const end = from + limit;
  return { items: items.slice(from, end), next: end < items.length ? tokenAt(end, listing) : undefined };
}

export function tokenAt(at: number, listing: string): string {
  return Buffer.from(`${at}|${listing}`).toString("base64url");
}
