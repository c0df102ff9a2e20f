import type { Drift } from "../domain/drift.ts";
import type { Bar } from "../domain/judging.ts";
import type { Unsettled } from "./guardrails.ts";

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
export function doubtAbout(drift: Drift, bars: readonly Bar[]): Unsettled | undefined {
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
    default:
      return undefined;
  }
}

const ADOPTING: Bar = {
  reason: "not-ours",
  because: "what it is within is adopted in this run, and an adoption changes nothing else",
  release: "the next run",
};
