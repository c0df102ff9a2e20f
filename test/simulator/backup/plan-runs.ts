/** When the rules of a plan run. */
import type { BackupRule, ScheduledPlanExecutionMember } from "@aws-sdk/client-backup";
import { defaultSchedule, defaultTimezone, nextRun } from "./schedule.ts";
import type { BackupState, Plan, PlanVersion } from "./state.ts";

export interface Schedule {
  readonly expression: string;
  readonly timezone: string;
}

export function scheduleOf(rule: BackupRule): Schedule {
  return {
    expression: rule.ScheduleExpression ?? defaultSchedule,
    timezone: rule.ScheduleExpressionTimezone ?? defaultTimezone,
  };
}

/** Puts the next run of every rule of a version on the agenda, counted from now: the past does not run again. */
export function scheduleRules(state: BackupState, plan: Plan, version: PlanVersion): void {
  for (const rule of version.document.Rules ?? []) scheduleRule(state, plan, version, rule, state.world.now());
}

export function scheduleRule(
  state: BackupState,
  plan: Plan,
  version: PlanVersion,
  rule: BackupRule,
  after: Date,
): void {
  const { expression, timezone } = scheduleOf(rule);
  const at = nextRun(expression, timezone, after);
  if (at !== undefined) state.agenda.add(at, { what: "rule-due", plan, version, rule });
}

/** The plan's next runs, over all its rules. */
export function scheduledRuns(plan: Plan, now: Date, most: number): ScheduledPlanExecutionMember[] {
  const rules = plan.versions.at(-1)?.document.Rules ?? [];
  const runs = rules.flatMap((rule) =>
    nextRuns(rule, now, most).map((at) => ({
      ExecutionTime: at,
      RuleId: rule.RuleId,
      RuleExecutionType:
        rule.EnableContinuousBackup === true ? ("CONTINUOUS_AND_SNAPSHOTS" as const) : ("SNAPSHOTS" as const),
    })),
  );
  return runs.toSorted((a, b) => a.ExecutionTime.getTime() - b.ExecutionTime.getTime()).slice(0, most);
}

function nextRuns(rule: BackupRule, now: Date, most: number): Date[] {
  const { expression, timezone } = scheduleOf(rule);
  const runs: Date[] = [];
  for (let at = nextRun(expression, timezone, now); at !== undefined && runs.length < most;) {
    runs.push(at);
    at = nextRun(expression, timezone, at);
  }
  return runs;
}
