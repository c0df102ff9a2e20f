import type { Clock } from "../../controller/ports.ts";
import "../support/read-beforehand.ts";

/** Time that passes only where everything waits: nothing sleeps for real, and every wait can be read off the clock. */
export interface VirtualTime {
  readonly clock: Clock;
  /** Milliseconds since the beginning. */
  readonly elapsed: () => number;
  /** Lets time pass, from one due sleeper to the next, until the work settles. */
  readonly until: <T>(work: Promise<T>) => Promise<T>;
  readonly pass: (ms: number) => void;
}

export function virtualTime(
  start = new Date("2026-01-01T00:00:00Z"),
  onPassed: (ms: number) => void = () => undefined,
): VirtualTime {
  let elapsed = 0;
  const sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  const pass = (ms: number) => {
    elapsed += ms;
    onPassed(ms);
  };
  const wakeNext = () => {
    sleepers.sort((a, b) => a.at - b.at);
    const next = sleepers.shift();
    if (next === undefined) throw new Error("everything waits, and nobody sleeps: the work can never settle");
    if (next.at > elapsed) pass(next.at - elapsed);
    next.wake();
  };
  return {
    clock: {
      now: () => new Date(start.getTime() + elapsed),
      monotonic: () => elapsed,
      sleep: (ms) => new Promise((wake) => void sleepers.push({ at: elapsed + ms, wake: () => wake() })),
    },
    elapsed: () => elapsed,
    pass,
    until: async (work) => {
      const state = { settled: false };
      const mark = () => {
        state.settled = true;
      };
      work.then(mark, mark);
      for (let idle = 1; !state.settled; idle += 1) {
        // oxlint-disable-next-line no-await-in-loop -- lets everything that can run, run, before time moves
        await new Promise((resolve) => void setImmediate(resolve));
        // A call takes a few turns of the event loop of its own; time moves once nothing has settled for some of them.
        if (idle % 25 === 0 && sleepers.length > 0) wakeNext();
        if (idle > 100_000) throw new Error("the work never settles");
      }
      return work;
    },
  };
}
