/** Virtual time. It stands still until it is moved, or also runs with real time where a person sits in front of it. */

export interface Clock {
  readonly now: () => Date;
  /** Moves time forward and lets everything due in between happen, in order of time. */
  readonly advance: (milliseconds: number) => void;
  readonly advanceTo: (instant: Date) => void;
  /** Called with each span of time as it passes. */
  readonly onPassed: (listener: (from: Date, to: Date) => void) => void;
  /** From now on time also passes by itself. Returns a function that stops it again. */
  readonly run: () => () => void;
  /** Lets time that passed by itself take effect. Called before each request is answered. */
  readonly settle: () => void;
}

/** `elapsed` is a monotonic clock in milliseconds; only `run` reads it. */
export function virtualClock(start: Date, elapsed: () => number = () => performance.now()): Clock {
  const listeners: ((from: Date, to: Date) => void)[] = [];
  let at = start.getTime();
  let running: { readonly since: number; readonly from: number } | undefined;

  const passTo = (to: number) => {
    if (to < at) throw new RangeError("time does not run backwards");
    if (to === at) return;
    const from = new Date(at);
    at = to;
    for (const listener of listeners) listener(from, new Date(to));
  };
  const settle = () => {
    if (running === undefined) return;
    const due = Math.floor(running.from + elapsed() - running.since);
    if (due > at) passTo(due);
  };
  const advanceTo = (to: number) => {
    settle();
    passTo(to);
    if (running !== undefined) running = { since: elapsed(), from: at };
  };
  return {
    now: () => new Date(at),
    advance: (milliseconds) => {
      settle();
      advanceTo(at + milliseconds);
    },
    advanceTo: (instant) => advanceTo(instant.getTime()),
    onPassed: (listener) => void listeners.push(listener),
    run: () => {
      running = { since: elapsed(), from: at };
      return () => {
        settle();
        running = undefined;
      };
    },
    settle,
  };
}
