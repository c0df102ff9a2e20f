/** Lambda as it runs functions: invocations that were accepted, and durable executions (Lambda API Reference, `Invoke`). */
import type {
  CheckpointDurableExecutionRequest,
  GetDurableExecutionStateRequest,
  InvocationRequest,
} from "@aws-sdk/client-lambda";
import type { Need } from "../iam/authorize.ts";
import { ApiError, type Context, type Handlers } from "../service.ts";
import { checkpointed, stateOf } from "./api.ts";
import { newExecution, type Kept } from "./execution.ts";

export interface RunnableFunction {
  /** The version that this alias names now. */
  readonly version: string;
  readonly durable: boolean;
  /** What it answers where it is asked and waited for. Throws: an error of the function's own. Absent: only events are taken. */
  readonly answers?: (payload: string) => unknown;
}

/** An asynchronous invocation that Lambda has taken on. */
export interface Accepted {
  /** The alias. */
  readonly functionArn: string;
  readonly payload: string;
  /** Of a durable function. */
  readonly execution?: Kept;
}

/** The functions of one account and Region. The simulator takes invocations on; whoever put the functions here runs them. */
export interface LambdaRuntime {
  /** By the ARN of an alias, or of the function where it is invoked without one. */
  readonly functions: Map<string, RunnableFunction>;
  /** By ARN. */
  readonly executions: Map<string, Kept>;
  /** In the order they came. Whoever runs them takes them out. */
  readonly accepted: Accepted[];
  /** Said after everything that whoever runs functions should hear of. */
  stirred: () => void;
}

export const createRuntime = (): LambdaRuntime => ({
  functions: new Map(),
  executions: new Map(),
  accepted: [],
  stirred: () => undefined,
});

type Call = Context<{ readonly runtime: LambdaRuntime }>;

function invoke(input: InvocationRequest, { state: { runtime }, now, uuid, ...place }: Call): unknown {
  const functionArn = qualifiedArn(input, place);
  const found = runtime.functions.get(functionArn);
  if (found === undefined) throw notFound(`Function not found: ${functionArn}`);
  const payload = Buffer.from(input.Payload ?? []).toString() || "{}";
  if (input.InvocationType !== "Event") return answered(found, payload);
  if (!found.durable) return taken(runtime, { functionArn, payload });
  if (input.DurableExecutionName === undefined) return begin(uuid());
  return running(input.DurableExecutionName) ?? begin(input.DurableExecutionName);

  function begin(name: string) {
    const arn = `${prefix(name)}${uuid()}`;
    const execution = newExecution(arn, payload, now);
    runtime.executions.set(arn, execution);
    return { ...taken(runtime, { functionArn, payload, execution }), DurableExecutionArn: arn };
  }

  /** One name is one execution: the same again is that one, another under its name is refused. */
  function running(name: string) {
    const known = [...runtime.executions.values()].find(({ arn }) => arn.startsWith(prefix(name)));
    if (known === undefined) return undefined;
    if (known.operations.get("execution")?.ExecutionDetails?.InputPayload === payload)
      return { StatusCode: 202, DurableExecutionArn: known.arn };
    throw new ApiError("DurableExecutionAlreadyStartedException", `${name} was started with another payload`);
  }

  function prefix(name: string): string {
    return `${functionArn.replace(/:[^:]+$/, "")}:${found?.version}/durable-execution/${name}/`;
  }
}

/** A function that fails is invoked with success: 200, what it threw as payload, and the word `Unhandled` beside it. */
function answered({ answers, version }: RunnableFunction, payload: string) {
  if (answers === undefined) throw new ApiError("NotImplemented", "only Event is simulated of this function", {}, 501);
  const told = (value: unknown) => Buffer.from(JSON.stringify(value ?? null));
  try {
    return { StatusCode: 200, ExecutedVersion: version, Payload: told(answers(payload)) };
  } catch (error) {
    const { name, message } = error as Error;
    const thrown = told({ errorType: name, errorMessage: message });
    return { StatusCode: 200, ExecutedVersion: version, FunctionError: "Unhandled", Payload: thrown };
  }
}

function taken(runtime: LambdaRuntime, accepted: Accepted) {
  runtime.accepted.push(accepted);
  runtime.stirred();
  return { StatusCode: 202 };
}

const checkpointDurableExecution = (input: CheckpointDurableExecutionRequest, { state: { runtime }, now }: Call) => {
  const answer = checkpointed(executionNamed(runtime, input.DurableExecutionArn), input, now);
  runtime.stirred();
  return answer;
};

const getDurableExecutionState = (input: GetDurableExecutionStateRequest, { state: { runtime } }: Call) =>
  stateOf(executionNamed(runtime, input.DurableExecutionArn), input);

function executionNamed({ executions }: LambdaRuntime, arn = ""): Kept {
  const found = executions.get(arn);
  if (found === undefined) throw notFound(`Durable execution not found: ${arn}`);
  return found;
}

const notFound = (message: string): ApiError =>
  new ApiError("ResourceNotFoundException", message, { Type: "User" }, 404);

interface Place {
  readonly account: string;
  readonly region: string;
}

/** A function by its ARN or its name, an alias in it or beside it. */
function qualifiedArn(
  { FunctionName = "", Qualifier }: Partial<InvocationRequest>,
  { account, region }: Place,
): string {
  const arn = FunctionName.startsWith("arn:")
    ? FunctionName
    : `arn:aws:lambda:${region}:${account}:function:${FunctionName}`;
  return Qualifier === undefined ? arn : `${arn}:${Qualifier}`;
}

export const runtimeHandlers: Handlers<{ readonly runtime: LambdaRuntime }> = {
  Invoke: invoke,
  CheckpointDurableExecution: checkpointDurableExecution,
  GetDurableExecutionState: getDurableExecutionState,
};

/**
 * Invoking is judged by the alias's ARN, an execution by its own (Service Authorization Reference, AWS Lambda). What an execution invokes is
 * invoked as its function's role, which is who checkpoints.
 */
export function runtimeNeeds(
  operation: string,
  input: Readonly<Record<string, unknown>>,
  place: Place,
): readonly Need[] {
  if (operation === "Invoke") return [{ action: "lambda:InvokeFunction", resource: qualifiedArn(input, place) }];
  const { DurableExecutionArn = "", Updates = [] } = input as Partial<CheckpointDurableExecutionRequest>;
  const invoked = Updates.flatMap(({ Action, ChainedInvokeOptions }) =>
    Action === "START" && ChainedInvokeOptions !== undefined ? (ChainedInvokeOptions.FunctionName ?? []) : [],
  );
  return [
    { action: `lambda:${operation}`, resource: DurableExecutionArn },
    ...[...new Set(invoked)].map((resource) => ({ action: "lambda:InvokeFunction", resource })),
  ];
}
