import { setImmediate } from "node:timers/promises";
import type { Connection } from "../simulator/connection.ts";
import { seededRandom } from "../simulator/random.ts";

/** Connections whose calls wait for their turn together: at each turn of the event loop, chance lets one of those waiting go. */
export function mingling(seed: number): (connection: Connection) => Connection {
  const random = seededRandom(seed);
  const waiting: (() => void)[] = [];
  const turn = async (): Promise<void> => {
    await setImmediate();
    waiting.splice(random.below(waiting.length), 1)[0]?.();
  };
  return (connection) => ({
    ...connection,
    requestHandler: {
      ...connection.requestHandler,
      handle: async (request, options) => {
        const { promise, resolve } = Promise.withResolvers<void>();
        waiting.push(resolve);
        // One turn for each who waits, so that nobody waits for ever.
        await Promise.all([turn(), promise]);
        return connection.requestHandler.handle(request, options);
      },
    },
  });
}
