import type { Clock } from "../../controller/ports.ts";
import type { Clock as VirtualClock } from "../simulator/clock.ts";
import "./read-beforehand.ts";

/** Time as controllers in this process have it: the simulator's own, in which nobody waits for real. */
export interface SharedTime {
  readonly clock: Clock;
  /** A pause in the background, as a lease makes between renewals: it passes with the time that others sleep, and moves none by itself. */
  readonly idle: (ms: number, signal: AbortSignal) => Promise<void>;
}

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
  /** Whether time is moved for its sake. */
  readonly moves: boolean;
}

/** Turns of the event loop after which nothing but sleepers can be waiting: a call in process takes a few. */
const TURNS = 20;

/**
 * Sleepers sleep side by side, as they do in the world: once everything waits, time moves on to whoever is due first. One for all
 * controllers of a simulator, so that the one's sleep is the other's passing time.
 */
export function timeOf(virtual: VirtualClock): SharedTime {
  const sleepers = new Set<Sleeper>();
  const wakeDue = (now: Date): void => {
    const due = [...sleepers].filter((one) => one.due <= now.getTime()).toSorted((a, b) => a.due - b.due);
    for (const one of due) {
      sleepers.delete(one);
      one.wake();
    }
  };
  virtual.onPassed((_from, to) => wakeDue(to));

  let moving = false;
  const move = async (): Promise<void> => {
    if (moving) return;
    moving = true;
    for (;;) {
      for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => void setImmediate(resolve));
      const dues = [...sleepers].map(({ due }) => due);
      if (![...sleepers].some(({ moves }) => moves)) break;
      virtual.advanceTo(new Date(Math.max(Math.min(...dues), virtual.now().getTime())));
      wakeDue(virtual.now());
    }
    moving = false;
  };
  const sleep = (ms: number): Promise<void> =>
    new Promise((wake) => {
      sleepers.add({ due: virtual.now().getTime() + ms, wake, moves: true });
      void move();
    });
  const idle = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((wake) => {
      const one = { due: virtual.now().getTime() + ms, wake, moves: false };
      sleepers.add(one);
      const end = () => {
        if (sleepers.delete(one)) wake();
      };
      signal.addEventListener("abort", end, { once: true });
    });
  return {
    clock: { now: () => virtual.now(), monotonic: () => virtual.now().getTime(), sleep },
    idle,
  };
}
