/** Lambda, as far as one asks how a function is set up (Lambda API Reference). */
import { ApiError, type Handlers } from "../service.ts";
import { pageOf, type Placed, type PlatformContext } from "./context.ts";
import type { SimulatedFunction } from "./state.ts";

/** Of this account and Region, however it is named: bare, as `account:function:name`, or by ARN, with a version or an alias or without. */
export function functionNamed(name: string): { readonly name: string; readonly qualifier: string | undefined } {
  const [, bare = name, qualifier] =
    /(?:^|:)function:([^:]+)(?::([^:]+))?$/.exec(name) ?? /^([^:]+)(?::([^:]+))?$/.exec(name) ?? [];
  return { name: bare, qualifier };
}

const notFound = (arn: string): ApiError =>
  new ApiError("ResourceNotFoundException", `Function not found: ${arn}`, { Type: "User" }, 404);

const arnOf = ({ account, region }: Placed, name: string, qualifier?: string): string =>
  `arn:aws:lambda:${region}:${account}:function:${name}${qualifier === undefined ? "" : `:${qualifier}`}`;

interface Named {
  readonly FunctionName: string;
  readonly Qualifier?: string;
}

function find(input: Named, context: Placed) {
  const { name, qualifier: within } = functionNamed(input.FunctionName);
  const qualifier = input.Qualifier ?? within;
  const found = context.state.platform.functions.get(name);
  const arn = arnOf(context, name, qualifier);
  if (found === undefined || (qualifier !== undefined && !isThere(found, qualifier))) throw notFound(arn);
  return { found, qualifier, arn };
}

const isThere = ({ aliases }: SimulatedFunction, qualifier: string): boolean =>
  qualifier === "$LATEST" || aliases.has(qualifier) || [...aliases.values()].includes(qualifier);

/** An alias answers with the version behind it, by the alias's own ARN. */
function getFunctionConfiguration(input: Named, context: Placed): unknown {
  const { found, qualifier, arn } = find(input, context);
  return {
    FunctionName: found.name,
    FunctionArn: arn,
    Runtime: "nodejs24.x",
    Role: found.role,
    Handler: found.handler,
    Timeout: found.timeoutSeconds,
    MemorySize: found.memoryMb,
    CodeSha256: found.codeSha256,
    Version: qualifier === undefined ? "$LATEST" : (found.aliases.get(qualifier) ?? qualifier),
    Environment: { Variables: found.environment },
    State: found.state,
    LastUpdateStatus: "Successful",
    Architectures: ["arm64"],
    PackageType: "Zip",
    // Of a durable function only (Lambda API Reference, GetFunctionConfiguration).
    DurableConfig: found.durable && {
      ExecutionTimeout: found.durable.executionSeconds,
      RetentionPeriodInDays: found.durable.retentionDays,
    },
  };
}

/** Empty where nothing is reserved. */
function getFunctionConcurrency(input: Named, context: Placed): unknown {
  return { ReservedConcurrentExecutions: find(input, context).found.reservedConcurrency };
}

function getAlias(input: Named & { readonly Name: string }, context: Placed): unknown {
  const { found, arn } = find(input, context);
  const version = found.aliases.get(input.Name);
  if (version === undefined)
    throw new ApiError(
      "ResourceNotFoundException",
      `Cannot find alias arn: ${arn}:${input.Name}`,
      { Type: "User" },
      404,
    );
  return { AliasArn: `${arn}:${input.Name}`, Name: input.Name, FunctionVersion: version, Description: "" };
}

/** Not found where nothing is set: Lambda then tries twice again. */
function getFunctionEventInvokeConfig(input: Named, context: Placed): unknown {
  const { found, qualifier = "$LATEST", arn } = find(input, context);
  const retries = found.retries.get(qualifier);
  if (retries === undefined)
    throw new ApiError(
      "ResourceNotFoundException",
      `The function ${arn} doesn't have an EventInvokeConfig`,
      { Type: "User" },
      404,
    );
  return { FunctionArn: arn, MaximumRetryAttempts: retries, DestinationConfig: {} };
}

/** Of one function where it is named, by the alias that is named: a mapping of the function itself is another (ListEventSourceMappings). */
function listEventSourceMappings(
  {
    FunctionName,
    EventSourceArn,
    Marker,
  }: { readonly FunctionName?: string; readonly EventSourceArn?: string; readonly Marker?: string },
  context: Placed,
): unknown {
  const { name, qualifier } = functionNamed(FunctionName ?? "");
  const asked = FunctionName === undefined ? undefined : arnOf(context, name, qualifier);
  const mappings = [...context.state.platform.mappings.values()].filter(
    ({ functionArn, queueArn }) =>
      (asked === undefined || functionArn === asked) && (EventSourceArn === undefined || queueArn === EventSourceArn),
  );
  const page = pageOf(context, mappings, {
    listing: ["lambda:ListEventSourceMappings", FunctionName, EventSourceArn],
    token: Marker,
    invalid: () => new ApiError("InvalidParameterValueException", "Invalid marker", { Type: "User" }, 400),
  });
  return {
    EventSourceMappings: page.items.map((mapping) => ({
      UUID: mapping.uuid,
      BatchSize: mapping.batchSize,
      MaximumBatchingWindowInSeconds: mapping.gatheredForSeconds,
      EventSourceArn: mapping.queueArn,
      FunctionArn: mapping.functionArn,
      State: mapping.state,
      StateTransitionReason: "USER_INITIATED",
      FunctionResponseTypes: mapping.responseTypes,
      ...(mapping.maximumConcurrency === undefined
        ? {}
        : { ScalingConfig: { MaximumConcurrency: mapping.maximumConcurrency } }),
    })),
    NextMarker: page.next,
  };
}

export const lambdaHandlers: Handlers<PlatformContext> = {
  GetFunctionConfiguration: getFunctionConfiguration,
  GetFunctionConcurrency: getFunctionConcurrency,
  GetAlias: getAlias,
  ListEventSourceMappings: listEventSourceMappings,
  GetFunctionEventInvokeConfig: getFunctionEventInvokeConfig,
};
