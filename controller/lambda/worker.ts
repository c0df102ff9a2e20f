import { WorkerRequest, type WorkerAnswer } from "../engines/durable/contract.ts";
import { workOnShard } from "../engines/durable/worker.ts";
import { VERSION } from "../version.ts";
import { createWorkerWorld } from "../world.ts";
import { codeDigest } from "./code-digest.ts";
import { logger, openWorld, toldIfFailed, uniqueTo, type LambdaContext } from "./opening.ts";

const imageDigest = codeDigest(import.meta.url);

/**
 * Carries one shard of a run that the coordinator spreads (rule 24), configured by HOLDFAST_* like the controller. Rejects where the shard
 * cannot be carried; the coordinator then asks another.
 */
export async function handler(event: unknown, context: LambdaContext): Promise<WorkerAnswer> {
  return toldIfFailed("shard-failed", async () => {
    const request = WorkerRequest.parse(event);
    logger.appendKeys({ run: request.run, task: request.task, shard: request.shard });
    const { world, deadline } = await openWorld(context, { imageDigest }, createWorkerWorld);
    const reporter = { id: "holdfast/lambda", version: VERSION };
    return workOnShard(request, world, { deadline, attempt: uniqueTo(context), reporter });
  });
}
