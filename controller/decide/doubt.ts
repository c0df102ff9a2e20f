import type { Bar } from "../domain/change.ts";
import type { Drift } from "../domain/drift.ts";

import type { Unsettled } from "./guardrails.ts";
import { breakGlass, managedElsewhere } from "./marks.ts";

/** Facts that allow no change at all, each with what would. */
export function barsWithoutChange(drift: Drift): readonly Bar[] {
  switch (drift.type) {
    case "unknown":
      return drift.desired
        ? [
            {
              reason: "unknown-state",
              because: `${drift.failure.operation} could not tell: ${drift.failure.message}`,
              release: "a complete listing; unknown is never taken for absent",
            },
          ]
        : [];
    case "ambiguous":
      return [
        {
          reason: "ambiguous",
          because: `${drift.candidates.length} live resources answer to this name: ${drift.candidates.map(({ id }) => id).join(", ")}`,
          release: "set adopt: <id> in the manifest, or remove the others",
        },
      ];
    case "foreign":
      return [
        {
          reason: "not-ours",
          because: "it belongs to another fleet, to an organization policy or to AWS itself",
          release: "another name in the manifest",
        },
      ];
    default:
      return [];
  }
}

/** Whether what is within this resource, or rests on it, may count on it in this run. */
export function doubtAbout(drift: Drift, bars: readonly Bar[], now: Date): Unsettled | undefined {
  const [first] = bars;
  switch (drift.type) {
    case "unknown":
    case "ambiguous":
    case "foreign":
      return (
        first && { bar: { ...first, because: `${drift.key.kind} ${drift.key.name}: ${first.because}` }, exists: true }
      );
    case "missing":
      return (
        first && {
          bar: {
            ...first,
            because: `${drift.key.kind} ${drift.key.name} is not there, and making it is held: ${first.because}`,
          },
          exists: false,
        }
      );
    case "unadopted":
      return { exists: true, bar: first ?? ADOPTING };
    case "in-sync":
    case "different":
      return untouchable(drift, now);
    default:
      return undefined;
  }
}

/** Ours, and not to be written to now: then neither is what would be made within it. */
function untouchable(
  { key, live }: Extract<Drift, { type: "in-sync" | "different" }>,
  now: Date,
): Unsettled | undefined {
  const mark = live && (managedElsewhere(live) ?? breakGlass(live, now));
  return mark && { bar: { ...mark, because: `${key.kind} ${key.name}: ${mark.because}` }, exists: true };
}

const ADOPTING: Bar = {
  reason: "not-ours",
  because: "what it is within is adopted in this run, and an adoption changes nothing else",
  release: "the next run",
};
