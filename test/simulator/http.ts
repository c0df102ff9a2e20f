/** The HTTP front: the AWS CLI, boto3, Terraform and controllers in other processes come in here. Loopback only. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { control, isControl, type Meddle } from "./control.ts";
import { respond, type Simulation } from "./respond.ts";
import { bytesOf, parseQuery, type WireReply, type WireRequest } from "./wire/message.ts";

export interface Listening {
  /** `http://127.0.0.1:PORT`: the number, because `localhost` may resolve to ::1, where nobody listens. */
  readonly endpoint: string;
  readonly port: number;
  readonly close: () => Promise<void>;
}

interface Serving {
  /** 0 picks a free one. */
  readonly port: number;
  readonly meddle: Meddle;
}

export async function serve(simulation: Simulation, { port, meddle }: Serving): Promise<Listening> {
  const server = createServer((incoming, outgoing) => {
    exchange(simulation, meddle, incoming, outgoing).catch((error: unknown) => failLoudly(error, outgoing));
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${bound}`, port: bound, close: () => close(server) };
}

async function exchange(
  simulation: Simulation,
  meddle: Meddle,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const request = await wireRequest(incoming);
  if (isControl(request)) {
    write(outgoing, control({ ...simulation, meddle }, request), incoming.method);
    return;
  }
  const answer = respond(simulation, request);
  switch (answer.kind) {
    case "reply":
      write(outgoing, answer.reply, incoming.method);
      return;
    case "lost":
    case "refused":
      // A server that has accepted can no longer refuse; a connection that breaks without a word is the nearest thing.
      incoming.socket.destroy();
      return;
    case "hang":
      return;
    default:
      answer satisfies never;
  }
}

async function wireRequest(incoming: IncomingMessage): Promise<WireRequest> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Uint8Array);
  const url = incoming.url ?? "/";
  const question = url.indexOf("?");
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) headers[name] = [value].flat().join(",");
  return {
    method: incoming.method ?? "GET",
    path: question < 0 ? url : url.slice(0, question),
    query: question < 0 ? {} : parseQuery(url.slice(question + 1)),
    headers,
    body: Buffer.concat(chunks),
  };
}

function write(outgoing: ServerResponse, reply: WireReply, method: string | undefined): void {
  const length = reply.headers["content-length"] ?? String(reply.body.length);
  outgoing.writeHead(reply.status, { ...reply.headers, "content-length": length });
  outgoing.end(method === "HEAD" ? undefined : reply.body);
}

/** What the simulator cannot judge is a fault of the test or of the simulator, and must not look like AWS. */
function failLoudly(error: unknown, outgoing: ServerResponse): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`simulator: ${text}\n`);
  if (outgoing.headersSent) outgoing.destroy();
  else
    write(
      outgoing,
      { status: 500, headers: { "content-type": "text/plain" }, body: bytesOf(`simulator: ${text}\n`) },
      undefined,
    );
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}
