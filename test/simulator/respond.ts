/** One request, one answer: recognise the caller, read the input, let faults strike, run the operation, write and record the answer. */
import type { CallLog } from "./calls.ts";
import { errorOf, type Effect, type Faults } from "./faults.ts";
import type { Identity } from "./iam/registry.ts";
import { callerOf, perform, record } from "./perform.ts";
import { ApiError } from "./service.ts";
import { serviceNamed, type Caller, type Service } from "./services.ts";
import { credentialOf, type Credential } from "./wire/credential.ts";
import { bytesOf, type WireReply, type WireRequest } from "./wire/message.ts";
import type { Stamp } from "./wire/protocol.ts";
import type { World } from "./world.ts";

/** What becomes of a request. `lost`: it ran, and the connection broke. `refused`: it never got here. `hang`: nothing, ever. */
export type Answer =
  { readonly kind: "reply"; readonly reply: WireReply } | { readonly kind: "lost" | "hang" | "refused" };

export interface Simulation {
  readonly world: World;
  readonly calls: CallLog;
  readonly faults: Faults;
  /** What the simulator could not judge: an unsupported policy, a bug. A test that cares expects none. */
  readonly problems: unknown[];
}

export function stampOf(world: World): Stamp {
  return { requestId: world.random.uuid(), at: world.clock.now() };
}

/** Answers a request. `delivered: false` runs it for a client that will never hear of it. */
export function respond(simulation: Simulation, request: WireRequest, delivered = true): Answer {
  const { world } = simulation;
  world.clock.settle();
  const stamp = stampOf(world);
  const credential = credentialOf(request);
  const service = credential === undefined ? undefined : serviceNamed(credential.service);
  if (credential === undefined || service === undefined) {
    return { kind: "reply", reply: unaddressed(credential, request, stamp) };
  }
  return new Exchange(simulation, { service, credential, request, stamp }).settle(delivered);
}

interface Addressed {
  readonly service: Service;
  readonly credential: Credential;
  readonly request: WireRequest;
  readonly stamp: Stamp;
}

/** A request being answered. Holds what is known so far, so that whatever ends it can be recorded in full. */
class Exchange {
  readonly #simulation: Simulation;
  readonly #addressed: Addressed;
  #identity: Identity | undefined;
  #operation = "";
  #input: Readonly<Record<string, unknown>> = {};
  readonly #permissions: string[] = [];

  constructor(simulation: Simulation, addressed: Addressed) {
    this.#simulation = simulation;
    this.#addressed = addressed;
  }

  settle(delivered: boolean): Answer {
    const { service, stamp, request } = this.#addressed;
    try {
      const answer = this.#answer();
      this.#record("ok", delivered && answer.kind === "reply");
      return answer;
    } catch (error) {
      if (error instanceof Struck) {
        this.#record(error.message, delivered && error.answer.kind === "reply");
        return error.answer;
      }
      if (!(error instanceof ApiError)) throw this.#problem(error);
      this.#record(error.type, delivered);
      return { kind: "reply", reply: service.protocol.refuse(error, stamp, request) };
    }
  }

  #answer(): Answer {
    const { service, credential, request, stamp } = this.#addressed;
    const routed = service.protocol.route(request);
    this.#operation = routed.operation.name;
    const caller = this.#recognise();
    this.#input = routed.readInput();
    const effect = this.#disturb();
    const output = perform({
      name: credential.service,
      service,
      operation: this.#operation,
      input: this.#input,
      caller,
      at: stamp.at,
      asked: (action) => this.#permissions.push(action),
    });
    const reply = service.protocol.answer(routed.operation, output, stamp);
    return effect?.kind === "lose" ? { kind: "lost" } : { kind: "reply", reply };
  }

  /** Who calls. A Region that is not enabled knows no keys at all (semantics §9.3). */
  #recognise(): Caller {
    const { world } = this.#simulation;
    const { credential, service, stamp } = this.#addressed;
    const identity = world.iam.recognise(credential, stamp.at);
    if (identity === "expired") throw service.dialect.expired();
    if (identity === "unknown") throw service.dialect.unknownKey();
    this.#identity = identity;
    const global = service.global && credential.region === "us-east-1";
    if (!global && !world.exists(identity.principal.account, credential.region)) throw service.dialect.unknownKey();
    return callerOf(world, identity, credential.region);
  }

  /** Lets a fault strike. Returns the effect that is still to come once the operation has run. */
  #disturb(): Effect | undefined {
    const { credential, service } = this.#addressed;
    const subject = {
      service: credential.service,
      operation: this.#operation,
      account: this.#identity?.principal.account ?? "",
      region: credential.region,
      input: this.#input,
    };
    const effect = this.#simulation.faults.effectOn(subject);
    if (effect === undefined) return undefined;
    const error = errorOf(effect, service.dialect, subject);
    if (error !== undefined) throw error;
    if (effect.kind === "html")
      throw new Struck(`HTML ${effect.status}`, { kind: "reply", reply: htmlPage(effect.status) });
    if (effect.kind === "hang") throw new Struck("hang", { kind: "hang" });
    if (effect.kind === "refuse-connection") throw new Struck("ECONNREFUSED", { kind: "refused" });
    return effect;
  }

  /** Anything but an ApiError is a fault of the simulator or of a test's policy. Kept, in case the client takes it for AWS's. */
  #problem(error: unknown): unknown {
    this.#simulation.problems.push(error);
    this.#record("simulator problem", false);
    return error;
  }

  #record(outcome: string, delivered: boolean): void {
    const { credential, stamp } = this.#addressed;
    const { service, region, accessKeyId } = credential;
    const known = {
      operation: this.#operation,
      identity: this.#identity,
      input: this.#input,
      permissions: this.#permissions,
    };
    record(this.#simulation.calls, { stamp, service, region, accessKeyId, ...known, outcome, delivered });
  }
}

/** A fault that ends the exchange without the service having a word in it. */
class Struck extends Error {
  readonly answer: Answer;
  constructor(outcome: string, answer: Answer) {
    super(outcome);
    this.answer = answer;
  }
}

/** A request that is for no simulated service: unsigned, or signed for another one. */
function unaddressed(credential: Credential | undefined, request: WireRequest, stamp: Stamp): WireReply {
  const [status, type, message] =
    credential === undefined
      ? ([403, "MissingAuthenticationTokenException", "Missing Authentication Token"] as const)
      : ([
          501,
          "NotImplementedException",
          `The simulator does not simulate the service ${credential.service}`,
        ] as const);
  const xml = (request.headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded");
  const body = xml
    ? `<ErrorResponse><Error><Type>Sender</Type><Code>${type}</Code><Message>${message}</Message></Error></ErrorResponse>`
    : JSON.stringify({ message });
  const headers = {
    "content-type": xml ? "text/xml" : "application/json",
    date: stamp.at.toUTCString(),
    "x-amzn-errortype": type,
    "x-amzn-requestid": stamp.requestId,
  };
  return { status, headers, body: bytesOf(body) };
}

/** An answer no model knows, as a proxy or a load balancer would give it. */
function htmlPage(status: number): WireReply {
  const body = "<!DOCTYPE html><html><head><title>Please wait</title></head><body><h1>Please wait</h1></body></html>";
  return { status, headers: { "content-type": "text/html; charset=utf-8" }, body: bytesOf(body) };
}
