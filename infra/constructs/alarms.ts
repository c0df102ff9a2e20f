/* oxlint-disable no-new -- a construct joins its scope by being made */
import { CfnAlarm, type CfnAlarmProps } from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import { HoldfastError } from "../../controller/domain/errors.ts";
import { FLEET_DIMENSION, type MetricName, NAMESPACE } from "../../controller/metrics/table.ts";
import {
  alarmDescription,
  type AlarmFacts,
  alarmName,
  ALARMS,
  type Sign,
  type WatchedFunction,
  type WatchedQueue,
} from "../alarms.ts";
import { EVENT_PACE } from "../event-pace.ts";

export interface AlarmsProps {
  readonly fleet: string;
  /** Whole hours within which a report follows on another. */
  readonly dueWithinHours: number;
  /** Names; one that is not there is not deployed. */
  readonly functions: Partial<Readonly<Record<WatchedFunction, string>>>;
  readonly queues: Partial<Readonly<Record<WatchedQueue, string>>>;
  /** ARN of the topic that alarms tell, when they begin and when they end. */
  readonly topic: string;
  /** Seconds that the controller may run. */
  readonly timeout: number;
  /** Seconds that a run may take, whoever carries it. */
  readonly longestRun: number;
}

type Judgement = Omit<CfnAlarmProps, "alarmName" | "alarmDescription" | "alarmActions" | "okActions">;

/** The alarms of infra/alarms.ts, of all that is deployed. */
export class Alarms extends Construct {
  /** Their ARNs, in the order of the table. */
  readonly arns: readonly string[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.arns = ALARMS.flatMap((facts) => {
      const judgement = judgementOf(facts.sign, props);
      return judgement ? [this.make(facts, judgement, props.topic)] : [];
    });
  }

  private make(facts: AlarmFacts, judgement: Judgement, topic: string): string {
    return new CfnAlarm(this, facts.id, {
      alarmName: alarmName(facts),
      alarmDescription: alarmDescription(facts),
      alarmActions: [topic],
      okActions: [topic],
      ...judgement,
    }).attrArn;
  }
}

const HOUR = 3600;
const FIVE_MINUTES = 300;

/** Once is enough, and it stands until something else is told. */
const ONCE = {
  period: FIVE_MINUTES,
  evaluationPeriods: 1,
  threshold: 1,
  comparisonOperator: "GreaterThanOrEqualToThreshold",
  treatMissingData: "ignore",
} as const satisfies Judgement;

function judgementOf(sign: Sign, props: AlarmsProps): Judgement | undefined {
  switch (sign.of) {
    case "silence":
      return silence(sign.metric, props);
    case "report":
      return { ...ONCE, ...ofFleet(sign.metric, props), statistic: "Maximum" };
    case "errors":
      return ofFunction(props.functions[sign.function], { ...ONCE, metricName: "Errors", statistic: "Sum" });
    case "throttles":
      return ofFunction(props.functions[sign.function], {
        ...ONCE,
        metricName: "Throttles",
        statistic: "Sum",
        // Lambda tries a refused start again at least every five minutes (Lambda Developer Guide, "Asynchronous invocation").
        evaluationPeriods: Math.floor(props.timeout / FIVE_MINUTES) + 1,
        treatMissingData: "notBreaching",
      });
    case "duration":
      return ofFunction(props.functions[sign.function], {
        ...ONCE,
        metricName: "Duration",
        statistic: "Maximum",
        threshold: sign.share * props.timeout * 1000,
      });
    case "queue":
      return ofQueue(props.queues[sign.queue], { metricName: "ApproximateNumberOfMessagesVisible" });
    case "waiting":
      return ofQueue(props.queues[sign.queue], {
        metricName: "ApproximateAgeOfOldestMessage",
        threshold: props.longestRun + EVENT_PACE.hiddenForSeconds,
      });
  }
}

/**
 * Hour by hour over as many hours as the schedule allows, each without a report a 0. Alarms do not simply take missing data for bad: they look
 * further back for a number first, and ring periods late (CloudWatch User Guide, "How alarm state is evaluated when data is missing"). So the
 * gaps are filled; where no number was ever told there is nothing to fill, and missing is bad.
 */
const silence = (metricName: MetricName, props: AlarmsProps): Judgement => ({
  metrics: [
    {
      id: "told",
      metricStat: { metric: ofFleet(metricName, props), period: HOUR, stat: "Sum" },
      returnData: false,
    },
    { id: "heard", expression: "FILL(told, 0)", label: "reports an hour", returnData: true },
  ],
  evaluationPeriods: lookBack(props),
  datapointsToAlarm: lookBack(props),
  threshold: 1,
  comparisonOperator: "LessThanThreshold",
  treatMissingData: "breaching",
});

/** Hours. An alarm whose periods are hours looks back seven days at most (CloudWatch API Reference, PutMetricAlarm, "Period"). */
const LONGEST_LOOK_BACK = 7 * 24;

function lookBack({ dueWithinHours }: AlarmsProps): number {
  if (dueWithinHours <= LONGEST_LOOK_BACK) return dueWithinHours;
  throw new HoldfastError(
    "setting-refused",
    `schedule.expression leaves up to ${dueWithinHours} hours between reports, and an alarm can wait for one no longer than ${LONGEST_LOOK_BACK}: let it come round every six days or more often`,
  );
}

const ofFleet = (metricName: MetricName, { fleet }: AlarmsProps) => ({
  namespace: NAMESPACE,
  metricName,
  dimensions: [{ name: FLEET_DIMENSION, value: fleet }],
});

const ofFunction = (name: string | undefined, judgement: Judgement): Judgement | undefined =>
  name === undefined
    ? undefined
    : { ...judgement, namespace: "AWS/Lambda", dimensions: [{ name: "FunctionName", value: name }] };

const ofQueue = (name: string | undefined, judgement: Judgement): Judgement | undefined =>
  name === undefined
    ? undefined
    : {
        ...ONCE,
        ...judgement,
        namespace: "AWS/SQS",
        statistic: "Maximum",
        dimensions: [{ name: "QueueName", value: name }],
        // CloudWatch hears nothing of a queue that nobody uses: it is empty.
        treatMissingData: "notBreaching",
      };
