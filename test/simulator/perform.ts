/** Runs one operation for a recognised caller: modelled constraints, permissions, handler. No transport and no faults in here. */
import { isMutating, loggedInput, type CallLog } from "./calls.ts";
import { decide, denialText } from "./iam/authorize.ts";
import type { ConditionContext } from "./iam/conditions.ts";
import type { Identity } from "./iam/registry.ts";
import { organizationPath } from "./organizations/state.ts";
import type { Caller, Service } from "./services.ts";
import { violationsOf, type ServiceFacts } from "./wire/constraints.ts";
import constraints from "./wire/constraints.json" with { type: "json" };
import type { Stamp } from "./wire/protocol.ts";
import type { World } from "./world.ts";

/** The facts of each service, by signing name. JSON modules come without literal types; trim-models.ts wrote this one. */
const factsByService = constraints as unknown as Readonly<Record<string, ServiceFacts>>;

export interface Invocation {
  /** Signing name. */
  readonly name: string;
  readonly service: Service;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
  readonly at: Date;
  /** Told each IAM action as it is asked for. */
  readonly asked: (action: string) => void;
}

/** Returns the operation's output, or throws the `ApiError` the service gives instead. */
export function perform(invocation: Invocation): unknown {
  const { name, service, operation, input, caller, at } = invocation;
  const handler = service.handlers[operation];
  if (handler === undefined) throw service.dialect.notSimulated(operation);
  const facts = factsByService[name];
  const violations = facts === undefined ? [] : violationsOf(facts, operation, input);
  if (violations.length > 0) throw service.dialect.invalid(violations);
  authorize(invocation);
  return handler(input, {
    principal: caller.identity.principal,
    account: caller.account,
    region: caller.region,
    now: at,
    state: service.stateFor(caller),
    uuid: caller.world.random.uuid,
    conditions: caller.common,
  });
}

/** Asks for each permission in turn; throws the service's denial at the first that is not given. */
function authorize({ service, operation, input, caller, asked }: Invocation): void {
  for (const need of service.needs(operation, input, caller)) {
    asked(need.action);
    if (need.judgedInside) continue;
    const decision = decide(need, caller.identity, caller.common);
    caller.world.options.judged(need, caller.identity, caller.common, decision);
    if (decision !== "allowed") throw service.dialect.denied(denialText(need, caller.identity, decision));
  }
}

export function callerOf(world: World, identity: Identity, region: string): Caller {
  const { account } = identity.principal;
  return { world, identity, account, region, common: commonContext(world, identity, region) };
}

/** Condition keys that every request carries (IAM User Guide, "AWS global condition context keys"). */
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
    // Injected where a call comes from within a function (Lambda Developer Guide, "Using source function ARN to control function access behavior").
    "lambda:SourceFunctionArn": identity.sourceFunction,
  };
}

/** What is known of a call when it ends, however it ends. */
interface Ended {
  readonly stamp: Stamp;
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly identity: Identity | undefined;
  readonly input: Readonly<Record<string, unknown>>;
  readonly permissions: readonly string[];
  readonly outcome: string;
  readonly delivered: boolean;
}

export function record(log: CallLog, { stamp, identity, input, ...ended }: Ended): void {
  const principal = identity?.principal;
  log.record({
    ...ended,
    at: stamp.at,
    requestId: stamp.requestId,
    account: principal?.account ?? "",
    principal: principal?.arn ?? "",
    sourceIdentity: principal?.sourceIdentity,
    input: loggedInput(input),
    mutating: isMutating(ended.operation),
  });
}
