/**
 * What `holdfast doctor` reads of an installation in the hub account: the services that start, carry, wake and sign. None of them is asked
 * in a run. All of them only look.
 */
import { GetKeyPolicyCommand } from "@aws-sdk/client-kms";
import {
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
} from "@aws-sdk/client-s3";
import { later, reads } from "./operation.ts";
import { cloudwatch, lambda, scheduler, sns, sqs } from "./services/installation.ts";

const other = { pace: "other" } as const;

export const listSchedules = reads("scheduler:ListSchedules", later(scheduler, "ListSchedulesCommand"), {
  ...other,
  rows: "Schedules",
});
export const getSchedule = reads("scheduler:GetSchedule", later(scheduler, "GetScheduleCommand"), other);

export const getFunctionConcurrency = reads(
  "lambda:GetFunctionConcurrency",
  later(lambda, "GetFunctionConcurrencyCommand"),
  other,
);
export const getFunctionEventInvokeConfig = reads(
  "lambda:GetFunctionEventInvokeConfig",
  later(lambda, "GetFunctionEventInvokeConfigCommand"),
  other,
);

export const listEventSourceMappings = reads(
  "lambda:ListEventSourceMappings",
  later(lambda, "ListEventSourceMappingsCommand"),
  { ...other, rows: "EventSourceMappings" },
);

/** Asked only to look, the controller changes nothing, so that a lost answer may be asked for again. */
export const invokeFunction = reads("lambda:InvokeFunction", later(lambda, "InvokeCommand"), other);

export const describeAlarms = reads("cloudwatch:DescribeAlarms", later(cloudwatch, "DescribeAlarmsCommand"), {
  ...other,
  rows: "MetricAlarms",
});
export const listSubscriptions = reads("sns:ListSubscriptionsByTopic", later(sns, "ListSubscriptionsByTopicCommand"), {
  ...other,
  rows: "Subscriptions",
});
export const getQueueUrl = reads("sqs:GetQueueUrl", later(sqs, "GetQueueUrlCommand"), other);
export const getQueueAttributes = reads("sqs:GetQueueAttributes", later(sqs, "GetQueueAttributesCommand"), other);

export const getBucketPolicy = reads("s3:GetBucketPolicy", GetBucketPolicyCommand, other);
export const getBucketVersioning = reads("s3:GetBucketVersioning", GetBucketVersioningCommand, other);
/** Named as its IAM action is; its API operation is GetObjectLockConfiguration. */
export const getBucketLock = reads("s3:GetBucketObjectLockConfiguration", GetObjectLockConfigurationCommand, other);

export const getKeyPolicy = reads("kms:GetKeyPolicy", GetKeyPolicyCommand, other);
