import { createServer, request, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { Simulator } from "../../test/simulator/simulator.ts";
import { BUCKETS, IRELAND } from "../../test/support/universe.ts";
import type { Place } from "./order.ts";
import { VAULT } from "./scene.ts";

/** A request, whole. */
export interface Question {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}
export type Ask = (question: Question) => Promise<Answer>;

/** A simulator in front of which others may answer. */
interface Served {
  /** `sent` is told once all of an answer is on its way. */
  readonly answer: (question: Question, simulated: Ask) => Promise<Answer & { readonly sent?: () => void }>;
  /** What was asked since this was last told. */
  readonly told: () => object;
}

/** Serves it to other processes until the parent lets go, to whom it says where that is, and what was asked whenever it is asked for that. */
export async function serve(simulator: Simulator, { answer, told }: Served): Promise<void> {
  const simulated = askOf((await simulator.listen(0)).port);
  const respond = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { method = "GET", url = "/", headers } = incoming;
    const given = await answer({ method, url, headers, body: await buffer(incoming) }, simulated);
    outgoing.writeHead(given.status, { ...given.headers, "content-length": given.body.length });
    outgoing.end(given.body, given.sent);
  };
  const server = createServer((incoming, outgoing) => {
    respond(incoming, outgoing).catch(() => outgoing.destroy());
  });
  process.on("message", () => process.send!(told()));
  process.once("disconnect", () => process.exit());
  server.listen(0, "127.0.0.1", () => {
    const { port } = server.address() as AddressInfo;
    process.send!({
      endpoint: `http://127.0.0.1:${port}`,
      region: IRELAND,
      vault: VAULT,
      bucket: BUCKETS.evidence,
      now: simulator.clock.now().getTime(),
    } satisfies Place);
  });
}

/** The simulator's answer. */
const askOf =
  (port: number): Ask =>
  ({ method, url, headers, body }) =>
    new Promise((resolve, reject) => {
      const onward = request({ host: "127.0.0.1", port, method, path: url, headers }, (reply) => {
        buffer(reply).then(
          (whole) => resolve({ status: reply.statusCode ?? 502, headers: headersOf(reply), body: whole }),
          reject,
        );
      });
      onward.on("error", reject);
      onward.end(body);
    });

/** But for what tells how it was sent: it is sent anew. */
const headersOf = ({ headers }: IncomingMessage): Answer["headers"] =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === "string" && !HOW_SENT.has(name) ? [[name, value] as const] : [],
    ),
  );
const HOW_SENT: ReadonlySet<string> = new Set(["connection", "keep-alive", "transfer-encoding", "content-length"]);
