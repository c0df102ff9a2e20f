import { getQueueAttributes, getQueueUrl, getSchedule, listSchedules } from "../../aws/installation-operations.ts";
import type { Call } from "../../aws/operation.ts";
import { pages } from "../../aws/pages.ts";
import { look, lookFor, type Fact } from "../fact.ts";

/** The group that the hub stack makes its schedules in. */
export const SCHEDULE_GROUP = "holdfast";

export interface Schedule {
  readonly name: string;
  readonly enabled: boolean;
  readonly expression: string;
  readonly timeZone: string;
  /** ARN of the function that it starts. */
  readonly target: string;
  /** ARN of the queue that keeps starts which did not reach the function. */
  readonly deadLetters: string | undefined;
  /** How often a start that did not reach it is tried again. */
  readonly retries: number | undefined;
}

type ScheduleCall = Call<typeof listSchedules | typeof getSchedule>;

/** Every schedule of the group, by name. */
export const readSchedules = (call: ScheduleCall): Promise<Fact<readonly Schedule[]>> =>
  look(async () => {
    const names: string[] = [];
    const read = (NextToken: string | undefined) => call(listSchedules, { GroupName: SCHEDULE_GROUP, NextToken });
    for await (const page of pages(listSchedules.name, read))
      for (const { Name } of page.Schedules ?? []) if (Name !== undefined) names.push(Name);
    return Promise.all(names.map((name) => readSchedule(call, name)));
  });

async function readSchedule(call: ScheduleCall, name: string): Promise<Schedule> {
  const { State, ScheduleExpression, ScheduleExpressionTimezone, Target } = await call(getSchedule, {
    GroupName: SCHEDULE_GROUP,
    Name: name,
  });
  return {
    name,
    enabled: State === "ENABLED",
    expression: ScheduleExpression ?? "",
    timeZone: ScheduleExpressionTimezone ?? "UTC",
    target: Target?.Arn ?? "",
    deadLetters: Target?.DeadLetterConfig?.Arn,
    retries: Target?.RetryPolicy?.MaximumRetryAttempts,
  };
}

/** How many messages wait in a queue; `undefined`: there is no such queue. */
export const readDepth = (
  call: Call<typeof getQueueUrl | typeof getQueueAttributes>,
  arn: string,
): Promise<Fact<number | undefined>> =>
  lookFor(async () => {
    const [QueueName = "", QueueOwnerAWSAccountId] = arn.split(":").toReversed();
    const { QueueUrl } = await call(getQueueUrl, { QueueName, QueueOwnerAWSAccountId });
    const { Attributes } = await call(getQueueAttributes, {
      QueueUrl,
      AttributeNames: ["ApproximateNumberOfMessages"],
    });
    return Number(Attributes?.["ApproximateNumberOfMessages"] ?? 0);
  });
