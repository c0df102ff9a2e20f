/** When the rules of a plan run. */
import type { BackupRule, ScheduledPlanExecutionMember } from "@aws-sdk/client-backup";
import { defaultSchedule, defaultTimezone, nextRun } from "./schedule.ts";
import type { Plan } from "./state.ts";

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
