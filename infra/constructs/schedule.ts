/* oxlint-disable no-new -- a construct joins its scope by being made */
import { Aws } from "aws-cdk-lib";
import { CfnRole } from "aws-cdk-lib/aws-iam";
import { CfnSchedule, CfnScheduleGroup } from "aws-cdk-lib/aws-scheduler";
import { Construct } from "constructs";
import { policyDocument } from "../policy-document.ts";
import type { Settings } from "../settings.ts";

export interface ScheduleProps {
  readonly when: Settings["schedule"];
  /** ARN of the function's alias: a version, never whatever was deployed last. */
  readonly target: string;
  /** ARN of the queue that keeps starts which did not reach the function. */
  readonly failures: string;
  readonly enabled: boolean;
}

/** Seconds after which a start that could not be delivered is given up: the next one is due, and looks at everything anyway. */
const MAXIMUM_EVENT_AGE = 3600;

/** Starts the controller. Scheduler's own defaults are 185 retries in 24 hours, which no level-triggered loop wants. */
export class Schedule extends Construct {
  constructor(scope: Construct, id: string, { when, target, failures, enabled }: ScheduleProps) {
    super(scope, id);
    const group = new CfnScheduleGroup(this, "Group", { name: "holdfast" });
    const role = invokingRole(this, group.attrArn, { target, failures });
    new CfnSchedule(this, "Schedule", {
      description: "Reconciles the whole fleet.",
      groupName: group.ref,
      state: enabled ? "ENABLED" : "DISABLED",
      scheduleExpression: when.expression,
      scheduleExpressionTimezone: when.timeZone,
      flexibleTimeWindow:
        when.flexibleMinutes === 0
          ? { mode: "OFF" }
          : { mode: "FLEXIBLE", maximumWindowInMinutes: when.flexibleMinutes },
      target: {
        arn: target,
        roleArn: role.attrArn,
        input: JSON.stringify({ trigger: "schedule" }),
        retryPolicy: { maximumRetryAttempts: when.retryAttempts, maximumEventAgeInSeconds: MAXIMUM_EVENT_AGE },
        deadLetterConfig: { arn: failures },
      },
    });
  }
}

/** Only this account's schedules of this group may use it (Scheduler User Guide, "Confused deputy prevention"). */
const invokingRole = (
  scope: Construct,
  group: string,
  { target, failures }: Pick<ScheduleProps, "target" | "failures">,
): CfnRole =>
  new CfnRole(scope, "Role", {
    description: "Lets EventBridge Scheduler start Holdfast's controller.",
    assumeRolePolicyDocument: policyDocument([
      {
        Sid: "StartAsScheduler",
        Effect: "Allow",
        Principal: { Service: "scheduler.amazonaws.com" },
        Action: ["sts:AssumeRole"],
        Condition: { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID, "aws:SourceArn": group } },
      },
    ]),
    policies: [
      {
        policyName: "start",
        policyDocument: policyDocument([
          { Sid: "StartController", Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: [target] },
          { Sid: "KeepFailedStarts", Effect: "Allow", Action: ["sqs:SendMessage"], Resource: [failures] },
        ]),
      },
    ],
  });
