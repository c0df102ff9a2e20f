import type { Connection } from "../simulator/connection.ts";

/** A controller whose machine stands still from its `n`-th call on, until it is thawed: a long pause, after which it goes on as if nothing had been. */
export interface Freezing {
  readonly connection: Connection;
  /** Resolves when it stands still. */
  readonly frozen: Promise<void>;
  readonly thaw: () => void;
}

/** The call that was under way is lost: in so long a pause every connection breaks, and it was never sent again. */
export function freezing(inner: Connection, n: number): Freezing {
  const { promise: frozen, resolve: stand } = Promise.withResolvers<void>();
  const { promise: thawed, resolve: thaw } = Promise.withResolvers<void>();
  let count = 0;
  let over = false;
  const handle: Connection["requestHandler"]["handle"] = async (request, options) => {
    count += 1;
    if (over || count < n) return inner.requestHandler.handle(request, options);
    stand();
    await thawed;
    throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
  };
  return {
    connection: { ...inner, requestHandler: { ...inner.requestHandler, handle } },
    frozen,
    thaw: () => {
      over = true;
      thaw();
    },
  };
}
