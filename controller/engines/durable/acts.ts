import type { DurableContext } from "@aws/durable-execution-sdk-js";
import pLimit from "p-limit";
import { RunRecord } from "../../attest/report/record.ts";
import { type ErrorCode, HoldfastError } from "../../domain/errors.ts";
import type { Digest } from "../../domain/identity.ts";
import type { Lease, Run, World } from "../../ports.ts";
import { needed, sceneOf, type Scene } from "../../stages/scene.ts";
import type { Small } from "../engine.ts";
import type { Operations } from "./operations.ts";
import type { Left } from "./parts.ts";
import { dataOf, recordFrom, type RecordData } from "./record-data.ts";

/** What a coordinator is made of. */
export interface Coordinating {
  readonly context: DurableContext;
  /** Its deadline is that of the process; another process has another. */
  readonly run: Omit<Run, "deadline">;
  /** Opened when it is first needed: most of the times that the coordinator is resumed, nothing is. */
  readonly open: () => Promise<{ readonly world: World; readonly deadline: number }>;
}

/** What a step leaves behind: where the record is, and what it came to. */
interface Kept<Answer> {
  readonly record: Digest;
  readonly answer?: Answer;
  readonly error?: { readonly code: ErrorCode; readonly message: string };
}

type Work<Answer> = (scene: Scene, lease: Lease | undefined) => Promise<Answer>;

/** Papers read side by side. */
const READERS = 16;

/**
 * What the coordinator does itself: durable code is run again from its top whenever it is resumed, so that everything it does is in a step. A
 * step takes the record up from the run's papers and puts it down there; what stays with Lambda is its digest.
 */
export class Acts {
  readonly #coordinating: Coordinating;
  readonly #operations: Operations;
  #record: Digest | undefined;
  #lease: string | undefined;

  constructor(coordinating: Coordinating, operations: Operations) {
    this.#coordinating = coordinating;
    this.#operations = operations;
  }

  /** Where workers find the record, and the lease that they join. */
  get handedOn(): { readonly record: Digest; readonly lease: string } {
    return { record: needed(this.#record, "a record"), lease: needed(this.#lease, "a lease") };
  }

  /** The fleet's lease, for this run and whoever works for it. A step that died after it took it finds it taken by its own run. */
  async takeLease(): Promise<string | undefined> {
    const { run } = this.#coordinating;
    const taken = await this.#step("take the lease", async ({ world }) => {
      const there = await world.leases.take(run.id);
      if (!("heldBy" in there)) await there.leave();
      return "heldBy" in there ? { heldBy: there.heldBy, id: there.id } : { heldBy: run.id, id: there.id };
    });
    if (taken.heldBy !== run.id) return taken.heldBy;
    this.#lease = taken.id;
    return undefined;
  }

  async giveBack(): Promise<void> {
    const { run } = this.#coordinating;
    const lease = this.#lease;
    if (lease === undefined) return;
    await this.#step("give the lease back", async ({ world }) => {
      try {
        await (await world.leases.join(run.id, lease)).release();
      } catch (error) {
        // The next run need not wait for it to run out. Where it is over, or out of reach, this run came to what it came to.
        world.log("lease-not-given-back", { holder: run.id, error: told(error).message });
      }
    });
  }

  /** Does work once. What it throws is kept like an answer, and the record as it had become. */
  async act<Answer extends Small>(name: string, work: Work<Answer>): Promise<Answer> {
    const { record, answer, error } = await this.#step(name, (opened) => this.#play(work, opened));
    this.#record = record;
    if (error?.code === "lease-lost") this.#lease = undefined;
    if (error) throw new HoldfastError(error.code, error.message);
    return answer as Answer; // one of the two is there
  }

  async #play<Answer>(
    work: Work<Answer>,
    { world, deadline }: Awaited<ReturnType<Coordinating["open"]>>,
  ): Promise<Kept<Answer>> {
    const run = { ...this.#coordinating.run, deadline };
    const record = this.#record
      ? recordFrom(await world.papers.read<RecordData>(run.id, this.#record), run)
      : new RunRecord(run, world.clock.now());
    if (record.memory) world.evidence.recall(record.memory);
    let came: Pick<Kept<Answer>, "answer" | "error">;
    try {
      came = { answer: await this.#underLease(world, (lease) => work(sceneOf(record, world), lease)) };
    } catch (error) {
      came = { error: told(error) };
    }
    return { record: await world.papers.keep(run.id, dataOf(record)), ...came };
  }

  /** Keeps the lease alive while it works. Without one, what is left is to say so. */
  async #underLease<Answer>({ leases }: World, work: (lease: Lease | undefined) => Promise<Answer>): Promise<Answer> {
    if (this.#lease === undefined) return work(undefined);
    const lease = await leases.join(this.#coordinating.run.id, this.#lease);
    try {
      return await work(lease);
    } finally {
      await lease.leave();
    }
  }

  /** Never tried again by itself: what it may have done, the work finds out when the execution is gone on with. */
  async #step<T>(name: string, work: (opened: Awaited<ReturnType<Coordinating["open"]>>) => Promise<T>): Promise<T> {
    this.#operations.spend(1);
    const { context, open } = this.#coordinating;
    return context.step(name, async () => work(await open()), { retryStrategy: () => ({ shouldRetry: false }) });
  }
}

const told = (error: unknown): NonNullable<Kept<never>["error"]> => ({
  code: error instanceof HoldfastError ? error.code : "internal",
  message: error instanceof Error ? error.message : String(error),
});

/** Puts into the record what all workers asked: a report tells of every read, and needs them only in the end. */
export async function hearWorkers({ record, world }: Scene): Promise<void> {
  const limit = pLimit(READERS);
  const parts = await Promise.all(
    record.unheard.map((digest) => limit(() => world.papers.read<Left>(record.run.id, digest))),
  );
  record.hear({ calls: {}, observations: parts.flatMap(({ asked }) => asked.observations) });
  record.unheard.length = 0;
}
