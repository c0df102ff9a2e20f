/** EventBridge Scheduler, as far as one asks what is started and when (Scheduler API Reference). Nothing is ever started. */
import { ApiError, type Handlers } from "../service.ts";
import { pageOf, type Placed, type PlatformContext } from "./context.ts";
import type { SimulatedSchedule } from "./state.ts";

const arnOf = ({ account, region }: Placed, { group, name }: SimulatedSchedule): string =>
  `arn:aws:scheduler:${region}:${account}:schedule/${group}/${name}`;

interface ListInput {
  readonly GroupName?: string;
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

/** A group that is not there has no schedules: the listing is narrowed by it, and does not look for it. */
function listSchedules({ GroupName, NextToken, MaxResults }: ListInput, context: Placed): unknown {
  const rows = [...context.state.platform.schedules.values()]
    .filter(({ group }) => GroupName === undefined || group === GroupName)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const page = pageOf(context, rows, {
    listing: ["scheduler:ListSchedules", GroupName],
    token: NextToken,
    limit: MaxResults,
    invalid: () => new ApiError("ValidationException", "Invalid NextToken", {}, 400),
  });
  return {
    Schedules: page.items.map((schedule) => ({
      Arn: arnOf(context, schedule),
      Name: schedule.name,
      GroupName: schedule.group,
      State: schedule.state,
      Target: { Arn: schedule.target.arn },
    })),
    NextToken: page.next,
  };
}

function getSchedule(input: { readonly Name: string; readonly GroupName?: string }, context: Placed): unknown {
  const schedule = context.state.platform.schedules.get(`${input.GroupName ?? "default"}/${input.Name}`);
  if (schedule === undefined)
    throw new ApiError("ResourceNotFoundException", `Schedule ${input.Name} does not exist.`, {}, 404);
  const { target } = schedule;
  return {
    Arn: arnOf(context, schedule),
    Name: schedule.name,
    GroupName: schedule.group,
    State: schedule.state,
    ScheduleExpression: schedule.expression,
    ScheduleExpressionTimezone: schedule.timeZone,
    FlexibleTimeWindow: { Mode: "OFF" },
    Target: {
      Arn: target.arn,
      RoleArn: target.roleArn,
      ...(target.deadLetterArn === undefined ? {} : { DeadLetterConfig: { Arn: target.deadLetterArn } }),
      // Scheduler's own default (Scheduler API Reference, RetryPolicy).
      RetryPolicy: { MaximumRetryAttempts: target.maximumRetryAttempts ?? 185, MaximumEventAgeInSeconds: 86_400 },
    },
  };
}

export const schedulerHandlers: Handlers<PlatformContext> = { ListSchedules: listSchedules, GetSchedule: getSchedule };
