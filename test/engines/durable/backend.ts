/** A durable execution in this process: what Lambda would keep of it is kept in a file, or in memory. */
import { existsSync } from "node:fs";
import type { DurableExecutionClient } from "@aws/durable-execution-sdk-js";
import { checkpointed, stateOf } from "../../simulator/durable/api.ts";
import { metered, newExecution, type Kept } from "../../simulator/durable/execution.ts";
import type { Metered } from "../../simulator/durable/quotas.ts";
import { ApiError } from "../../simulator/service.ts";
import { drive, type DriveOptions, type Driving } from "./drive.ts";
import { putDown, takeUp } from "./file.ts";

export interface BackendOptions extends Omit<DriveOptions, "keep"> {
  /** What the execution is started with. */
  readonly input?: unknown;
  /** Where its state is kept. One that is there is gone on with, by whatever process. Absent: in memory alone. */
  readonly file?: string;
}

export interface DurableBackend extends Pick<Driving, "run" | "calls"> {
  /** What the SDK reads state and writes checkpoints by. */
  readonly client: DurableExecutionClient;
  readonly metered: () => Metered;
}

const ARN = "arn:aws:lambda:eu-west-1:111122223333:function:coordinator:1/durable-execution/run/1";

export function durableBackend(options: BackendOptions): DurableBackend {
  const { file, input = {} } = options;
  const goneOn = file !== undefined && existsSync(file);
  const execution = goneOn ? takeUp(file) : newExecution(ARN, JSON.stringify(input), new Date());
  const keep = () => (file === undefined ? undefined : putDown(file, execution));
  const { run, calls, moved } = drive(execution, { ...options, keep });
  return { client: clientOf(execution, options, moved), metered: () => metered(execution), calls, run };
}

const clientOf = (
  execution: Kept,
  { quotas, pageSize }: BackendOptions,
  moved: () => void,
): DurableExecutionClient => ({
  checkpoint: async (request) => {
    const answer = asLambda(() => checkpointed(execution, request, new Date(), quotas));
    moved();
    return answer;
  },
  getExecutionState: async (request) => asLambda(() => stateOf(execution, request, pageSize)),
});

/** A refusal as Lambda's client throws it: by its status the SDK tells what ends the call from what ends the execution. */
function asLambda<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof ApiError ? Object.assign(error, { $metadata: { httpStatusCode: 400 } }) : error;
  }
}
