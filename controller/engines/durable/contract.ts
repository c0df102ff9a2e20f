import * as z from "zod";
import { Digest } from "../../domain/identity.ts";

/** What a worker is asked to do with its shard. */
export const TASKS = ["declared", "governed", "apply", "survey"] as const;
export type Task = (typeof TASKS)[number];

/** Which shard of which work. Everything else stands in the record, under a digest that came the same way as this. */
export const WorkerRequest = z.strictObject({
  run: z.string(),
  /** The taking of the fleet's lease that the run goes by. */
  lease: z.string(),
  record: Digest,
  task: z.enum(TASKS),
  /** From 0. */
  shard: z.int().min(0),
  /** Targets a shard. */
  size: z.int().min(1),
  /** What an earlier worker of the same shard left: go on from there. */
  from: Digest.exactOptional(),
  /** The wave to apply, from 0, and the plan that it is of. */
  wave: z.int().min(0).exactOptional(),
  plan: Digest.exactOptional(),
});
export type WorkerRequest = z.infer<typeof WorkerRequest>;

/**
 * What a worker answers: whether it came to the end of its shard, and the digest of what it leaves among the run's papers. The answers of a
 * thousand shards together must stay far below the 256 KB that one operation may hold (infra §2.4).
 */
export const WorkerAnswer = z.strictObject({ state: z.enum(["DONE", "MORE"]), paper: Digest });
export type WorkerAnswer = z.infer<typeof WorkerAnswer>;

/** What came of a shard, in the end. `paper` is absent where no worker left anything. `asked`: how many workers were asked. */
export interface ShardAnswer {
  readonly state: WorkerAnswer["state"] | "DEAD";
  readonly paper?: string;
  readonly asked: number;
}
