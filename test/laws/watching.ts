import type { Connection } from "../simulator/connection.ts";

/** A connection that looks at the world after every call, before the caller has its answer. `look` notes what it sees: what it threw would be taken for AWS's. */
export function watching(connection: Connection, look: () => void): Connection {
  const { requestHandler } = connection;
  return {
    ...connection,
    requestHandler: {
      ...requestHandler,
      handle: (request, options) => requestHandler.handle(request, options).finally(look),
    },
  };
}
