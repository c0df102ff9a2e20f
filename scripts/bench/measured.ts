import type { Measured } from "./order.ts";

/** Does the work of this process, and tells its parent how long it took and the most memory that the process ever had. */
export async function measured(
  work: () => Promise<Omit<Measured, "seconds" | "cpuSeconds" | "peakBytes">>,
): Promise<void> {
  const from = performance.now();
  const done = await work();
  const seconds = (performance.now() - from) / 1_000;
  const { user, system } = process.cpuUsage();
  const peakBytes = process.resourceUsage().maxRSS * 1_024;
  process.send!({ seconds, cpuSeconds: (user + system) / 1_000_000, peakBytes, ...done } satisfies Measured);
  process.disconnect();
}
