import type { Change } from "../domain/change.ts";
import { showKey } from "../domain/identity.ts";
import type { DesiredState } from "../domain/desired.ts";
import type { Carried } from "../domain/carried.ts";

const DAY_MS = 24 * 3_600_000;

interface Corrections {
  readonly carried: Carried;
  readonly desired: DesiredState;
  readonly now: Date;
}

/** The field of a change that somebody else keeps setting: corrected as often as the fleet allows within 24 h, and different again (rule 17). */
export function contested(
  change: Change,
  { carried, desired, now }: Corrections,
): { readonly path: string; readonly times: number } | undefined {
  const limit = desired.fleet.guardrails.contestedAfter;
  for (const { path } of change.fields) {
    const entry = carried.corrections.find((one) => one.path === path && showKey(one.key) === showKey(change.key));
    const times = entry?.on.filter((on) => now.getTime() - Date.parse(on) < DAY_MS).length ?? 0;
    if (times >= limit) return { path, times };
  }
  return undefined;
}
