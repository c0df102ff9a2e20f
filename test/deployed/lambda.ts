/** Lambda over deployed functions: what was accepted is run, each invocation in a process of its own; durable executions are kept in files. */
import { join } from "node:path";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { DurableExecutionInvocationOutput } from "@aws/durable-execution-sdk-js";
import { WorkerRequest } from "../../controller/engines/durable/contract.ts";
import { drive, type Driving, type Ended } from "../engines/durable/drive.ts";
import { putDown } from "../engines/durable/file.ts";
import { metered, type Kept } from "../simulator/durable/execution.ts";
import type { Metered } from "../simulator/durable/quotas.ts";
import { credentialsOf, sessionOf, unqualified, type Hub, type LambdaFunction } from "./functions.ts";
import type { Killer } from "./kills.ts";

/** What came of a durable execution. */
export interface Execution {
  readonly ended: Ended;
  readonly metered: Metered;
  /** How often its function was called. */
  readonly calls: number;
}

export interface Lambda {
  /** Waits for every execution that was started. */
  readonly executions: () => Promise<readonly Execution[]>;
  /** What workers were asked, in the order in which they were. */
  readonly asked: readonly WorkerRequest[];
  /** What functions printed, in the order in which they ended. */
  readonly lines: readonly string[];
}

export interface Durable {
  readonly coordinator: LambdaFunction;
  readonly worker: LambdaFunction;
  /** A folder for the executions' states. */
  readonly folder: string;
  readonly killer: Killer;
}

/** Lets the hub's coordinator and worker be invoked from now on. */
export function runFunctions(
  { simulator, account, region }: Pick<Hub, "simulator" | "account" | "region">,
  { coordinator, worker, folder, killer }: Durable,
): Lambda {
  const runtime = simulator.lambda(account, region);
  runtime.functions.set(coordinator.arn, { version: "1", durable: true });
  const lines: string[] = [];
  const asked: WorkerRequest[] = [];
  const drivings = new Map<Kept, Driving>();
  const endings: Promise<Execution>[] = [];

  const call = async (subject: string, lambda: LambdaFunction, event: unknown): Promise<unknown> =>
    killer.exposed(subject, async (kill) => {
      const { answer, error, lines: printed } = await lambda.call({ event, kill });
      lines.push(...printed);
      if (error) throw Object.assign(new Error(error.message), { name: error.name });
      return answer;
    });
  const begin = (execution: Kept): void => {
    const file = join(folder, `execution-${drivings.size}`);
    const driving = drive(execution, {
      // Less than any run has: a function is handed the beginning, and reads on by its own right.
      pageSize: 5,
      keep: () => putDown(file, execution),
      invoke: async (functionName, payload) => {
        if (functionName !== worker.arn) throw new Error(`Function not found: ${functionName}`);
        asked.push(WorkerRequest.parse(payload));
        return call(`worker ${JSON.stringify(payload)}`, worker, payload);
      },
    });
    drivings.set(execution, driving);
    const ended = driving.run(
      (event) =>
        call(`coordinator, call ${driving.calls()}`, coordinator, event) as Promise<DurableExecutionInvocationOutput>,
    );
    endings.push(ended.then((how) => ({ ended: how, metered: metered(execution), calls: driving.calls() })));
  };
  runtime.stirred = () => {
    for (const { execution } of runtime.accepted.splice(0)) if (execution) begin(execution);
    for (const driving of drivings.values()) driving.moved();
  };
  return { executions: () => Promise.all(endings), asked, lines };
}

/** Starts the coordinator as the controller does, under its role, from within its function and by the other's alias. */
export async function start(
  { simulator, account, region, endpoint }: Hub,
  { controller, coordinator }: Readonly<Record<"controller" | "coordinator", LambdaFunction>>,
  run: string,
): Promise<void> {
  const role = `arn:aws:iam::${account}:role/holdfast-controller`;
  const keys = sessionOf(simulator, role, "test", unqualified(controller.arn));
  const client = new LambdaClient({ region, endpoint, maxAttempts: 1, credentials: credentialsOf(keys) });
  await client.send(
    new InvokeCommand({
      FunctionName: coordinator.arn,
      InvocationType: "Event",
      DurableExecutionName: run,
      Payload: Buffer.from(JSON.stringify({ run })),
    }),
  );
  client.destroy();
}
