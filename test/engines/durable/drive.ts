/** Lambda's part in a durable execution besides keeping it: runs the functions it invokes, and calls the orchestrator until it has ended. */
import {
  InvocationStatus,
  type DurableExecutionInvocationInput,
  type DurableExecutionInvocationOutput,
} from "@aws/durable-execution-sdk-js";
import { beginning } from "../../simulator/durable/api.ts";
import {
  answer,
  metered,
  nextDue,
  settle,
  type Answered,
  type Invoked,
  type Kept,
} from "../../simulator/durable/execution.ts";
import type { Quotas } from "../../simulator/durable/quotas.ts";

/** Calls the orchestrator once. Rejects where it crashed, was killed or ran out of time. */
export type Call = (event: DurableExecutionInvocationInput) => Promise<DurableExecutionInvocationOutput>;
export type Ended = Exclude<DurableExecutionInvocationOutput, { readonly Status: InvocationStatus.PENDING }>;

export interface DriveOptions {
  /** Runs a function that the execution invokes, for what it resolves with. A rejection fails the invoke; nobody tries again. */
  readonly invoke?: (functionName: string, payload: unknown) => Promise<unknown>;
  readonly quotas?: Quotas;
  readonly pageSize?: number;
  /** Puts the execution down, after every change made here. */
  readonly keep?: () => void;
}

export interface Driving {
  /** To be said after every checkpoint: functions may have been invoked in it. */
  readonly moved: () => void;
  /**
   * Calls the function until it ends, and says how. A call that rejects is made again, as Lambda does; one that rejects time after time with
   * nothing checkpointed in between is given up, which Lambda does not before the execution's own timeout. Waits and pauses between tries
   * take no time: they are over once the function is suspended.
   */
  readonly run: (call: Call) => Promise<Ended>;
  /** How often the function was called. */
  readonly calls: () => number;
}

/** Calls that may reject one after the other without the execution having moved. */
const PATIENCE = 10;

export function drive(execution: Kept, options: DriveOptions): Driving {
  const { keep = () => undefined, pageSize } = options;
  const functions = invokedBy(execution, { ...options, keep });
  functions.start();
  let calls = 0;
  return {
    moved: () => {
      keep();
      functions.start();
    },
    calls: () => calls,
    run: async (call) => {
      for (let fruitless = 0; ;) {
        calls += 1;
        const before = progressOf(execution);
        const event = overTheWire(beginning(execution, pageSize));
        keep();
        const ended = await call(event).catch((error: unknown) => new Crash(error));
        if (ended instanceof Crash) {
          fruitless = progressOf(execution) > before ? 0 : fruitless + 1;
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

const progressOf = (execution: Kept): number => metered(execution).operations + execution.bytesWritten;

/** As JSON brings it: times are text. */
const overTheWire = (event: ReturnType<typeof beginning>) =>
  JSON.parse(JSON.stringify(event)) as DurableExecutionInvocationInput;

/** The functions that an execution has invoked and that have not answered. Those of a process that died are run again. */
function invokedBy(execution: Kept, { invoke = refuse, quotas, keep }: DriveOptions & { readonly keep: () => void }) {
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
    /** Resolves once there is something to call the orchestrator for. Throws where there never will be. */
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
