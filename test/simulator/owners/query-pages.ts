/** Pages of RDS and Redshift: `MaxRecords` between 20 and 100, and a `Marker` that goes on (their API References). */
import type { Page } from "../paging.ts";
import { ApiError } from "../service.ts";
import { pageOf, type Owned } from "./context.ts";

export interface QueryListing {
  readonly MaxRecords?: number;
  readonly Marker?: string;
}

/** `listing` is what the marker belongs to. */
export function queryPage<T>(
  context: Owned,
  rows: readonly T[],
  { MaxRecords, Marker }: QueryListing,
  listing: readonly unknown[],
): Page<T> {
  if (MaxRecords !== undefined && (MaxRecords < 20 || MaxRecords > 100)) {
    throw invalidValue(`Invalid value ${MaxRecords} for MaxRecords. Must be between 20 and 100`);
  }
  const invalid = () => invalidValue("The request token is not valid.");
  return pageOf(context, rows, { listing, token: Marker, limit: MaxRecords, invalid });
}

export function invalidValue(message: string): ApiError {
  return new ApiError("InvalidParameterValue", message, {}, 400);
}
