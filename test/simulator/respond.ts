/** One request, one answer: recognise the caller, read the input, let faults and permissions have their say, run, write, record. */
import { isMutating, loggedInput, type Call, type CallLog } from "./calls.ts";
import { errorOf, type Effect, type Faults } from "./faults.ts";
import { decide, denialText } from "./iam/authorize.ts";
import type { ConditionContext } from "./iam/conditions.ts";
import type { Identity } from "./iam/registry.ts";
import { organizationPath } from "./organizations/state.ts";
import { ApiError } from "./service.ts";
import { serviceNamed, type Caller, type Service } from "./services.ts";
import { violationsOf, type ServiceFacts } from "./wire/constraints.ts";
import constraints from "./wire/constraints.json" with { type: "json" };
import { credentialOf, type Credential } from "./wire/credential.ts";
import { bytesOf, type WireReply, type WireRequest } from "./wire/message.ts";
import type { Routed, Stamp } from "./wire/protocol.ts";
import type { World } from "./world.ts";

/** What becomes of a request. `lost`: it ran, and the connection broke. `refused`: it never got here. `hang`: nothing, ever. */
export type Answer =
  { readonly kind: "reply"; readonly reply: WireReply } | { readonly kind: "lost" | "hang" | "refused" };

export interface Simulation {
  readonly world: World;
  readonly calls: CallLog;
  readonly faults: Faults;
}

/** The facts of each service, by signing name. JSON modules come without literal types; trim-models.ts wrote this one. */
const factsByService = constraints as unknown as Readonly<Record<string, ServiceFacts>>;

/** Answers a request. `delivered: false` runs it for a client that will never hear of it. */
export function respond(simulation: Simulation, request: WireRequest, delivered = true): Answer {
  const { world } = simulation;
  world.clock.settle();
  const stamp: Stamp = { requestId: world.random.uuid(), at: world.clock.now() };
  const credential = credentialOf(request);
  const service = credential === undefined ? undefined : serviceNamed(credential.service);
  if (credential === undefined || service === undefined) {
    return { kind: "reply", reply: unaddressed(credential, request, stamp) };
  }
  const exchange = new Exchange(simulation, service, credential, request, stamp);
  return exchange.settle(delivered);
}

/** A request being answered. Holds what is known so far, so that whatever ends it can be recorded in full. */
class Exchange {
  readonly #simulation: Simulation;
  readonly #service: Service;
  readonly #credential: Credential;
  readonly #request: WireRequest;
  readonly #stamp: Stamp;
  #identity: Identity | undefined;
  #operation = "";
  #input: Readonly<Record<string, unknown>> = {};

  constructor(simulation: Simulation, service: Service, credential: Credential, request: WireRequest, stamp: Stamp) {
    this.#simulation = simulation;
    this.#service = service;
    this.#credential = credential;
    this.#request = request;
    this.#stamp = stamp;
  }

  settle(delivered: boolean): Answer {
    try {
      const answer = this.#answer();
      this.#record("ok", delivered && answer.kind === "reply");
      return answer;
    } catch (error) {
      if (error instanceof Undelivered) {
        this.#record(error.outcome, false);
        return { kind: error.kind };
      }
      if (error instanceof Html) {
        this.#record(`HTML ${error.status}`, delivered);
        return { kind: "reply", reply: htmlPage(error.status) };
      }
      if (!(error instanceof ApiError)) throw error;
      this.#record(error.type, delivered);
      return { kind: "reply", reply: this.#service.protocol.refuse(error, this.#stamp, this.#request) };
    }
  }

  #answer(): Answer {
    const routed = this.#service.protocol.route(this.#request);
    this.#operation = routed.operation.name;
    const caller = this.#recognise();
    this.#input = routed.readInput();
    const effect = this.#disturb();
    const handler = this.#service.handlers[this.#operation];
    if (handler === undefined) throw this.#service.dialect.notSimulated(this.#operation);
    this.#check(caller);
    const output = handler(this.#input, {
      principal: caller.identity.principal,
      account: caller.account,
      region: caller.region,
      now: this.#stamp.at,
      state: this.#service.stateFor(caller),
      uuid: caller.world.random.uuid,
    });
    const reply = this.#reply(routed, output);
    return effect?.kind === "lose" ? { kind: "lost" } : { kind: "reply", reply };
  }

  #reply(routed: Routed, output: unknown): WireReply {
    return this.#service.protocol.answer(routed.operation, output, this.#stamp);
  }

  /** Who calls. A Region that is not enabled knows no keys at all (semantics §9.3). */
  #recognise(): Caller {
    const { world } = this.#simulation;
    const { region } = this.#credential;
    const identity = world.iam.recognise(this.#credential, this.#stamp.at);
    if (identity === "expired") throw this.#service.dialect.expired();
    if (identity === "unknown") throw this.#service.dialect.unknownKey();
    this.#identity = identity;
    const { account } = identity.principal;
    const enabled = world.exists(account, region) || (this.#service.global && region === "us-east-1");
    if (!enabled) throw this.#service.dialect.unknownKey();
    return { world, identity, account, region, common: commonContext(world, identity, region) };
  }

  /** Lets a fault strike. Returns the effect that is still to come once the operation has run. */
  #disturb(): Effect | undefined {
    const subject = {
      service: this.#credential.service,
      operation: this.#operation,
      account: this.#identity?.principal.account ?? "",
      region: this.#credential.region,
      input: this.#input,
    };
    const effect = this.#simulation.faults.effectOn(subject);
    if (effect === undefined) return undefined;
    const error = errorOf(effect, this.#service.dialect, subject);
    if (error !== undefined) throw error;
    if (effect.kind === "html") throw new Html(effect.status);
    if (effect.kind === "hang") throw new Undelivered("hang", "hang");
    if (effect.kind === "refuse-connection") throw new Undelivered("refused", "ECONNREFUSED");
    return effect;
  }

  /** Modelled constraints first, as front ends do, then permissions. */
  #check(caller: Caller): void {
    const facts = factsByService[this.#credential.service];
    const violations = facts === undefined ? [] : violationsOf(facts, this.#operation, this.#input);
    if (violations.length > 0) throw this.#service.dialect.invalid(violations);
    for (const need of this.#service.needs(this.#operation, this.#input, caller)) {
      const decision = decide(need, caller.identity, caller.common);
      if (decision !== "allowed") throw this.#service.dialect.denied(denialText(need, caller.identity, decision));
    }
  }

  #record(outcome: string, delivered: boolean): void {
    const principal = this.#identity?.principal;
    const call: Omit<Call, "index"> = {
      at: this.#stamp.at,
      service: this.#credential.service,
      operation: this.#operation,
      account: principal?.account ?? "",
      region: this.#credential.region,
      principal: principal?.arn ?? "",
      sourceIdentity: principal?.sourceIdentity,
      accessKeyId: this.#credential.accessKeyId,
      requestId: this.#stamp.requestId,
      input: loggedInput(this.#input),
      outcome,
      mutating: isMutating(this.#operation),
      delivered,
    };
    this.#simulation.calls.record(call);
  }
}

/** A fault that leaves the client without an answer. */
class Undelivered extends Error {
  readonly kind: "hang" | "refused";
  readonly outcome: string;
  constructor(kind: "hang" | "refused", outcome: string) {
    super(outcome);
    this.kind = kind;
    this.outcome = outcome;
  }
}

/** A fault that answers with a page no model knows, as a proxy or a load balancer would. */
class Html extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`HTML ${status}`);
    this.status = status;
  }
}

function commonContext(world: World, identity: Identity, region: string): ConditionContext {
  const { principal, userId } = identity;
  const path = organizationPath(world.organization, principal.account);
  const now = world.clock.now();
  return {
    "aws:PrincipalOrgID": path === undefined ? undefined : world.organization.id,
    "aws:PrincipalOrgPaths": path === undefined ? undefined : [path],
    "aws:PrincipalType": identity.session ? "AssumedRole" : "User",
    "aws:PrincipalIsAWSService": false,
    "aws:userid": userId,
    "aws:SourceIdentity": principal.sourceIdentity,
    "aws:RequestedRegion": region,
    "aws:CurrentTime": now.toISOString(),
    "aws:EpochTime": Math.floor(now.getTime() / 1000),
    // Loopback stands for the TLS endpoint it replaces.
    "aws:SecureTransport": true,
    "aws:ViaAWSService": false,
  };
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

function htmlPage(status: number): WireReply {
  const body = "<!DOCTYPE html><html><head><title>Please wait</title></head><body><h1>Please wait</h1></body></html>";
  return { status, headers: { "content-type": "text/html; charset=utf-8" }, body: bytesOf(body) };
}
