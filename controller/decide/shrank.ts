import type { DesiredState } from "../domain/desired.ts";
import type { Carried } from "../domain/carried.ts";

/** Why the desired state counts as sharply shrunken since the last whole run, if it does (law 7). */
export function shrank(desired: DesiredState, last: Carried["declared"]): string | undefined {
  if (!last) return undefined;
  const before = Object.values(last.counts).reduce((sum, count) => sum + count, 0);
  const now = desired.resources.length;
  const percent = desired.fleet.guardrails.shrinkPercent;
  return before > 0 && now < before * (1 - percent / 100)
    ? `the manifests declare ${now} resources, and declared ${before} at the last run: more than ${percent} % are gone`
    : undefined;
}
