/** SIGKILL at moments that a seed draws. A moment is told in calls that AWS has got since the process was started, so that a slow machine kills where a fast one does. */
import { seededRandom } from "../simulator/random.ts";
import type { Simulator } from "../simulator/simulator.ts";

export interface Killing {
  readonly seed: number;
  /** Processes to kill in all. */
  readonly kills: number;
  /** Of those about one subject at most so many: an orchestrator gives up a worker that always dies. */
  readonly each: number;
  /** The latest moment. */
  readonly within: number;
}

export interface Killer {
  /** Starts a process about that subject, and perhaps kills it. */
  readonly exposed: <T>(subject: string, start: (kill: AbortSignal) => Promise<T>) => Promise<T>;
  /** `subject after 12 calls`, for each that was killed: what is to be printed where a test fails. */
  readonly killed: readonly string[];
}

/** How often the call log is looked at. Milliseconds. */
const LOOK_EVERY = 2;

export function killer(simulator: Simulator, { seed, kills, each, within }: Killing): Killer {
  const random = seededRandom(seed);
  const killed: string[] = [];
  const planned = new Map<string, number>();
  const plan = (subject: string, by: 1 | -1) => planned.set(subject, (planned.get(subject) ?? 0) + by);
  const all = () => [...planned.values()].reduce((sum, count) => sum + count, 0);
  /** Two of three, while there is anybody left to kill. */
  const isDoomed = (subject: string) => random.below(3) > 0 && all() < kills && (planned.get(subject) ?? 0) < each;

  return {
    killed,
    exposed: async (subject, start) => {
      const dying = new AbortController();
      if (!isDoomed(subject)) return start(dying.signal);
      plan(subject, 1);
      const [from, after] = [simulator.calls.all().length, random.below(within)];
      const looking = setInterval(() => {
        if (simulator.calls.all().length - from < after) return;
        clearInterval(looking);
        dying.abort();
      }, LOOK_EVERY);
      try {
        return await start(dying.signal);
      } finally {
        clearInterval(looking);
        // It may have come to its end first.
        if (dying.signal.aborted) killed.push(`${subject} after ${after} calls`);
        else plan(subject, -1);
      }
    },
  };
}
