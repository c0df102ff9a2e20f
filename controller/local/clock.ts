import { setTimeout as pause } from "node:timers/promises";
import type { Clock } from "../ports.ts";

/** This machine's time. */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep: (ms) => pause(ms),
};

/**
 * A store's time, from the Date of one of its answers on: a laptop's wrong clock does not outlive a lease, and a simulator's virtual time
 * reaches a controller in another process.
 */
export function storeClock(at: Date, local: Pick<Clock, "monotonic" | "sleep"> = systemClock): Clock {
  const start = local.monotonic();
  return {
    now: () => new Date(at.getTime() + local.monotonic() - start),
    monotonic: () => local.monotonic(),
    sleep: (ms) => local.sleep(ms),
  };
}

/** A pause that the signal ends early and that keeps no process alive: for work in the background. */
export async function idle(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await pause(ms, undefined, { signal, ref: false });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
