/** `/_simulator/…`: moving time, reading the call log and making trouble from outside the process. */
import * as z from "zod";
import { addMishap } from "./backup/mishaps.ts";
import type { Fault } from "./faults.ts";
import { isMeddling, type Meddled, type MeddlingName } from "./meddling.ts";
import type { Simulation } from "./respond.ts";
import { bytesOf, queryValue, textOf, type WireReply, type WireRequest } from "./wire/message.ts";

const prefix = "/_simulator/";

const ClockMove = z.strictObject({ advanceMs: z.int().nonnegative() });

const Effect = z.union([
  z.strictObject({
    kind: z.enum(["deny", "throttle", "unavailable", "expired-token", "lose", "hang", "refuse-connection"]),
  }),
  z.strictObject({ kind: z.literal("html"), status: z.int() }),
  z.strictObject({
    kind: z.literal("error"),
    type: z.string(),
    message: z.exactOptional(z.string()),
    status: z.exactOptional(z.int()),
  }),
]);

const MeddleInput = z.strictObject({ name: z.optional(z.string().refine(isMeddling, "there is no such meddling")) });

const FaultInput = z.strictObject({
  effect: Effect,
  service: z.exactOptional(z.string()),
  operation: z.exactOptional(z.string()),
  account: z.exactOptional(z.string()),
  region: z.exactOptional(z.string()),
  input: z.exactOptional(z.record(z.string(), z.unknown())),
  page: z.exactOptional(z.int().positive()),
  after: z.exactOptional(z.int().nonnegative()),
  times: z.exactOptional(z.int().positive()),
});

const MishapInput = z.strictObject({
  account: z.string(),
  region: z.string(),
  job: z.enum(["backup", "copy", "restore"]),
  end: z.enum(["FAILED", "EXPIRED", "ABORTED", "PARTIAL", "COMPLETED"]),
  resource: z.exactOptional(z.string()),
  message: z.exactOptional(z.string()),
  category: z.exactOptional(z.string()),
});

export type Meddle = (name?: MeddlingName) => Meddled | undefined;

/** What control requests reach. */
interface Controlled extends Simulation {
  readonly meddle: Meddle;
}

type Route = (controlled: Controlled, request: WireRequest) => WireReply;

const routes: Readonly<Record<string, Route>> = {
  "GET clock": ({ world }) => {
    world.clock.settle();
    return json(200, { now: world.clock.now() });
  },
  "POST clock": ({ world }, request) => {
    world.clock.advance(ClockMove.parse(bodyOf(request)).advanceMs);
    return json(200, { now: world.clock.now() });
  },
  "GET calls": ({ calls }, request) => {
    const since = calls.since(Number(queryValue(request.query, "since") ?? 0));
    const lines = since.map((call) => `${JSON.stringify(call)}\n`).join("");
    return { status: 200, headers: { "content-type": "application/x-ndjson" }, body: bytesOf(lines) };
  },
  "POST faults": ({ faults }, request) => {
    faults.add(FaultInput.parse(bodyOf(request)) satisfies Fault);
    return json(201, {});
  },
  "POST mishaps": ({ world }, request) => {
    const { account, region, ...mishap } = MishapInput.parse(bodyOf(request));
    const state = world.backup(account, region);
    if (state === undefined) return json(404, { message: `There is no account ${account} or no Region ${region}` });
    addMishap(state, mishap);
    return json(201, {});
  },
  "DELETE mishaps": ({ world }) => {
    for (const { mishaps } of world.backupWorld.states()) mishaps.splice(0);
    return json(200, {});
  },
  "POST meddle": ({ meddle }, request) => {
    const meddled = meddle(MeddleInput.parse(bodyOf(request)).name);
    return meddled === undefined ? json(409, { message: "There is nothing to do it to" }) : json(200, meddled);
  },
  "DELETE faults": ({ faults }) => {
    faults.clear();
    return json(200, {});
  },
};

export function isControl(request: WireRequest): boolean {
  return request.path.startsWith(prefix);
}

/** Answers a control request; a body that is not what it should be is told so. */
export function control(controlled: Controlled, request: WireRequest): WireReply {
  const route = routes[`${request.method} ${request.path.slice(prefix.length).replace(/\/$/, "")}`];
  if (route === undefined) return json(404, { message: `There is no ${request.method} ${request.path}` });
  try {
    return route(controlled, request);
  } catch (error) {
    if (error instanceof z.ZodError) return json(400, { message: z.prettifyError(error) });
    if (error instanceof SyntaxError || error instanceof RangeError) return json(400, { message: error.message });
    throw error;
  }
}

function bodyOf(request: WireRequest): unknown {
  return JSON.parse(textOf(request.body) || "{}");
}

function json(status: number, body: unknown): WireReply {
  return { status, headers: { "content-type": "application/json" }, body: bytesOf(`${JSON.stringify(body)}\n`) };
}
