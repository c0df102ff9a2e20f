import { setImmediate } from "node:timers/promises";
import type { Connection } from "../simulator/connection.ts";

/** A controller whose process can be stopped in its tracks, as a laptop is that goes to sleep. */
export interface Freezing {
  readonly connection: Connection;
  /** Resolves when it has come to its `n`-th call and everything it had sent by then is done; it hears nothing of it yet. */
  readonly frozen: Promise<void>;
  readonly thaw: () => void;
}

/** Turns of the event loop in which nothing new is sent: then all that was going on waits for an answer. */
const QUIET_TURNS = 20;

export function freezing(connection: Connection, n: number): Freezing {
  const { requestHandler } = connection;
  const { promise: frozen, resolve: freeze } = Promise.withResolvers<void>();
  const { promise: thawed, resolve: thaw } = Promise.withResolvers<void>();
  let [count, state] = [0, "awake" as "awake" | "falling asleep" | "asleep"];
  const fallAsleep = async (): Promise<void> => {
    for (let [seen, quiet] = [count, 0]; quiet < QUIET_TURNS; quiet++) {
      await setImmediate();
      if (seen !== count) [seen, quiet] = [count, 0];
    }
    state = "asleep";
    freeze();
  };
  return {
    frozen,
    thaw,
    connection: {
      ...connection,
      requestHandler: {
        ...requestHandler,
        handle: async (request, options) => {
          if (state === "asleep") await thawed;
          count += 1;
          if (count === n) {
            state = "falling asleep";
            void fallAsleep();
          }
          const asleep = state !== "awake";
          const answer = await requestHandler.handle(request, options);
          if (asleep) await thawed;
          return answer;
        },
      },
    },
  };
}
