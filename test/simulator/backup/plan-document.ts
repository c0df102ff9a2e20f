/** What a backup plan may say, and how AWS reads it back: validation (`ERROR_3015`) and the defaults it fills in (semantics §2.1-2.4). */
import type {
  AdvancedBackupSetting,
  BackupPlan,
  BackupPlanInput,
  BackupRule,
  BackupRuleInput,
  CopyAction,
  Lifecycle,
} from "@aws-sdk/client-backup";
import { parseVaultArn } from "./arns.ts";
import type { Checked } from "./contract.ts";
import { accessDenied, errorInRule, invalidParameter, limitExceeded, missingParameter } from "./errors.ts";
import { lifecycleProblem } from "./lifecycle.ts";
import { defaultSchedule, defaultTimezone, scheduleProblem } from "./schedule.ts";
import type { BackupState } from "./state.ts";
import { checkTags } from "./tags.ts";
import { isReserved } from "./vault-permission.ts";

export type PlanInput = Checked<BackupPlanInput>;
type RuleInput = Checked<BackupRuleInput>;

const mostRules = 10;
const mostCopyActions = 5;
const mostPointTags = 10;
const longestWindow = 52_560_000;
const defaultStartWindow = 480;
const defaultCompletionWindow = 10_080;

/** Throws what AWS would answer. */
export function checkPlan(plan: PlanInput, state: BackupState): void {
  checkPlanName(plan.BackupPlanName, state.world.options.planNameMaximum);
  if (plan.Rules.length === 0) throw missingParameter("Rules");
  if (plan.Rules.length > mostRules) throw limitExceeded(`A backup plan has at most ${mostRules} rules`);
  for (const rule of plan.Rules) checkRule(rule, state);
  const names = new Set(plan.Rules.map((rule) => rule.RuleName));
  if (names.size < plan.Rules.length && state.world.options.duplicateRuleName === "refused") {
    throw invalidParameter("Rule names in a backup plan must be unique");
  }
  for (const setting of plan.AdvancedBackupSettings ?? []) checkSetting(setting);
}

/** The document as it is kept: defaults filled in, settings taken out (they are read from the plan's top level alone). */
export function filled(plan: PlanInput, ruleId: (rule: RuleInput) => string): BackupPlan {
  return {
    BackupPlanName: plan.BackupPlanName,
    Rules: plan.Rules.map((rule) => filledRule(rule, ruleId(rule))),
    // The one place GetBackupPlan's output has for them. That AWS fills it is (unconfirmed), but Terraform's provider reads them there.
    ...(plan.ScanSettings === undefined ? {} : { ScanSettings: plan.ScanSettings }),
  };
}

function filledRule(rule: RuleInput, ruleId: string): BackupRule {
  return {
    ...rule,
    ScheduleExpression: rule.ScheduleExpression ?? defaultSchedule,
    ScheduleExpressionTimezone: rule.ScheduleExpressionTimezone ?? defaultTimezone,
    StartWindowMinutes: rule.StartWindowMinutes ?? defaultStartWindow,
    CompletionWindowMinutes: rule.CompletionWindowMinutes ?? defaultCompletionWindow,
    EnableContinuousBackup: rule.EnableContinuousBackup ?? false,
    RuleId: ruleId,
  };
}

function checkPlanName(name: string, most: number): void {
  if (!/^[a-zA-Z0-9\-_.]+$/.test(name) || name.length > most) {
    throw invalidParameter(`Backup plan name ${name} is not valid. It has 1 to ${most} letters, digits or -_.`);
  }
}

function checkRule(rule: RuleInput, state: BackupState): void {
  const problem = ruleProblem(rule, state);
  if (problem !== undefined) throw errorInRule(rule.RuleName, problem);
  if (isReserved(rule.TargetBackupVaultName)) throw accessDenied();
  checkTags(rule.RecoveryPointTags);
  if (Object.keys(rule.RecoveryPointTags ?? {}).length > mostPointTags) {
    throw limitExceeded(`A rule adds at most ${mostPointTags} tags`);
  }
  if ((rule.CopyActions ?? []).length > mostCopyActions) {
    throw limitExceeded(`A rule has at most ${mostCopyActions} copy actions`);
  }
}

function ruleProblem(rule: RuleInput, state: BackupState): string | undefined {
  if (!/^[a-zA-Z0-9\-_.]{1,50}$/.test(rule.RuleName)) return `Rule name ${rule.RuleName} is not valid`;
  if (!/^[a-zA-Z0-9\-_]{2,50}$/.test(rule.TargetBackupVaultName) && !isReserved(rule.TargetBackupVaultName)) {
    return `Backup vault name ${rule.TargetBackupVaultName} is not valid`;
  }
  return (
    airGappedProblem(rule.TargetLogicallyAirGappedBackupVaultArn, state) ??
    scheduleProblem(rule.ScheduleExpression ?? defaultSchedule, rule.ScheduleExpressionTimezone ?? defaultTimezone) ??
    windowProblem(rule) ??
    lifecycleProblem(rule.Lifecycle, rule.EnableContinuousBackup === true ? "continuous" : "snapshot") ??
    firstProblem(rule.CopyActions ?? [], copyProblem) ??
    ((rule.IndexActions ?? []).length > 1 ? "At most one index action is allowed" : undefined)
  );
}

function firstProblem<T>(items: readonly T[], problem: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = problem(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function copyProblem(copy: Checked<CopyAction>): string | undefined {
  if (parseVaultArn(copy.DestinationBackupVaultArn) === undefined) {
    return `Destination backup vault ARN ${copy.DestinationBackupVaultArn} is not valid`;
  }
  return lifecycleProblem(copy.Lifecycle, "snapshot");
}

function airGappedProblem(arn: string | undefined, { account, region }: BackupState): string | undefined {
  if (arn === undefined) return undefined;
  const vault = parseVaultArn(arn);
  const here = vault?.account === account && vault.region === region;
  return here ? undefined : `Logically air-gapped backup vault ARN ${arn} is not valid`;
}

function windowProblem(rule: RuleInput): string | undefined {
  const start = rule.StartWindowMinutes ?? defaultStartWindow;
  const completion = rule.CompletionWindowMinutes ?? defaultCompletionWindow;
  if (start < 60 || start > longestWindow) return `StartWindowMinutes must be between 60 and ${longestWindow}`;
  if (completion > longestWindow) return `CompletionWindowMinutes cannot be more than ${longestWindow}`;
  return completion > start ? undefined : "CompletionWindowMinutes must be greater than StartWindowMinutes";
}

/** Option keys and their values, per resource type that has any. */
const settings: Readonly<Record<string, readonly string[]>> = {
  EC2: ["WindowsVSS"],
  S3: ["BackupACLs", "BackupObjectTags"],
};

function checkSetting(setting: AdvancedBackupSetting): void {
  const known = settings[setting.ResourceType ?? ""];
  if (known === undefined)
    throw invalidParameter(`Advanced backup settings are not supported for ${setting.ResourceType}`);
  for (const [key, value] of Object.entries(setting.BackupOptions ?? {})) {
    if (!known.includes(key))
      throw invalidParameter(`Backup option ${key} is not supported for ${setting.ResourceType}`);
    if (value !== "enabled" && value !== "disabled")
      throw invalidParameter(`Backup option ${key} is enabled or disabled`);
  }
}

/** The rule's retention in days, for ever included. */
export function retentionOf(lifecycle: Lifecycle | undefined): number {
  const days = lifecycle?.DeleteAfterDays;
  return days === undefined || days === -1 ? Number.POSITIVE_INFINITY : days;
}
