/** One client process's connection to the simulator, in process: an SDK request handler that can also be killed. */
import { HttpResponse, type HttpRequest } from "@smithy/core/protocols";
import { Readable } from "node:stream";
import { respond, type Answer, type Simulation } from "./respond.ts";
import { bytesOf, type Query, type WireReply, type WireRequest } from "./wire/message.ts";

interface RequestOptions {
  readonly abortSignal?: unknown;
}

/** The shape of the SDK's `requestHandler`. */
export interface RequestHandler {
  readonly handle: (request: HttpRequest, options?: RequestOptions) => Promise<{ response: HttpResponse }>;
  readonly destroy: () => void;
  readonly updateHttpClientConfig: () => void;
  readonly httpHandlerConfigs: () => Record<string, never>;
}

/** A client's end of the line. */
export interface Connection {
  readonly requestHandler: RequestHandler;
  /** Kills the client at its `n`-th call, counting from 1 over the connection's life: `before` the call runs, or `after` it ran and
   * before its answer arrives. From then on nothing settles and nothing runs: a throw would run `finally` and test a polite exit. */
  readonly killAt: (n: number, when: "before" | "after") => void;
  /** Resolves when the kill has happened. */
  readonly killed: Promise<void>;
  /** Calls made so far. */
  readonly count: () => number;
}

export function connectTo(simulation: Simulation): Connection {
  const { promise: killed, resolve: died } = Promise.withResolvers<void>();
  let count = 0;
  let dead = false;
  let kill: { readonly at: number; readonly when: "before" | "after" } | undefined;

  const handle = async (request: HttpRequest, options?: RequestOptions) => {
    if (dead) return never();
    const wire = await wireRequest(request);
    // The body was awaited: another call may have died meanwhile.
    if (dead) return never();
    count += 1;
    if (kill === undefined || count < kill.at) return deliver(respond(simulation, wire), options);
    dead = true;
    if (kill.when === "after") respond(simulation, wire, false);
    died();
    return never();
  };
  return {
    requestHandler: {
      handle,
      destroy: () => undefined,
      updateHttpClientConfig: () => undefined,
      httpHandlerConfigs: () => ({}),
    },
    killAt: (n, when) => {
      kill = { at: n, when };
    },
    killed,
    count: () => count,
  };
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

async function deliver(answer: Answer, options: RequestOptions | undefined): Promise<{ response: HttpResponse }> {
  switch (answer.kind) {
    case "reply":
      return { response: sdkResponse(answer.reply) };
    case "lost":
      throw connectionError("ECONNRESET", "socket hang up");
    case "refused":
      throw connectionError("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:443");
    case "hang":
      return untilAborted(options?.abortSignal);
    default:
      return answer satisfies never;
  }
}

function connectionError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** Hangs for as long as the client is patient. */
function untilAborted(signal: unknown): Promise<never> {
  if (!(signal instanceof AbortSignal)) return never();
  return new Promise((_, reject) => {
    const abort = () => reject(Object.assign(new Error("Request aborted"), { name: "AbortError" }));
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
}

function sdkResponse(reply: WireReply): HttpResponse {
  const body = reply.streaming ? Readable.from([reply.body]) : reply.body;
  return new HttpResponse({ statusCode: reply.status, headers: { ...reply.headers }, body });
}

async function wireRequest(request: HttpRequest): Promise<WireRequest> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name.toLowerCase()] = value;
  headers["host"] ??= request.hostname;
  return {
    method: request.method,
    path: request.path,
    query: queryOf(request),
    headers,
    body: await bodyBytes(request.body),
  };
}

function queryOf(request: HttpRequest): Query {
  const query: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries(request.query ?? {})) query[name] = value ?? "";
  return query;
}

/** The SDK sends text, bytes or a stream (an upload with a checksum in its trailer). */
async function bodyBytes(body: unknown): Promise<Uint8Array> {
  if (body === undefined || body === null) return bytesOf("");
  if (typeof body === "string") return bytesOf(body);
  if (body instanceof Uint8Array) return body;
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array | string>)
    chunks.push(typeof chunk === "string" ? bytesOf(chunk) : chunk);
  return Buffer.concat(chunks);
}
