/** CloudWatch, as far as one asks which alarms there are and whom they wake (CloudWatch API Reference, DescribeAlarms). */
import { ApiError, type Handlers } from "../service.ts";
import { pageOf, type Placed, type PlatformContext } from "./context.ts";

interface DescribeInput {
  readonly AlarmNamePrefix?: string;
  readonly AlarmNames?: readonly string[];
  readonly NextToken?: string;
  readonly MaxRecords?: number;
}

function describeAlarms(input: DescribeInput, context: Placed): unknown {
  const { AlarmNamePrefix = "", AlarmNames, NextToken, MaxRecords } = input;
  const { account, region, state } = context;
  const rows = [...state.platform.alarms.values()]
    .filter(({ name }) => name.startsWith(AlarmNamePrefix) && (AlarmNames?.includes(name) ?? true))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const page = pageOf(context, rows, {
    listing: ["cloudwatch:DescribeAlarms", AlarmNamePrefix, AlarmNames],
    token: NextToken,
    limit: MaxRecords,
    invalid: () => new ApiError("InvalidNextToken", "The next token specified is invalid.", {}, 400),
  });
  return {
    MetricAlarms: page.items.map((alarm) => ({
      AlarmName: alarm.name,
      AlarmArn: `arn:aws:cloudwatch:${region}:${account}:alarm:${alarm.name}`,
      ActionsEnabled: alarm.actionsEnabled,
      AlarmActions: alarm.actions,
      StateValue: alarm.state,
      Namespace: alarm.namespace,
      MetricName: alarm.metric,
      TreatMissingData: alarm.missingData,
    })),
    NextToken: page.next,
  };
}

export const cloudwatchHandlers: Handlers<PlatformContext> = { DescribeAlarms: describeAlarms };
