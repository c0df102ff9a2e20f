import { type Effect, type Hazard, moreProtects } from "../../domain/effect.ts";
import type { Within } from "../kind.ts";
import { scheduleEffect, type Schedule } from "../schedule.ts";
import type { AdvancedSetting, CopyAction, Lifecycle, PlanRule, ScanSetting } from "./spec.ts";

/** What each field of a plan does to protection (rule 13), one judgement a function. All take normalised values. */

type Rules = Within<PlanRule>;

const scheduleOf = (rule: PlanRule | undefined): Schedule => ({
  expression: rule?.scheduleExpression ?? "",
  timezone: rule?.scheduleExpressionTimezone ?? "",
});

/** An expression means something in its time zone only, so both fields are judged by the whole schedule. */
export const ruleSchedule = (_live: unknown, _desired: unknown, { live, desired }: Rules): Effect =>
  scheduleEffect(scheduleOf(live), scheduleOf(desired));

/**
 * A snapshot keeps the retention it was made with, so a shorter one weakens what is made from now on. A continuous rule edits
 * the retention of data already stored at its next job (semantics §4.7): there, shorter destroys.
 */
export function ruleRetention(from: number | undefined, to: number | undefined, { live, desired }: Rules): Effect {
  const effect = moreProtects(from, to);
  const continuous = live?.enableContinuousBackup === true && desired?.enableContinuousBackup === true;
  return effect === "weakens" && continuous ? "destroys" : effect;
}

/** A change of continuous retention stops and restarts the point of an S3 bucket (semantics §4.7). */
export const retentionHazards = (_from: unknown, _to: unknown, { live }: Rules): readonly Hazard[] =>
  live?.enableContinuousBackup === true ? ["interrupts"] : [];

/**
 * A copy without a retention of its own takes its source's, which is not in sight here (semantics §2.4): to begin or to stop
 * inheriting therefore counts as weakening, whatever the number.
 */
export const copyRetention = (from: number | undefined, to: number | undefined): Effect =>
  from === undefined || to === undefined ? "weakens" : moreProtects(from, to);

/** Cold storage keeps as well as warm, but a point never comes back from it (semantics §4.6): sooner or at all is a commitment. */
export const coldHazards = (from: number | undefined, to: number | undefined): readonly Hazard[] =>
  to !== undefined && to < (from ?? Infinity) ? ["irreversible"] : [];

/** Opting in archives EBS snapshots: cold storage by another name. */
export const archiveHazards = (_from: unknown, optIn: boolean | undefined): readonly Hazard[] =>
  optIn === true ? ["irreversible"] : [];

/** A narrower window lets fewer jobs start or finish in time; a wider one costs nothing. */
export const windowHazards = (from: number | undefined, to: number | undefined): readonly Hazard[] =>
  (to ?? 0) < (from ?? 0) ? ["fails-jobs"] : [];

/** On, restores reach any second; off, they reach snapshots. Turning it either way interrupts (rule 13). */
export const continuity = (_from: boolean | undefined, to: boolean | undefined): Effect =>
  to === true ? "strengthens" : "weakens";

/** Backups go to another vault from now on: its lock, policy and key are not in sight here, so it is not known to be as good. */
export const vaultHazards = (_from: unknown, _to: unknown, { live, desired }: Rules): readonly Hazard[] =>
  live?.enableContinuousBackup === true || desired?.enableContinuousBackup === true ? ["interrupts"] : [];

export const airGap = (from: string | undefined): Effect => (from === undefined ? "strengthens" : "weakens");
/** What is in an air-gapped vault stays for its retention, and nobody can take that back. */
export const airGapHazards = (_from: unknown, to: string | undefined): readonly Hazard[] =>
  to === undefined ? [] : ["irreversible"];

const lifecycleHazards = (lifecycle: Lifecycle | undefined): readonly Hazard[] => [
  ...coldHazards(undefined, lifecycle?.moveToColdStorageAfterDays),
  ...archiveHazards(undefined, lifecycle?.optInToArchiveForSupportedResources),
];

/** A new copy is stored, moved and billed a second time. */
export const copyHazards = (_live: unknown, desired: CopyAction | undefined): readonly Hazard[] =>
  desired === undefined ? [] : ["costs", ...lifecycleHazards(desired.lifecycle)];

/** What a rule that is added commits to; of one that is removed, what it interrupts. */
export function ruleHazards(live: PlanRule | undefined, desired: PlanRule | undefined): readonly Hazard[] {
  const interrupts: readonly Hazard[] = (live ?? desired)?.enableContinuousBackup === true ? ["interrupts"] : [];
  if (desired === undefined) return interrupts;
  return [
    ...new Set([
      ...interrupts,
      ...lifecycleHazards(desired.lifecycle),
      ...airGapHazards(undefined, desired.targetLogicallyAirGappedBackupVaultArn),
      ...(desired.copyActions ?? []).flatMap((copy) => copyHazards(undefined, copy)),
    ]),
  ];
}

type Options = AdvancedSetting["backupOptions"];

/** Options are switches: everything that was on must still be on. */
export const optionsEffect = (from: Options, to: Options): Effect => {
  const on = (options: Options) => Object.keys(options).filter((name) => options[name] === "enabled");
  return coverage(on(from), on(to));
};

/** AWS Backup stops and remakes the continuous point of a bucket whose options change (semantics §4.7); which buckets is not in sight. */
export const optionHazards = (_from: Options, _to: Options, { desired }: Within<AdvancedSetting>): readonly Hazard[] =>
  desired?.resourceType === "S3" ? ["interrupts"] : [];

type ScanActions = PlanRule["scanActions"];
const FULLER: Readonly<Record<string, readonly string[]>> = { FULL_SCAN: ["FULL_SCAN", "INCREMENTAL_SCAN"] };
const scansOf = (actions: ScanActions): readonly string[] =>
  (actions ?? []).flatMap(({ scanMode }) => FULLER[scanMode] ?? [scanMode]);

/** A flagged point does not count as restorable (rule 1), so scanning less is protecting less. */
export const scanActionsEffect = (from: ScanActions, to: ScanActions): Effect => coverage(scansOf(from), scansOf(to));
export const scanActionsHazards = (from: ScanActions, to: ScanActions): readonly Hazard[] =>
  scanActionsEffect(from, to) === "strengthens" ? ["costs"] : [];

type ScanSettings = readonly ScanSetting[] | undefined;
const SCANNABLE = ["EBS", "EC2", "S3"];
const typesOf = (settings: ScanSettings): readonly string[] =>
  (settings ?? []).flatMap(({ resourceTypes }) =>
    resourceTypes.flatMap((type) => (type === "ALL" ? SCANNABLE : [type])),
  );

export const scanSettingsEffect = (from: ScanSettings, to: ScanSettings): Effect =>
  coverage(typesOf(from), typesOf(to));
/** Scans run as a role: another one may lack what the first had. */
export const scanSettingsHazards = (from: ScanSettings, to: ScanSettings): readonly Hazard[] => {
  const roles = (settings: ScanSettings) => new Set((settings ?? []).map(({ scannerRoleArn }) => scannerRoleArn));
  const unproven = [...roles(to).difference(roles(from))].length > 0;
  return [
    ...(scanSettingsEffect(from, to) === "strengthens" ? (["costs"] as const) : []),
    ...(unproven ? (["fails-jobs"] as const) : []),
  ];
};

/** The same is neutral, more strengthens, and anything that leaves something out weakens, whatever it adds. */
function coverage(from: readonly string[], to: readonly string[]): Effect {
  const [before, after] = [new Set(from), new Set(to)];
  if (!before.isSubsetOf(after)) return "weakens";
  return after.size > before.size ? "strengthens" : "neutral";
}
