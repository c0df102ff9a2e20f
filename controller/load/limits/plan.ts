import type { CopyAction, Lifecycle, PlanRule } from "../../kinds/plan/spec.ts";
import { DEFAULT_SCHEDULE, largestGap } from "../../kinds/schedule.ts";
import { usesTags } from "../../kinds/selection/conditions.ts";
import type { Target } from "../../domain/identity.ts";
import type { Path } from "../located.ts";
import type { BackupPlanSpec } from "../manifests/backup-plan.ts";
import type { Setting } from "../manifests/manifest-kind.ts";
import { refuse, repeated, warn, type Limit } from "./limit.ts";
import { runsDaily, scheduleLimits, timezoneLimits } from "./schedule.ts";
import { MOST_TAG_SELECTIONS, selectionLimits } from "./selection.ts";

/** What AWS spells out where a rule is silent (semantics §2.3). */
const DEFAULT_START_MINUTES = 480;
const DEFAULT_COMPLETION_MINUTES = 10_080;
const DAY_MS = 86_400_000;

export function* planLimits(_name: string, spec: BackupPlanSpec, setting: Setting): Generator<Limit> {
  yield* repeated(["rules"], spec.rules, ({ ruleName }) => ruleName, "ruleName");
  for (const [index, rule] of spec.rules.entries()) yield* ruleLimits(["rules", index], rule, setting);
  yield* settingLimits(spec);
  const selections = spec.selections ?? [];
  yield* repeated(["selections"], selections, ({ name }) => name, "name");
  for (const [index, one] of selections.entries()) yield* selectionLimits(one, ["selections", index], setting);
  const tagged = selections.filter(usesTags).length;
  if (tagged > MOST_TAG_SELECTIONS)
    yield refuse(
      ["selections"],
      `has ${tagged} selections that use tags: AWS allows 10 a plan, and one stays free to replace another (rule 18)`,
      "join some, or make a second plan",
    );
}

function* ruleLimits(path: Path, rule: PlanRule, { target }: Setting): Generator<Limit> {
  const { scheduleExpression: expression, scheduleExpressionTimezone: timezone, lifecycle } = rule;
  if (expression !== undefined) yield* scheduleLimits([...path, "scheduleExpression"], expression);
  if (timezone !== undefined) yield* timezoneLimits([...path, "scheduleExpressionTimezone"], timezone);
  yield* windowLimits(path, rule);
  yield* lifecycleLimits([...path, "lifecycle"], lifecycle);
  if (rule.enableContinuousBackup) yield* continuousLimits([...path, "lifecycle"], lifecycle);
  yield* gapLimits([...path, "lifecycle", "deleteAfterDays"], rule);
  if (Object.keys(rule.recoveryPointTags ?? {}).length > 10)
    yield refuse([...path, "recoveryPointTags"], "has more than the 10 tags AWS puts on a recovery point");
  const copies = rule.copyActions;
  yield* repeated(
    [...path, "copyActions"],
    copies,
    (copy) => copy.destinationBackupVaultArn,
    "destinationBackupVaultArn",
  );
  for (const [index, copy] of (copies ?? []).entries())
    yield* copyLimits([...path, "copyActions", index], copy, target);
  yield* airGapLimits(path, rule, target);
}

/** Both windows count from the scheduled time: one that completes before it has to start is refused (semantics §2.3). */
function* windowLimits(path: Path, { startWindowMinutes, completionWindowMinutes }: PlanRule): Generator<Limit> {
  const start = startWindowMinutes ?? DEFAULT_START_MINUTES;
  const completion = completionWindowMinutes ?? DEFAULT_COMPLETION_MINUTES;
  if (completion <= start)
    yield refuse(
      [...path, completionWindowMinutes === undefined ? "startWindowMinutes" : "completionWindowMinutes"],
      `leaves no time: completion (${completion} minutes) must come after the start window (${start} minutes)`,
    );
}

/** Cold storage is paid for 90 days at least (semantics §2.4). */
function* lifecycleLimits(path: Path, lifecycle: Lifecycle | undefined): Generator<Limit> {
  const { moveToColdStorageAfterDays: cold, deleteAfterDays: gone } = lifecycle ?? {};
  if (cold !== undefined && gone !== undefined && gone < cold + 90)
    yield refuse(
      [...path, "deleteAfterDays"],
      `must be at least 90 days after the move to cold storage: ${cold + 90} or more; found ${gone}`,
    );
}

/** Point-in-time restore keeps one rolling point, 35 days at most and never cold (semantics §2.3, §4.7). */
function* continuousLimits(path: Path, lifecycle: Lifecycle | undefined): Generator<Limit> {
  const { moveToColdStorageAfterDays: cold, deleteAfterDays: gone } = lifecycle ?? {};
  if (gone === undefined || gone > 35)
    yield refuse(
      [...path, "deleteAfterDays"],
      `must be 1 to 35 with enableContinuousBackup; found ${gone ?? "none, which keeps for ever"}`,
      "to keep longer, add a rule without continuous backup",
    );
  if (cold !== undefined)
    yield refuse([...path, "moveToColdStorageAfterDays"], "does not go with enableContinuousBackup");
}

/** A recovery point deleted before its successor is made leaves days with none. */
function* gapLimits(path: Path, rule: PlanRule): Generator<Limit> {
  const days = rule.lifecycle?.deleteAfterDays;
  const expression = rule.scheduleExpression ?? DEFAULT_SCHEDULE.expression;
  if (days === undefined || runsDaily(expression)) return;
  const gap = largestGap({ expression, timezone: rule.scheduleExpressionTimezone ?? DEFAULT_SCHEDULE.timezone });
  if (gap !== undefined && gap !== Infinity && gap > days * DAY_MS)
    yield warn(
      path,
      `keeps a backup ${days} days, and up to ${Math.ceil(gap / DAY_MS)} days pass between two: at times there is none`,
      "keep longer, or back up more often",
    );
}

function* copyLimits(path: Path, copy: CopyAction, target: Target | undefined): Generator<Limit> {
  yield* lifecycleLimits([...path, "lifecycle"], copy.lifecycle);
  const [, , region, account, , vault] = copy.destinationBackupVaultArn.split(":").slice(1);
  if (!target || region === undefined) return;
  const at = [...path, "destinationBackupVaultArn"];
  if (vault === "Default" && account !== target.account)
    yield refuse(at, "is the Default vault of another account: its AWS managed key cannot be shared (semantics §1.3)");
}

function* airGapLimits(path: Path, rule: PlanRule, target: Target | undefined): Generator<Limit> {
  const arn = rule.targetLogicallyAirGappedBackupVaultArn;
  if (arn === undefined || !target) return;
  const [, , , region, account] = arn.split(":");
  if (account !== target.account || region !== target.region)
    yield refuse(
      [...path, "targetLogicallyAirGappedBackupVaultArn"],
      "must be a vault of the plan's own account and Region",
      "write ${account} and ${region} in it",
    );
}

const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  EC2: ["WindowsVSS"],
  S3: ["BackupACLs", "BackupObjectTags"],
};

function* settingLimits({ advancedBackupSettings }: BackupPlanSpec): Generator<Limit> {
  yield* repeated(["advancedBackupSettings"], advancedBackupSettings, (one) => one.resourceType, "resourceType");
  for (const [index, { resourceType, backupOptions }] of (advancedBackupSettings ?? []).entries())
    for (const [option, value] of Object.entries(backupOptions)) {
      const path = ["advancedBackupSettings", index, "backupOptions", option];
      const known = OPTIONS[resourceType] ?? [];
      if (!known.includes(option)) yield refuse(path, `is no option of ${resourceType}: it has ${known.join(", ")}`);
      else if (value !== "enabled" && value !== "disabled")
        yield refuse(path, `must be enabled or disabled; found ${value}`);
    }
}
