/** One durable execution as Lambda keeps it: its operations, moved on by checkpoints, by time and by the functions it invoked. */
import type { ErrorObject, Operation, OperationUpdate } from "@aws-sdk/client-lambda";
import { ApiError } from "../service.ts";
import { overQuota, QUOTAS, type Metered, type Quotas } from "./quotas.ts";
import { begun, ended, invalid, moved } from "./transitions.ts";

/** All there is to know of it: plain data, to be put down and taken up again. */
export interface Kept {
  readonly arn: string;
  /** By id, in the order they came; the first is the execution itself. */
  readonly operations: Map<string, Operation>;
  /** Numbers the tokens that were given out: only the last one is good. */
  token: number;
  retries: number;
  bytesWritten: number;
  /** Ids of operations that moved since the function was last told. */
  readonly news: Set<string>;
  /** What functions were asked to do and have not answered, by operation. */
  readonly invoked: Map<string, Invoked>;
}

/** A function that an execution waits for. */
export interface Invoked {
  readonly functionName: string;
  readonly payload: string;
}

export const newExecution = (arn: string, input: string, now: Date): Kept => {
  const ExecutionDetails = { InputPayload: input };
  const of = { Type: "EXECUTION", Status: "STARTED" } as const;
  const operation: Operation = { Id: "execution", ...of, StartTimestamp: now, ExecutionDetails };
  return {
    arn,
    operations: new Map([["execution", operation]]),
    token: 0,
    retries: 0,
    bytesWritten: Buffer.byteLength(input),
    news: new Set(),
    invoked: new Map(),
  };
};

export const metered = ({ operations, retries, bytesWritten }: Kept): Metered => ({
  operations: operations.size + retries,
  bytesWritten,
});

/** A fresh token. Those given out before are void: whoever holds one has been given up. */
export function nextToken(execution: Kept): string {
  execution.token += 1;
  return String(execution.token);
}

/** Throws what AWS answers to a token that is not the last one. */
export function checkToken(execution: Kept, token: string | undefined): void {
  if (token !== String(execution.token)) throw invalid("Invalid Checkpoint Token");
}

/**
 * Applies all updates or none. Returns the operations the function has not been told of: those updated here, and those that ended
 * meanwhile. Throws `ApiError` where AWS would refuse, quotas included.
 */
export function checkpoint(
  execution: Kept,
  updates: readonly OperationUpdate[],
  now: Date,
  quotas: Quotas = QUOTAS,
): readonly Operation[] {
  const changed = new Map<string, Operation>();
  let { retries, bytesWritten } = execution;
  for (const update of updates) {
    const id = update.Id ?? "";
    const known = changed.get(id) ?? execution.operations.get(id);
    bytesWritten += payloadOf(update, quotas);
    if (update.Action === "RETRY") retries += 1;
    changed.set(id, known === undefined ? begun(update, now) : moved(known, update, now));
  }
  const invoked = updates.flatMap(invokedIn);
  const operations = new Map([...execution.operations, ...changed]);
  const over = overQuota({ operations: operations.size + retries, bytesWritten }, quotas);
  if (over.length > 0) throw new ApiError("InvalidParameterValueException", `Quota exceeded: ${over.join("; ")}`);
  for (const [id, operation] of changed) execution.operations.set(id, operation);
  Object.assign(execution, { retries, bytesWritten });
  for (const [id, one] of invoked) execution.invoked.set(id, one);
  return told(execution, changed.keys());
}

function payloadOf({ Name, Payload = "", Error: error }: OperationUpdate, { bytesOfPayload }: Quotas): number {
  const bytes = Buffer.byteLength(Payload) + (error === undefined ? 0 : Buffer.byteLength(JSON.stringify(error)));
  if (bytes > bytesOfPayload)
    throw invalid(`Quota exceeded: ${bytes} bytes of ${Name ?? "an operation"}, of ${bytesOfPayload}`);
  return bytes;
}

/** The function an update asks for, if it asks for one. */
function invokedIn({ Id = "", Type, Action, Payload = "null", ChainedInvokeOptions }: OperationUpdate) {
  if (Type !== "CHAINED_INVOKE" || Action !== "START") return [];
  const functionName = ChainedInvokeOptions?.FunctionName ?? "";
  if (!/:function:[^:]+:[^:]+$/.test(functionName)) throw invalid(`${functionName} names no version and no alias`);
  return [[Id, { functionName, payload: Payload }] as const];
}

function told({ operations, news }: Kept, ids: Iterable<string>): readonly Operation[] {
  const all = new Set([...ids, ...news]);
  news.clear();
  return [...all].flatMap((id) => operations.get(id) ?? []);
}

/** What an invoked function ended with. */
export type Answered = { readonly result: string | undefined } | { readonly error: ErrorObject };

/** Ends an invoke. An answer too large for the channel is a failure, as any function's answer over its limit is. */
export function answer(execution: Kept, id: string, answered: Answered, now: Date, quotas: Quotas = QUOTAS): void {
  const operation = execution.operations.get(id);
  if (operation === undefined || !execution.invoked.delete(id)) return;
  const bytes = Buffer.byteLength("result" in answered ? (answered.result ?? "") : JSON.stringify(answered.error));
  const fitting: Answered =
    bytes > quotas.bytesOfPayload
      ? { error: { ErrorType: "ResponseTooLarge", ErrorMessage: `${bytes} bytes, of ${quotas.bytesOfPayload}` } }
      : answered;
  execution.bytesWritten += Math.min(bytes, quotas.bytesOfPayload);
  const failed = "error" in fitting;
  const ChainedInvokeDetails = failed ? { Error: fitting.error } : { Result: fitting.result };
  put(execution, { ...ended(operation, failed ? "FAILED" : "SUCCEEDED", now), ChainedInvokeDetails });
}

/** The operation whose time comes next: a wait, or a step that is to be tried again. */
export const nextDue = ({ operations }: Kept): { readonly id: string; readonly at: Date } | undefined =>
  [...operations]
    .flatMap(([id, { Type, Status, WaitDetails, StepDetails }]) => {
      const at =
        Type === "WAIT" && Status === "STARTED"
          ? WaitDetails?.ScheduledEndTimestamp
          : Status === "PENDING"
            ? StepDetails?.NextAttemptTimestamp
            : undefined;
      return at === undefined ? [] : [{ id, at }];
    })
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())[0];

/** Its time has come: a wait is over, a step may be tried again. */
export function settle(execution: Kept, id: string, now: Date): void {
  const operation = execution.operations.get(id);
  if (operation === undefined) return;
  put(execution, operation.Type === "WAIT" ? ended(operation, "SUCCEEDED", now) : { ...operation, Status: "READY" });
}

function put(execution: Kept, operation: Operation): void {
  execution.operations.set(operation.Id ?? "", operation);
  execution.news.add(operation.Id ?? "");
}

/** What a function is told that is called anew: all but what lies within contexts that have ended, unless they asked for it to stay. */
export function visible({ operations }: Kept): readonly Operation[] {
  const hidden = new Set<string>();
  const shut = (id: string): boolean => {
    const parent = operations.get(id);
    const over = parent?.Status === "SUCCEEDED" || parent?.Status === "FAILED";
    return hidden.has(id) || (parent?.Type === "CONTEXT" && over && parent.ContextDetails?.ReplayChildren !== true);
  };
  return [...operations].flatMap(([id, operation]) => {
    if (operation.ParentId === undefined || !shut(operation.ParentId)) return operation;
    hidden.add(id);
    return [];
  });
}
