import { HoldfastError } from "../../domain/errors.ts";

/** Lambda ends an execution at 3,000 operations, whatever it has come to (Lambda quotas, "Durable functions"). The rest is room for the report. */
export const MOST_OPERATIONS = 2_900;

/** Targets a shard: few enough for a worker's quarter of an hour, many enough that 4,000 targets are 250 shards. */
const SHARD_SIZE = 16;
const LARGEST_SHARD = 128;

/**
 * Shards of one map: its answers together are one operation's payload, of 262,144 bytes at most. An answer takes 110 bytes, and the SDK's
 * wrapper 47 more (infra §2.4); a third is left free.
 */
export const MOST_SHARDS = 1_100;

/** A worker that died is asked again twice, one that was not through four times: what is left then is left to the next run. */
const MOST_ASKED = 6;

/** Steps that are still to come whatever happens, the report's among them. */
const STEPS = 40;

/** How a map is cut. */
export interface Cut {
  readonly size: number;
  readonly shards: number;
  /** Workers asked for each shard, one after the other, at most. */
  readonly asks: number;
}

/** Counts an execution's operations, as AWS does, and cuts its maps so that they stay within what is left. The same on every replay. */
export class Operations {
  #used = 1; // the execution itself

  get used(): number {
    return this.#used;
  }

  spend(operations: number): void {
    this.#used += operations;
  }

  /** Whether maps over so many targets have room, in shards of the usual size. */
  affords(maps: readonly number[]): boolean {
    return this.#roomBeside(maps, SHARD_SIZE) >= 0;
  }

  /**
   * The map over so many targets, `then` being those of the maps that will follow. Larger shards where small ones would be too many. Throws
   * HoldfastError `fleet-too-large` where even the largest are.
   */
  cut(targets: number, then: readonly number[]): Cut {
    for (let size = SHARD_SIZE; size <= LARGEST_SHARD; size *= 2) {
      const shards = shardsOf(targets, size);
      const room = this.#roomBeside(then, size) - 1;
      if (shards <= room && shards <= MOST_SHARDS)
        return { size, shards, asks: Math.min(MOST_ASKED, Math.floor(room / Math.max(1, shards))) };
    }
    throw new HoldfastError(
      "fleet-too-large",
      `work on ${targets} targets does not fit into what is left of the ${MOST_OPERATIONS} operations of one durable execution: part the fleet into two, each with its own Fleet manifest, buckets and controller`,
    );
  }

  /** What is left when maps of no worker asked twice, and the steps, have taken theirs. */
  #roomBeside(maps: readonly number[], size: number): number {
    const taken = maps.reduce((sum, targets) => sum + (targets === 0 ? 0 : 1 + shardsOf(targets, size)), 0);
    return MOST_OPERATIONS - this.#used - STEPS - taken;
  }
}

const shardsOf = (targets: number, size: number): number => Math.ceil(targets / size);
