import { withDurableExecution, type DurableContext } from "@aws/durable-execution-sdk-js";
import { WorkerRequest, type WorkerAnswer } from "../../controller/engines/durable/contract.ts";
import { durableEngine } from "../../controller/engines/durable/durable.ts";
import { workOnShard } from "../../controller/engines/durable/worker.ts";
import { perform } from "../../controller/reconcile.ts";
import type { World } from "../../controller/ports.ts";
import type { Concluded } from "../../controller/stages/publish.ts";
import type { Universe } from "../support/universe.ts";
import { durableBackend, type DurableBackend } from "./durable/backend.ts";
import type { Ended } from "./durable/drive.ts";

export const WORKER = "arn:aws:lambda:eu-west-1:111122223333:function:holdfast-worker:live";

const reporter = { id: "test", version: "0" };

/** What a test does to a durable run. */
export interface Durably {
  readonly id?: string;
  /** Stands between the coordinator and its workers: `work` is what the worker would do. What rejects is a worker that died. */
  readonly worker?: (request: WorkerRequest, work: (how?: Working) => Promise<unknown>) => Promise<unknown>;
  /** Worlds to give processes in place of fresh controllers'. */
  readonly world?: () => Promise<World>;
  /** The call of its own at which the first of the coordinator's processes is killed, counted over all its steps; and on which side. */
  readonly kill?: { readonly at: number; readonly when: "before" | "after" };
}

export interface Working {
  readonly world?: World;
  /** What it is asked instead. */
  readonly request?: WorkerRequest;
  /** Virtual milliseconds until no new work is started. */
  readonly deadlineIn?: number;
}

/** A coordinator's process that is killed at a call, and what its end is known by. */
async function doomed(u: Universe, { at, when }: NonNullable<Durably["kill"]>, died: (error: Error) => void) {
  const connection = u.simulator.connect();
  const { world } = await u.controller(connection, "coordinator");
  connection.killAt(connection.count() + at, when);
  void connection.killed.then(() => died(new Error("killed")));
  return world;
}

export interface RanDurably {
  readonly ended: Ended;
  readonly backend: DurableBackend;
  /** Everything workers were asked, and what they answered; undefined of one that died. */
  readonly asked: readonly { readonly request: WorkerRequest; readonly answer: unknown }[];
}

let attempts = 0;

/** What the coordinator's function does. */
export const coordinate = (context: DurableContext, id: string, open: () => Promise<World>): Promise<Concluded> =>
  perform(
    durableEngine({
      context,
      run: { id, trigger: "manual", reporter },
      open: async () => ({ world: await open(), deadline: Number.POSITIVE_INFINITY }),
      worker: WORKER,
      attempt: `c${++attempts}`,
    }),
  );

/** What the worker's function does. `deadlineIn`: virtual milliseconds. */
export const work = (request: unknown, world: World, deadlineIn = Number.POSITIVE_INFINITY): Promise<WorkerAnswer> =>
  workOnShard(WorkerRequest.parse(request), world, {
    deadline: world.clock.monotonic() + deadlineIn,
    reporter,
    attempt: `w${++attempts}`,
  });

/** A run by the coordinator and its workers, in this process and in virtual time: suspended and resumed as Lambda would. */
export async function runDurably(u: Universe, { id = "run-durable", ...how }: Durably = {}): Promise<RanDurably> {
  const open = how.world ?? (async () => (await u.controller(undefined, "coordinator")).world);
  const asked: { request: WorkerRequest; answer: unknown }[] = [];
  const backend = durableBackend({
    input: { run: id },
    invoke: async (_arn, payload) => {
      const request = WorkerRequest.parse(payload);
      const entry = { request, answer: undefined as unknown };
      asked.push(entry);
      const worker = async ({ world, deadlineIn = Number.POSITIVE_INFINITY, ...instead }: Working = {}) => {
        return work(instead.request ?? request, world ?? (await open()), deadlineIn);
      };
      entry.answer = await (how.worker ? how.worker(request, worker) : worker());
      return entry.answer;
    },
  });
  const death = Promise.withResolvers<never>();
  // It may never be waited for.
  death.promise.catch(() => {});
  let first: Promise<World> | undefined;
  let living = how.kill !== undefined;
  const coordinatorsWorld = () =>
    living && how.kill ? (first ??= doomed(u, how.kill, (error) => death.reject(error))) : open();
  const handler = withDurableExecution(
    (_event: unknown, context: DurableContext) => coordinate(context, id, coordinatorsWorld),
    { durableExecutionClient: passingTime(u, backend) },
  );
  const context = { awsRequestId: "r", getRemainingTimeInMillis: () => 900_000 };
  const buried = (error: unknown) => {
    living = false;
    throw error;
  };
  // Of Lambda's context the coordinator reads no more than this.
  const call = (event: Parameters<typeof handler>[0]) => handler(event, context as Parameters<typeof handler>[1]);
  const ended = await backend.run((event) =>
    living ? Promise.race([call(event), death.promise]).catch(buried) : call(event),
  );
  return { ended, backend, asked };
}

/** The backend's waits take no time; the simulated world's clock goes on by them. */
function passingTime({ simulator }: Universe, { client }: DurableBackend): DurableBackend["client"] {
  return {
    ...client,
    checkpoint: async (request) => {
      for (const { WaitOptions } of request.Updates ?? [])
        if (WaitOptions?.WaitSeconds) simulator.clock.advance(WaitOptions.WaitSeconds * 1000);
      return client.checkpoint(request);
    },
  };
}
