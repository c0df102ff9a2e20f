/** EventBridge's PutEvents (EventBridge API Reference): entries succeed and fail one by one. Rules and buses are placed, not made by calls; rules.ts tells of them. */
import * as Events from "@aws-sdk/client-eventbridge";
import { eventsDialect } from "../dialect.ts";
import type { Need } from "../iam/authorize.ts";
import { ApiError, type Context, type Handlers } from "../service.ts";
import type { Caller, Service } from "../services.ts";
import { jsonRpc } from "../wire/json-rpc.ts";
import { readModel } from "../wire/model.ts";
import type { World } from "../world.ts";
import { busArn, type EventBus } from "./bus.ts";
import { putOn } from "./delivery.ts";
import { ruleHandlers } from "./rules.ts";

const mostEntries = 10;
/** Of one entry, as EventBridge counts it ("Calculating PutEvents event entry size"). */
const mostBytes = 262_144;
const bytesOfTime = 14;

interface Entry {
  readonly Time?: Date;
  readonly Source?: string;
  readonly Resources?: readonly string[];
  readonly DetailType?: string;
  readonly Detail?: string;
  /** A name, or an ARN; the default bus where it is left out. */
  readonly EventBusName?: string;
}

interface PutEventsInput {
  readonly Entries: readonly Entry[];
}

type Result = { readonly EventId: string } | { readonly ErrorCode: string; readonly ErrorMessage: string };

/** As many results as entries, in their order. */
function putEvents({ Entries }: PutEventsInput, context: Context<World>): unknown {
  if (Entries.length === 0 || Entries.length > mostEntries) {
    const why = `Value at 'entries' failed to satisfy constraint: Member must have length between 1 and ${mostEntries}`;
    throw new ApiError("ValidationException", `1 validation error detected: ${why}`);
  }
  const results = Entries.map((entry) => put(entry, context));
  return { FailedEntryCount: results.filter((one) => "ErrorCode" in one).length, Entries: results };
}

function put(entry: Entry, context: Context<World>): Result {
  const { state: world, account, region, now } = context;
  const code = world.eventBridge.failing.shift();
  if (code !== undefined) return { ErrorCode: code, ErrorMessage: "Unable to take the event at present." };
  const detail = parsed(entry.Detail);
  const problem = problemOf(entry, detail);
  if (problem !== undefined) return problem;
  const bus = busNamed(world, entry.EventBusName, { account, region });
  if (bus === undefined)
    return failed("InvalidArgument", `Event bus ${entry.EventBusName ?? "default"} does not exist.`);
  const id = context.uuid();
  const event = {
    version: "0",
    id,
    "detail-type": entry.DetailType ?? "",
    source: entry.Source ?? "",
    account,
    time: `${(entry.Time ?? now).toISOString().slice(0, 19)}Z`,
    region,
    resources: entry.Resources ?? [],
    detail: detail as Readonly<Record<string, unknown>>,
  } as const;
  putOn(world, bus, event, now);
  return { EventId: id };
}

/** Sources that begin with `aws.` are AWS's own. */
function problemOf(entry: Entry, detail: unknown): Result | undefined {
  for (const name of ["Source", "DetailType", "Detail"] as const) {
    const isThere = entry[name] !== undefined && entry[name] !== "";
    if (!isThere)
      return failed("InvalidArgument", `Parameter ${name} is not valid. Reason: ${name} is a required argument.`);
  }
  if (entry.Source?.startsWith("aws.") === true) {
    return failed("NotAuthorizedForSourceException", "Not authorized for the source.");
  }
  if (typeof detail !== "object" || detail === null || Array.isArray(detail)) {
    return failed("MalformedDetail", "Detail is malformed.");
  }
  return sizeOf(entry) > mostBytes ? failed("InvalidArgument", "Entry size exceeds 256 KB.") : undefined;
}

const failed = (ErrorCode: string, ErrorMessage: string): Result => ({ ErrorCode, ErrorMessage });

function parsed(text = ""): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sizeOf({ Time, Source = "", DetailType = "", Detail = "", Resources = [] }: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources].map((text) => Buffer.byteLength(text));
  return texts.reduce((sum, bytes) => sum + bytes, Time === undefined ? 0 : bytesOfTime);
}

function busNamed(
  { eventBridge }: World,
  name = "default",
  { account, region }: { readonly account: string; readonly region: string },
): EventBus | undefined {
  return name.startsWith("arn:") ? eventBridge.busOf(name) : eventBridge.bus(account, region, name);
}

const handlers: Handlers<World> = { PutEvents: putEvents, ...ruleHandlers };

/** A bus is judged by its ARN whether or not it is there; each entry with its own source and detail type (Service Authorization Reference). */
export const eventsService: Service<World> = {
  protocol: jsonRpc(readModel(Events), "AWSEvents"),
  dialect: eventsDialect,
  handlers,
  global: false,
  stateFor: ({ world }) => world,
  needs: (operation, input, caller) =>
    operation === "PutEvents"
      ? (input as unknown as PutEventsInput).Entries.map((entry) => needOf(entry, caller))
      : [{ action: `events:${operation}`, resource: lookedAt(input, caller) }],
};

/** A rule; which rules have a target is asked of no resource. */
function lookedAt(input: Readonly<Record<string, unknown>>, { account, region }: Caller): string {
  const { Name, Rule: name = Name, EventBusName: bus = "default" } = input as Readonly<Record<string, string>>;
  return name === undefined
    ? "*"
    : `arn:aws:events:${region}:${account}:rule/${bus === "default" ? "" : `${bus}/`}${name}`;
}

function needOf({ EventBusName: name = "default", Source, DetailType }: Entry, caller: Caller): Need {
  const { world, account, region } = caller;
  const bus = busNamed(world, name, { account, region });
  const resource = bus?.arn ?? (name.startsWith("arn:") ? name : busArn(account, region, name));
  const owner = bus?.account ?? account;
  const context = { "events:source": Source, "events:detail-type": DetailType };
  return {
    action: "events:PutEvents",
    resource,
    context,
    policy: { document: bus?.policy, owner, rule: "either" },
  };
}
