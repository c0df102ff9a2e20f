/** Lambda's part in a durable execution: keeps its state, invokes what it asks for, and calls the function again until it is done. */
import { existsSync } from "node:fs";
import type { Operation } from "@aws-sdk/client-lambda";
import {
  InvocationStatus,
  type DurableExecutionClient,
  type DurableExecutionInvocationInput,
  type DurableExecutionInvocationOutput,
  type WireOperation,
} from "@aws/durable-execution-sdk-js";
import {
  answer,
  checkpoint,
  checkToken,
  metered,
  newExecution,
  nextDue,
  nextToken,
  settle,
  visible,
  type Answered,
  type Invoked,
  type Kept,
} from "../../simulator/durable/execution.ts";
import { ApiError } from "../../simulator/service.ts";
import { QUOTAS, type Metered, type Quotas } from "../../simulator/durable/quotas.ts";
import { putDown, takeUp } from "./file.ts";

export interface BackendOptions {
  /** What the execution is started with. */
  readonly input?: unknown;
  /** Where its state is kept. One that is there is gone on with, by whatever process. Absent: in memory alone. */
  readonly file?: string;
  /** Runs a function that the execution invokes, for what it resolves with. A rejection fails the invoke; nobody tries again. */
  readonly invoke?: (functionName: string, payload: unknown) => Promise<unknown>;
  readonly quotas?: Quotas;
  /** Most operations that a call is begun with; the others are fetched. Lambda's own figure is not documented. */
  readonly pageSize?: number;
}

export interface DurableBackend {
  /** What the SDK reads state and writes checkpoints by. */
  readonly client: DurableExecutionClient;
  /**
   * Calls the function until it ends, and says how. A call that rejects (a crash, a kill, a time that ran out) is made again, as Lambda
   * does; one that rejects time after time with nothing checkpointed in between is given up, which Lambda does not before the execution's
   * own timeout. Waits and pauses between tries take no time: they are over once the function is suspended.
   */
  readonly run: (call: Call) => Promise<Ended>;
  readonly metered: () => Metered;
  /** How often the function was called. */
  readonly calls: () => number;
}

export type Call = (event: DurableExecutionInvocationInput) => Promise<DurableExecutionInvocationOutput>;
export type Ended = Exclude<DurableExecutionInvocationOutput, { readonly Status: InvocationStatus.PENDING }>;

/** Calls that may reject one after the other without the execution having moved. */
const PATIENCE = 10;

const ARN = "arn:aws:lambda:eu-west-1:111122223333:function:coordinator:live/durable-execution/run/1";

export function durableBackend(options: BackendOptions): DurableBackend {
  const { file, input = {}, pageSize = 100 } = options;
  const goneOn = file !== undefined && existsSync(file);
  const execution = goneOn ? takeUp(file) : newExecution(ARN, JSON.stringify(input), new Date());
  const keep = (): void => (file === undefined ? undefined : putDown(file, execution));
  const functions = invokedBy(execution, options, keep);
  functions.start();
  let calls = 0;
  return {
    client: clientOf(execution, { ...options, pageSize }, () => {
      keep();
      functions.start();
    }),
    metered: () => metered(execution),
    calls: () => calls,
    run: async (call) => {
      for (let fruitless = 0; ;) {
        calls += 1;
        const before = metered(execution).bytesWritten + execution.operations.size;
        const event = beginning(execution, pageSize);
        keep();
        const ended = await call(event).catch((error: unknown) => new Crash(error));
        if (ended instanceof Crash) {
          const moved = metered(execution).bytesWritten + execution.operations.size > before;
          fruitless = moved ? 0 : fruitless + 1;
          if (fruitless > PATIENCE) throw ended.cause;
        } else if (ended.Status === InvocationStatus.PENDING) await functions.news();
        else return ended;
      }
    },
  };
}

class Crash extends Error {
  constructor(cause: unknown) {
    super("the call was rejected", { cause });
  }
}

function clientOf(
  execution: Kept,
  { quotas = QUOTAS, pageSize }: Pick<BackendOptions, "quotas"> & { readonly pageSize: number },
  moved: () => void,
): DurableExecutionClient {
  return {
    checkpoint: async ({ CheckpointToken, Updates = [] }) =>
      asLambda(() => {
        checkToken(execution, CheckpointToken);
        const operations = checkpoint(execution, Updates, new Date(), quotas);
        const token = nextToken(execution);
        moved();
        return { CheckpointToken: token, NewExecutionState: { Operations: overTheWire(operations) } };
      }),
    getExecutionState: async ({ CheckpointToken, Marker = "0" }) =>
      asLambda(() => {
        checkToken(execution, CheckpointToken);
        return pageOf(execution, Number(Marker), pageSize);
      }),
  };
}

/** A refusal as Lambda's client throws it: by its status the SDK tells what ends the call from what ends the execution. */
function asLambda<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof ApiError ? Object.assign(error, { $metadata: { httpStatusCode: 400 } }) : error;
  }
}

/** What a function is called with: as much of the state as fits, and which operations ended while it was away. */
function beginning(execution: Kept, pageSize: number): DurableExecutionInvocationInput {
  const UpdatedOperationIds = [...execution.news];
  execution.news.clear();
  return {
    DurableExecutionArn: execution.arn,
    CheckpointToken: nextToken(execution),
    UpdatedOperationIds,
    InitialExecutionState: pageOf(execution, 0, pageSize),
  };
}

function pageOf(execution: Kept, from: number, size: number) {
  const all = visible(execution);
  const end = from + size;
  return {
    Operations: overTheWire(all.slice(from, end)),
    ...(end < all.length && { NextMarker: String(end) }),
  };
}

/** As JSON brings it: times are text. */
const overTheWire = (operations: readonly Operation[]) => JSON.parse(JSON.stringify(operations)) as WireOperation[];

/** The functions that an execution has invoked and that have not answered. Those of a process that died are run again. */
function invokedBy(execution: Kept, { invoke = refuse, quotas = QUOTAS }: BackendOptions, keep: () => void) {
  const running = new Map<string, Promise<void>>();
  const run = async (id: string, { functionName, payload }: Invoked): Promise<void> => {
    const answered = await invoke(functionName, JSON.parse(payload)).then(
      (result): Answered => ({ result: JSON.stringify(result) }),
      ({ name, message }: Error): Answered => ({ error: { ErrorType: name, ErrorMessage: message } }),
    );
    running.delete(id);
    answer(execution, id, answered, new Date(), quotas);
    keep();
  };
  return {
    start: (): void => {
      for (const [id, invoked] of execution.invoked) if (!running.has(id)) running.set(id, run(id, invoked));
    },
    /** Resolves once there is something to call the function for. Throws where there never will be. */
    news: async (): Promise<void> => {
      if (execution.news.size > 0) return;
      const due = nextDue(execution);
      if (due !== undefined) settle(execution, due.id, due.at);
      else if (running.size > 0) await Promise.race(running.values());
      else throw new Error("the function is suspended, and nothing is on its way that would wake it");
    },
  };
}

const refuse = (functionName: string) => Promise.reject(new Error(`nothing here runs ${functionName}`));
