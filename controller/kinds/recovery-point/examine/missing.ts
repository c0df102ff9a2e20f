import type { Sighting } from "../../../domain/announcement.ts";
import type { Bar, Finding } from "../../../domain/change.ts";
import { instant } from "../../../domain/identity.ts";
import type { Absent } from "../../../domain/inventory.ts";
import type { Examined, ExamineContext } from "../../kind.ts";
import { proveGone, type SnapshotCall, type Verdict } from "../owners/gone.ts";
import { DestructionInput } from "../mend/destruction-input.ts";
import type { OwnerCall } from "../../../owner-services/service.ts";
import type { RecoveryPointRuleSpec } from "../spec.ts";
import { durationMs } from "../../duration.ts";

/** What a second look made of the resources that no listing has. */
export interface Missing {
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** By resource, of those that are gone. */
  readonly sightings: ReadonlyMap<string, Sighting>;
}

const DAY_MS = 86_400_000;

/** Reads each absent resource directly, and reckons since when it has been seen to be missing (rules 3, 4). */
export async function judgeAbsent(
  here: SnapshotCall,
  parts: readonly Examined[],
  { elsewhere, memory, now }: ExamineContext<RecoveryPointRuleSpec>,
): Promise<Missing> {
  const verdicts = new Map<string, Verdict>();
  const sightings = new Map<string, Sighting>();
  for (const [absent, point] of suspectsIn(parts)) {
    const { resource, type, owner } = absent;
    const at = elsewhere(owner) as OwnerCall | undefined;
    const verdict = at && point ? await proveGone({ resource, type, point }, at, here) : "unknown";
    verdicts.set(resource, verdict);
    if (verdict !== "gone") continue;
    const before = memory.missing.get(resource);
    const on = instant(now);
    sightings.set(resource, { ...before, resource, firstOn: before?.firstOn ?? on, lastOn: on });
  }
  return { verdicts, sightings };
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

/** Two complete sightings a day apart, and long enough in all for the policy, come before any announcement (rule 4). */
function waiting(
  { rule }: Finding,
  { resource, firstOn }: Sighting,
  { rules, now }: Pick<ExamineContext<RecoveryPointRuleSpec>, "rules" | "now">,
): Bar | undefined {
  const asked = rules.filter(({ name }) => name === rule.name);
  const minMissing = asked.map(({ spec }) => durationMs(spec.orphans?.minMissing ?? USUAL_MISSING));
  const needed = Math.max(DAY_MS, ...minMissing);
  if (now.getTime() - Date.parse(firstOn) >= needed) return undefined;
  return {
    reason: "not-proven",
    because: `${resource} has been seen to be missing since ${firstOn.slice(0, 10)} only`,
    release: `${Math.ceil(needed / DAY_MS)} days of being missing, seen by every run until ${new Date(Date.parse(firstOn) + needed).toISOString().slice(0, 10)}`,
  };
}
const USUAL_MISSING = "30d";

/** The part without findings about resources that live, or of which nobody can tell: unknown is not orphaned (rule 2). */
export function withoutLiving(
  part: Examined,
  { verdicts, sightings }: Missing,
  context: Pick<ExamineContext<RecoveryPointRuleSpec>, "rules" | "now">,
): Examined {
  const isGone = (finding: Finding): boolean =>
    finding.cause !== "resourceDeleted" || verdicts.get(finding.of.resource) === "gone";
  const living = part.absent.filter(({ resource }) => verdicts.get(resource) !== "gone");
  return {
    ...part,
    findings: part.findings.filter(isGone).map((finding) => {
      const sighting = finding.cause === "resourceDeleted" ? sightings.get(finding.of.resource) : undefined;
      const bar = sighting && waiting(finding, sighting, context);
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
