import { AwsError } from "../domain/errors.ts";

/** Pages of any AWS listing, to its true end: only a missing token ends it, and a token seen twice is a listing that never would. */
export async function* pages<Page extends { NextToken?: string | undefined }>(
  operation: string,
  read: (token: string | undefined) => Promise<Page>,
): AsyncGenerator<Page> {
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const page = await read(token);
    yield page;
    token = page.NextToken || undefined;
    if (token !== undefined && seen.has(token))
      throw new AwsError({
        kind: "unavailable",
        operation,
        message: "the listing repeats its NextToken, so it has no end",
      });
    if (token !== undefined) seen.add(token);
  } while (token !== undefined);
}

/** The same for the services that call their tokens markers. */
export const markedPages = <Page extends { Marker?: string | undefined }>(
  operation: string,
  read: (marker: string | undefined) => Promise<Page>,
): AsyncGenerator<Page & { readonly NextToken: string | undefined }> =>
  pages(operation, async (marker) => {
    const page = await read(marker);
    return { ...page, NextToken: page.Marker };
  });
