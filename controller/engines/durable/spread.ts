import { type DurableContext, InvokeError, NestingType } from "@aws/durable-execution-sdk-js";
import { Digest } from "../../domain/identity.ts";
import { type ShardAnswer, WorkerAnswer, type WorkerRequest } from "./contract.ts";
import type { Cut } from "./operations.ts";

/** Workers at work side by side: each holds a lease's attention and a Lambda's concurrency. */
const SIDE_BY_SIDE = 50;

/** After so many workers of one shard have died, it is left alone: something in it kills them. */
const MOST_DEATHS = 3;

/** Every worker of a map: who they are, and what they are asked beside their shard. */
export interface Workers {
  /** With its alias: an execution under way stays with the code it began with. */
  readonly arn: string;
  readonly request: Omit<WorkerRequest, "shard" | "size" | "from">;
}

/** Lets workers carry the shards of a map. A shard whose workers die fails nobody but itself. */
export async function spreadOver(
  context: DurableContext,
  name: string,
  { shards, size, asks }: Cut,
  { arn, request }: Workers,
): Promise<readonly ShardAnswer[]> {
  const ask = async (item: DurableContext, shard: number): Promise<ShardAnswer> => {
    let [paper, deaths] = [undefined as Digest | undefined, 0];
    for (let asked = 1; ; asked += 1) {
      const from = paper === undefined ? {} : { from: paper };
      const payload: WorkerRequest = { ...request, shard, size, ...from };
      const answer = await answerOf(item.invoke<WorkerRequest, unknown>(`${name} ${shard} ${asked}`, arn, payload));
      if (answer) paper = answer.paper;
      else deaths += 1;
      if (answer?.state === "DONE" || asked >= asks || deaths >= MOST_DEATHS)
        return { state: answer?.state ?? "DEAD", asked, ...(paper === undefined ? {} : { paper }) };
    }
  };
  const numbers = Array.from({ length: shards }, (_, shard) => shard);
  const result = await context.map(name, numbers, ask, {
    maxConcurrency: SIDE_BY_SIDE,
    nesting: NestingType.FLAT,
  });
  return numbers.map((shard) => result.all[shard]?.result ?? { state: "DEAD", asked: asks });
}

/** Undefined of a worker that died, or that answered what is no answer. */
async function answerOf(invoked: PromiseLike<unknown>): Promise<WorkerAnswer | undefined> {
  try {
    return WorkerAnswer.safeParse(await invoked).data;
  } catch (error) {
    if (error instanceof InvokeError) return undefined;
    throw error;
  }
}
