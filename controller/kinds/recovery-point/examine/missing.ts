import type { Sighting } from "../../../domain/announcement.ts";
import type { Bar, Finding } from "../../../domain/change.ts";
import { instant } from "../../../domain/identity.ts";
import type { Absent } from "../../../domain/inventory.ts";
import type { Examined, ExamineContext } from "../../kind.ts";
import { proveGone, type SnapshotCall, type Verdict } from "../owners/gone.ts";
import { DestructionInput } from "../mend/destruction-input.ts";
import type { OwnerCall } from "../owners/services.ts";
import type { RecoveryPointRuleSpec } from "../spec.ts";
import { durationMs } from "../spec.ts";

/** What a second look made of the resources that no listing has. */
export interface Missing {
  readonly verdicts: ReadonlyMap<string, Verdict>;
  readonly sightings: readonly Sighting[];
  /** What keeps the points of a missing resource from counting as orphans, by resource; none: nothing does any more. */
  readonly bars: ReadonlyMap<string, Bar>;
}

const DAY_MS = 86_400_000;

/** Reads each absent resource directly, and reckons since when it has been seen to be missing (rules 3, 4). */
export async function judgeAbsent(
  here: SnapshotCall & OwnerCall,
  parts: readonly Examined[],
  { elsewhere, memory, now, rules }: ExamineContext<RecoveryPointRuleSpec>,
): Promise<Missing> {
  const verdicts = new Map<string, Verdict>();
  const sightings: Sighting[] = [];
  const bars = new Map<string, Bar>();
  for (const [absent, point] of suspectsIn(parts)) {
    const { resource, type, owner } = absent;
    const at = elsewhere(owner) as OwnerCall | undefined;
    const verdict = at && point ? await proveGone({ resource, type, owner, point }, at, here) : "unknown";
    verdicts.set(resource, verdict);
    if (verdict !== "gone") continue;
    const before = memory.missing.get(resource);
    const on = instant(now);
    const sighting: Sighting = { ...before, resource, firstOn: before?.firstOn ?? on, lastOn: on };
    sightings.push(sighting);
    const minMissing = Math.max(
      ...rules
        .filter(({ name }) => name === absent.policy)
        .map(({ spec }) => durationMs(spec.orphans?.minMissing ?? "30d")),
    );
    const bar = waiting(sighting, minMissing, now);
    if (bar) bars.set(resource, bar);
  }
  return { verdicts, sightings, bars };
}

/** Each absent resource once, with a point of it that was kept. */
function suspectsIn(parts: readonly Examined[]): readonly (readonly [Absent, string | undefined])[] {
  const all = new Map<string, readonly [Absent, string | undefined]>();
  for (const { absent, findings } of parts)
    for (const one of absent) {
      const point = findings.find(({ of, cause }) => cause === "resourceDeleted" && of.resource === one.resource);
      if (!all.get(one.resource)?.[1]) all.set(one.resource, [one, point?.subject]);
    }
  return [...all.values()];
}

/** Two complete sightings a day apart, and long enough in all, come before any announcement (rule 4). */
function waiting({ resource, firstOn }: Sighting, minMissing: number, now: Date): Bar | undefined {
  const missingFor = now.getTime() - Date.parse(firstOn);
  const needed = Math.max(DAY_MS, minMissing);
  if (missingFor >= needed) return undefined;
  return {
    reason: "not-proven",
    because: `${resource} has been seen to be missing since ${firstOn.slice(0, 10)} only`,
    release: `${Math.ceil(needed / DAY_MS)} days of being missing, seen by every run until ${new Date(Date.parse(firstOn) + needed).toISOString().slice(0, 10)}`,
  };
}

/** The part without findings about resources that live, or of which nobody can tell: unknown is not orphaned (rule 2). */
export function withoutLiving(part: Examined, { verdicts, bars }: Missing): Examined {
  const isGone = (finding: Finding): boolean =>
    finding.cause !== "resourceDeleted" || verdicts.get(finding.of.resource) === "gone";
  const living = part.absent.filter(({ resource }) => verdicts.get(resource) !== "gone");
  return {
    ...part,
    findings: part.findings.filter(isGone).map((finding) => {
      const bar = finding.cause === "resourceDeleted" ? bars.get(finding.of.resource) : undefined;
      return bar ? { ...finding, bars: [...finding.bars, bar] } : finding;
    }),
    tallies: part.tallies.flatMap((tally) => {
      const away = living.filter(({ policy }) => tally.cause === "resourceDeleted" && policy === tally.policy);
      const points = tally.points - away.reduce((sum, one) => sum + one.points, 0);
      const bytes = tally.bytes - away.reduce((sum, one) => sum + one.bytes, 0);
      return points > 0 ? [{ ...tally, points, bytes }] : [];
    }),
    counts: Object.fromEntries(
      Object.entries(part.counts).map(([name, one]) => [
        name,
        name === "resourceDeleted"
          ? {
              points: one.points - living.reduce((sum, { points }) => sum + points, 0),
              bytes: one.bytes - living.reduce((sum, { bytes }) => sum + bytes, 0),
            }
          : one,
      ]),
    ),
    absent: part.absent.filter(({ resource }) => verdicts.get(resource) === "gone"),
  };
}

export const inputOf = (finding: Finding): DestructionInput | undefined => {
  const input = finding.mend?.input;
  const nested = typeof input === "object" && input !== null && "destruction" in input ? input.destruction : input;
  return finding.mend?.destruction ? DestructionInput.parse(nested) : undefined;
};
