import * as z from "zod";
import { Instant, Target } from "./identity.ts";
import type { TestedClass, TimedRestore } from "./tested.ts";

/** How long the restores of a class take, as far as reports remember them, and which way that goes. */
export const RestoreTimes = z.strictObject({
  target: Target,
  /** The restore testing plan, by name. */
  plan: z.string(),
  /** AWS Backup's resource type. */
  type: z.string(),
  /** Restores remembered: the last ones, of whichever resource of the type. */
  restores: z.int().min(1),
  /** When the last one ended, and how long it took. */
  lastOn: Instant,
  lastSeconds: z.int().min(0),
  medianSeconds: z.int().min(0),
  /** How long one may take. Null: no manifest says. */
  rtoSeconds: z.int().min(1).nullable(),
  /** The newer half of them against the older, by their medians. Null: too few to tell. */
  direction: z.enum(["slower", "faster", "steady"]).nullable(),
});
export type RestoreTimes = z.infer<typeof RestoreTimes>;

/** Two in either half: one slow restore is not a direction. */
const FEWEST = 4;
/** As much slower or faster is a direction, and less is chance. */
const STEADY = 0.2;

/** Undefined: none of the class was ever restored. */
export function restoreTimesOf({ target, plan, type, rtoSeconds, restores }: TestedClass): RestoreTimes | undefined {
  const last = restores.at(-1);
  if (!last) return undefined;
  return {
    target,
    plan,
    type,
    restores: restores.length,
    lastOn: last.on,
    lastSeconds: last.seconds,
    medianSeconds: medianOf(restores),
    rtoSeconds,
    direction: directionOf(restores),
  };
}

function directionOf(restores: readonly TimedRestore[]): RestoreTimes["direction"] {
  if (restores.length < FEWEST) return null;
  const half = Math.floor(restores.length / 2);
  const [before, since] = [medianOf(restores.slice(0, half)), medianOf(restores.slice(-half))];
  if (since > before * (1 + STEADY)) return "slower";
  return since < before * (1 - STEADY) ? "faster" : "steady";
}

/** Of an even number of them the longer of the two in the middle. Seconds. */
function medianOf(restores: readonly TimedRestore[]): number {
  const sorted = restores.map(({ seconds }) => seconds).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** `48 s`, `12 min`, `4 h`, `2 h 5 min`. */
export function spanText(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [...(hours > 0 ? [`${hours} h`] : []), ...(rest > 0 ? [`${rest} min`] : [])].join(" ");
}
