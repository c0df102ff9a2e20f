import { startFrom, takePage, type Page } from "../paging.ts";
import type { ApiError, Context } from "../service.ts";
import type { World } from "../world.ts";
import type { PlatformState } from "./state.ts";

export interface PlatformContext {
  readonly world: World;
  readonly platform: PlatformState;
  /** Most items on a page. */
  readonly pageSize: number;
}

export type Placed = Context<PlatformContext>;

interface Asked {
  /** The listing, with whatever narrows it: a token goes on with no other. */
  readonly listing: readonly unknown[];
  readonly token: string | undefined;
  readonly limit?: number | undefined;
  readonly invalid: () => ApiError;
}

export function pageOf<T>({ account, region, state }: Placed, rows: readonly T[], asked: Asked): Page<T> {
  const listing = JSON.stringify([...asked.listing, account, region]);
  const from = startFrom(asked.token, listing, asked.invalid);
  return takePage(rows, { from, listing, limit: Math.min(asked.limit ?? state.pageSize, state.pageSize) });
}
