import {
  Alarm,
  AlarmStatusWidget,
  Color,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  MathExpression,
  Metric,
  PeriodOverride,
  SingleValueWidget,
  Stats,
  TextWidget,
} from "aws-cdk-lib/aws-cloudwatch";
import { Duration } from "aws-cdk-lib";
import { Construct } from "constructs";
import { FLEET_DIMENSION, type MetricName, NAMESPACE } from "../../controller/metrics/table.ts";
import type { AlarmsProps } from "./alarms.ts";

export interface DashboardProps extends Pick<AlarmsProps, "fleet" | "functions" | "queues" | "timeout"> {
  /** ARNs of the alarms to show first. */
  readonly alarms: readonly string[];
}

const ROW = { width: 24, height: 6 } as const;
const HALF = { width: 12, height: 6 } as const;
const THIRD = { width: 8, height: 6 } as const;

/** Long enough for a run to be in every point of a graph by day, and short enough to see single runs by the hour. */
const PERIOD = Duration.hours(1);

/** One page, read from the top: does anything ring, does it run, what did it find, what did it do, how hard was it. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const dashboard = new CloudWatchDashboard(this, "Dashboard", {
      dashboardName: `holdfast-${props.fleet}`,
      defaultInterval: Duration.days(7),
      periodOverride: PeriodOverride.INHERIT,
    });
    const graphs = graphsOf(props);
    dashboard.addWidgets(
      new TextWidget({ markdown: `# Fleet ${props.fleet}\n${READING}`, width: 24, height: 2 }),
      new AlarmStatusWidget({ ...ROW, height: 4, title: "Alarms", alarms: alarmsOf(this, props.alarms) }),
    );
    dashboard.addWidgets(...graphs.running);
    dashboard.addWidgets(...graphs.found);
    dashboard.addWidgets(...graphs.points);
    dashboard.addWidgets(...graphs.coverage);
    dashboard.addWidgets(...graphs.done);
    dashboard.addWidgets(...graphs.heard);
    dashboard.addWidgets(...graphs.effort);
  }
}

const READING =
  "Numbers are those of the signed reports, which say more: `holdfast report`. A gap is a time without a report, and no zero.";

const alarmsOf = (scope: Construct, arns: readonly string[]) =>
  arns.map((arn, index) => Alarm.fromAlarmArn(scope, `Alarm${index}`, arn));

function graphsOf(
  props: DashboardProps,
): Readonly<Record<"running" | "found" | "points" | "coverage" | "done" | "heard" | "effort", IWidget[]>> {
  const told = (name: MetricName, label: string, statistic: string = Stats.MAXIMUM, color?: string) =>
    new Metric({
      namespace: NAMESPACE,
      metricName: name,
      dimensionsMap: { [FLEET_DIMENSION]: props.fleet },
      statistic,
      label,
      period: PERIOD,
      ...(color === undefined ? {} : { color }),
    });
  const sum = (name: MetricName, label: string, color?: string) => told(name, label, Stats.SUM, color);
  return {
    running: [
      lines(THIRD, "Runs", [
        sum("ReportsPublished", "reports", Color.GREEN),
        sum("RunsFailed", "reports that say FAILED", Color.ORANGE),
        sum("RunsBroken", "runs without a report", Color.RED),
        sum("RunsStoodDown", "runs that gave way", Color.GREY),
      ]),
      durations(props, told("RunTime", "from start to report, s")),
      new SingleValueWidget({
        ...THIRD,
        title: "As last told",
        metrics: [
          told("NextReportDue", "next report due within, s"),
          told("AccountsUnreachable", "accounts unreachable"),
          told("ResourcesUnknown", "resources unknown"),
          told("RestoreTestAge", "oldest restore test, s"),
        ],
      }),
    ],
    found: [
      lines(HALF, "Targets, by how the run left them", [
        told("TargetsConverged", "converged", undefined, Color.GREEN),
        told("TargetsCorrected", "corrected", undefined, Color.BLUE),
        told("TargetsSuspended", "suspended", undefined, Color.GREY),
        told("TargetsDrifted", "drifted", undefined, Color.ORANGE),
        told("TargetsHeld", "held", undefined, Color.BROWN),
        told("TargetsIncomplete", "not whole", undefined, Color.PURPLE),
        told("TargetsFailed", "failed", undefined, Color.RED),
      ]),
      lines(HALF, "Resources", [
        told("ResourcesDrifted", "drifted or held"),
        told("ChangesHeld", "changes held"),
        told("BreakGlassHolds", "held by break glass"),
        told("ResourcesUnprotected", "without any recovery point"),
      ]),
    ],
    points: [
      lines(HALF, "Recovery points against policy", [
        told("PointsBreaching", "all"),
        told("PointsOrphaned", "orphaned"),
        told("PointsMiskept", "kept too short or too long"),
        told("PointsUncopied", "copy missing or too short"),
        told("PointsMisencrypted", "wrong key or none"),
        told("PointsMisplaced", "wrong vault or tags"),
        told("LastPointsExpiring", "last of their resource, expiring"),
      ]),
      lines(HALF, "What orphans take", [told("OrphanBytes", "bytes")]),
    ],
    coverage: [
      lines(THIRD, "What policies ask for, and is not so", [
        told("RequiredUnprotected", "no usable point"),
        told("RpoBreaches", "newest point too old", undefined, Color.RED),
        told("RequiredUncopied", "no copy as asked for"),
        told("PlansOverlapping", "backed up by two plans", undefined, Color.GREY),
      ]),
      lines(THIRD, "Restore tests", [
        told("RestoreTestsFailed", "failed", undefined, Color.RED),
        told("RestoreTestsOverdue", "not tested or validated in time", undefined, Color.ORANGE),
        told("RestoreTestsSlow", "slower than their target"),
        told("RestoreLeftovers", "resources left over"),
      ]),
      lines(THIRD, "Concerns", [
        told("ConcernsOpen", "open"),
        told("ConcernsCritical", "critical", undefined, Color.RED),
        told("NoticesFailed", "routes that could not be told", undefined, Color.ORANGE),
        told("NoticeSecretsOld", "addresses older than a year", undefined, Color.GREY),
      ]),
    ],
    done: [
      lines(HALF, "Changes", [
        sum("ChangesApplied", "applied", Color.GREEN),
        sum("ChangesFailed", "failed", Color.RED),
        sum("JobsFailed", "backup and copy jobs failed", Color.ORANGE),
      ]),
      lines(HALF, "Destruction", [
        sum("Destructions", "carried out", Color.RED),
        told("DestructionsAnnounced", "announced", undefined, Color.ORANGE),
      ]),
    ],
    heard: [
      lines(HALF, "Events of AWS Backup", [
        sum("EventsHandled", "dealt with", Color.GREEN),
        sum("EventsReturned", "left for another run", Color.GREY),
        sum("EventsRefused", "that nobody can read", Color.RED),
      ]),
      lines(HALF, "Messages waiting", queuesOf(props)),
    ],
    effort: [
      lines(HALF, "Calls to AWS", [sum("ApiCalls", "calls"), sum("ColdStarts", "cold starts")]),
      lines(HALF, "Refused for coming too fast", [sum("ApiThrottles", "throttles", Color.RED)]),
    ],
  };
}

const lines = (size: { readonly width: number; readonly height: number }, title: string, left: IMetric[]) =>
  new GraphWidget({ ...size, title, left, leftYAxis: { min: 0 } });

/** How long runs take, by their own word and Lambda's, below the line at which Lambda ends them. */
const durations = ({ functions, timeout }: DashboardProps, told: Metric): IWidget =>
  new GraphWidget({
    ...THIRD,
    title: "Duration",
    left: [
      told,
      ...Object.entries(functions).flatMap(([name, FunctionName]) =>
        name === "rotation" ? [] : [durationOf(name, FunctionName)],
      ),
    ],
    leftYAxis: { min: 0 },
    leftAnnotations: [{ value: timeout, label: "Lambda's limit", color: Color.RED }],
  });

/** Lambda counts in milliseconds. */
function durationOf(name: string, FunctionName: string): MathExpression {
  const taken = new Metric({
    namespace: "AWS/Lambda",
    metricName: "Duration",
    dimensionsMap: { FunctionName },
    statistic: Stats.MAXIMUM,
  });
  return new MathExpression({
    expression: `${name} / 1000`,
    usingMetrics: { [name]: taken },
    label: `${name}, longest invocation, s`,
    period: PERIOD,
  });
}

const queuesOf = ({ queues }: DashboardProps): IMetric[] =>
  Object.entries(queues).map(
    ([name, QueueName]) =>
      new Metric({
        namespace: "AWS/SQS",
        metricName: "ApproximateNumberOfMessagesVisible",
        dimensionsMap: { QueueName },
        statistic: Stats.MAXIMUM,
        label: name,
        period: PERIOD,
      }),
  );
