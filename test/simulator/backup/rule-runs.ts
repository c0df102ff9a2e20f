/** A plan's rule runs: its selections are evaluated and every resource gets a backup job (semantics §2.3, §3.2). */
import type { BackupRule, RecoveryPointCreator } from "@aws-sdk/client-backup";
import { addBackupJob } from "./backup-runs.ts";
import { selected } from "./matching.ts";
import { retentionOf } from "./plan-document.ts";
import { scheduleOf, scheduleRule } from "./plan-runs.ts";
import { runsBetween } from "./schedule.ts";
import type { BackupState, Plan, PlanVersion } from "./state.ts";
import { addMinutes } from "./time.ts";
import type { ProtectableResource } from "./world.ts";

export function ruleDue(state: BackupState, plan: Plan, version: PlanVersion, rule: BackupRule, at: Date): void {
  if (plan.deletionDate !== undefined || plan.versions.at(-1) !== version) return;
  scheduleRule(state, plan, version, rule, at);
  plan.lastExecutionDate = at;
  if (isCovered(version, rule, at)) return;
  for (const [resource, role] of resourcesOf(state, plan)) {
    addBackupJob(state, at, {
      role,
      createdBy: creator(plan, version, rule),
      order: {
        resource,
        vaultName: rule.TargetBackupVaultName ?? "",
        kind: rule.EnableContinuousBackup === true ? "continuous" : "snapshot",
        lifecycle: rule.Lifecycle ?? {},
        tags: rule.RecoveryPointTags ?? {},
        copies: rule.CopyActions ?? [],
        airGappedVaultArn: rule.TargetLogicallyAirGappedBackupVaultArn,
        startWindow: rule.StartWindowMinutes ?? 0,
        completionWindow: rule.CompletionWindowMinutes ?? 0,
        request: undefined,
      },
    });
  }
}

/** Each resource once, under the role of the first selection that picks it. */
function resourcesOf(state: BackupState, plan: Plan): Map<ProtectableResource, string> {
  const roles = new Map<ProtectableResource, string>();
  for (const { content } of plan.selections) {
    for (const resource of selected(state, content)) {
      if (!roles.has(resource)) roles.set(resource, content.IamRoleArn ?? "");
    }
  }
  return roles;
}

/** Where start windows of one plan overlap, one backup is taken, under the rule that keeps it longer. Continuous rules stand apart. */
function isCovered({ document }: PlanVersion, rule: BackupRule, at: Date): boolean {
  if (rule.EnableContinuousBackup === true) return false;
  const rules = document.Rules ?? [];
  return rules.some((other, index) => {
    if (other === rule || other.EnableContinuousBackup === true) return false;
    const longer = retentionOf(other.Lifecycle) - retentionOf(rule.Lifecycle);
    // Two that keep for ever differ by NaN: then, as between equals, the first in the document wins.
    const wins = longer > 0 || (!(longer < 0) && index < rules.indexOf(rule));
    const { expression, timezone } = scheduleOf(other);
    const from = addMinutes(at, -(other.StartWindowMinutes ?? 0));
    return wins && runsBetween(expression, timezone, from, addMinutes(at, rule.StartWindowMinutes ?? 0));
  });
}

function creator(plan: Plan, version: PlanVersion, rule: BackupRule): RecoveryPointCreator {
  return {
    BackupPlanId: plan.id,
    BackupPlanArn: plan.arn,
    BackupPlanName: version.document.BackupPlanName,
    BackupPlanVersion: version.id,
    BackupRuleId: rule.RuleId,
    BackupRuleName: rule.RuleName,
    BackupRuleCron: rule.ScheduleExpression,
    BackupRuleTimezone: rule.ScheduleExpressionTimezone,
  };
}
