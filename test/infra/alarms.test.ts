/* oxlint-disable no-new -- a construct joins its scope by being made */
import { Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { METRICS } from "../../controller/metrics/table.ts";
import { alarmDescription, alarmName, ALARMS } from "../../infra/alarms.ts";
import { Alarms, type AlarmsProps } from "../../infra/constructs/alarms.ts";
import { Dashboard } from "../../infra/constructs/dashboard.ts";
import { EVENT_PACE } from "../../infra/event-pace.ts";
import { nextReportHours } from "../../infra/next-report.ts";
import { generateInfraReadme } from "../../scripts/generate/infra-readme.ts";
import { appWith, propertiesOf } from "./deployed.ts";

const TOPIC = "arn:aws:sns:eu-central-1:111122223333:notifications";
const watched: AlarmsProps = {
  fleet: "production",
  dueWithinHours: 8,
  functions: { controller: "controller", coordinator: "coordinator", events: "events", rotation: "rotation" },
  queues: { failures: "failures", events: "events-queue", lost: "dead-letters" },
  topic: TOPIC,
  timeout: 900,
  longestRun: 21_600,
};

const MetricId = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })),
});
const Alarm = z.looseObject({
  AlarmName: z.string(),
  AlarmDescription: z.string(),
  AlarmActions: z.tuple([z.literal(TOPIC)]),
  OKActions: z.tuple([z.literal(TOPIC)]),
  EvaluationPeriods: z.int(),
  DatapointsToAlarm: z.int().optional(),
  Threshold: z.number(),
  ComparisonOperator: z.enum(["GreaterThanOrEqualToThreshold", "LessThanThreshold"]),
  TreatMissingData: z.enum(["ignore", "notBreaching", "breaching"]),
  ...MetricId.partial().shape,
  Period: z.int().optional(),
  Statistic: z.string().optional(),
  Metrics: z
    .array(z.looseObject({ MetricStat: z.object({ Metric: MetricId, Period: z.int(), Stat: z.string() }).optional() }))
    .optional(),
});
type Alarm = z.infer<typeof Alarm>;

function deployed(props: AlarmsProps = watched) {
  const stack = new Stack(appWith({}), "watch");
  new Alarms(stack, "Alarms", props);
  const found = propertiesOf(Template.fromStack(stack), "AWS::CloudWatch::Alarm");
  return new Map(found.map((properties) => Alarm.parse(properties)).map((alarm) => [alarm.AlarmName, alarm]));
}
const alarms = deployed();
const alarm = (id: string): Alarm => alarms.get(`holdfast-${id}`)!;

describe("the alarms", () => {
  it("are those of the table, and each says what it means and what to do first", () => {
    expect([...alarms.keys()].toSorted()).toEqual(ALARMS.map(alarmName).toSorted());
    for (const facts of ALARMS) expect(alarm(facts.id).AlarmDescription).toBe(alarmDescription(facts));
  });

  it.each(ALARMS)("$id is told of in sentences that fit a message", ({ means, first }) => {
    expect(means).toMatch(/^[A-Z].{40,}\.$/);
    expect(first).toMatch(/^[A-Z].{30,}\.$/);
    // CloudWatch API Reference, PutMetricAlarm: AlarmDescription.
    expect(alarmDescription({ means, first }).length).toBeLessThanOrEqual(1024);
  });

  it("watch nothing that is not deployed", () => {
    const inline = deployed({ ...watched, functions: { controller: "controller" }, queues: { failures: "failures" } });
    const absent = "coordinator-failed events-failed events-refused events-waiting lost-events rotation-failed";
    const missing = absent.split(" ").map((id) => `holdfast-${id}`);
    expect([...alarms.keys()].filter((name) => !inline.has(name)).toSorted()).toEqual(missing.toSorted());
  });

  it("go by metrics that the handler emits, of this fleet", () => {
    const ours = [...alarms.values()]
      .flatMap(({ Metrics, ...plain }) => [
        plain,
        ...(Metrics ?? []).flatMap(({ MetricStat }) => MetricStat?.Metric ?? []),
      ])
      .filter(({ Namespace }) => Namespace === "Holdfast");
    expect(ours.length).toBeGreaterThan(6);
    expect(ours.filter(({ MetricName = "" }) => !Object.hasOwn(METRICS, MetricName))).toEqual([]);
    expect(new Set(ours.map(({ Dimensions }) => JSON.stringify(Dimensions)))).toEqual(
      new Set([JSON.stringify([{ Name: "service", Value: "production" }])]),
    );
  });

  it("stand until something else is told, where reports and functions tell it", () => {
    expect(alarm("accounts-unreachable")).toMatchObject({
      TreatMissingData: "ignore",
      Threshold: 1,
      EvaluationPeriods: 1,
    });
    expect(alarm("run-without-report")).toMatchObject({ MetricName: "Errors", TreatMissingData: "ignore" });
  });

  it("hear of a start that is refused for longer than any run takes, and not of one that only waits for another", () => {
    const { EvaluationPeriods, Period = 0, TreatMissingData } = alarm("start-refused");
    expect(EvaluationPeriods * Period).toBeGreaterThan(watched.timeout);
    expect(TreatMissingData).toBe("notBreaching");
  });

  it("hear of a run that comes near the time at which Lambda ends it, in Lambda's milliseconds", () => {
    expect(alarm("near-timeout")).toMatchObject({ MetricName: "Duration", Statistic: "Maximum", Threshold: 720_000 });
  });

  it("hear of one message in a queue that should have none", () => {
    const dimension = (Value: string) => [{ Name: "QueueName", Value }];
    expect(alarm("failed-starts")).toMatchObject({ Threshold: 1, Dimensions: dimension("failures") });
    expect(alarm("lost-events")).toMatchObject({ Threshold: 1, Dimensions: dimension("dead-letters") });
  });

  it("hear of an event that waits longer than the longest run and one more try, and of one that waits for a run not", () => {
    const { Threshold, MetricName } = alarm("events-waiting");
    expect(MetricName).toBe("ApproximateAgeOfOldestMessage");
    expect(Threshold).toBeGreaterThan(watched.longestRun + EVENT_PACE.hiddenForSeconds - 1);
    expect(Threshold).toBeLessThan(4 * 86_400);
  });

  it("are in the README as they are deployed", async () => {
    const [readme = ""] = [...(await generateInfraReadme()).values()];
    for (const { means, first } of ALARMS) {
      expect(readme).toContain(means);
      expect(readme).toContain(first);
    }
  });
});

/** Of an alarm over hours with the gaps filled by 0: at each full hour, whether the last hours all lacked a report. Hours from the start. */
function ringing({ EvaluationPeriods }: Alarm, reports: readonly number[], until: number): readonly number[] {
  const told = new Set(reports.map(Math.floor));
  const hours = Array.from({ length: until - EvaluationPeriods }, (_, index) => index + EvaluationPeriods);
  return hours.filter((now) =>
    Array.from({ length: EvaluationPeriods }, (_, back) => now - 1 - back).every((hour) => !told.has(hour)),
  );
}

const schedule = (expression: string) => ({ expression, timeZone: "Etc/UTC", flexibleMinutes: 15, retryAttempts: 2 });
const deadMan = (expression: string) =>
  deployed({
    ...watched,
    dueWithinHours: nextReportHours({ schedule: schedule(expression), engine: "inline" }),
  }).get("holdfast-no-report")!;

describe("the alarm that waits for a report", () => {
  it("counts an hour without one as none, also where none was ever told", () => {
    expect(alarm("no-report")).toMatchObject({
      Metrics: [
        {
          Id: "told",
          MetricStat: { Metric: { MetricName: "ReportsPublished" }, Period: 3600, Stat: "Sum" },
          ReturnData: false,
        },
        { Id: "heard", Expression: "FILL(told, 0)", ReturnData: true },
      ],
      Threshold: 1,
      ComparisonOperator: "LessThanThreshold",
      EvaluationPeriods: 8,
      DatapointsToAlarm: 8,
      TreatMissingData: "breaching",
    });
  });

  it.each([
    ["rate(1 hour)", 1],
    ["rate(6 hours)", 6],
    ["rate(1 day)", 24],
    ["cron(0 2 * * ? *)", 24],
    ["rate(6 days)", 144],
  ])(
    "of %s keeps quiet while every report comes, however late it may, and rings when one does not",
    (expression, gap) => {
      const waits = deadMan(expression);
      // One as early as it can be, the next as late: the window of a quarter of an hour, an hour of retries, a quarter of an hour's run.
      const reports = Array.from({ length: 20 }, (_, index) => index * gap + (index % 2 === 0 ? 0.01 : 1.5));
      const until = Math.floor(reports.at(-1)!);
      expect(ringing(waits, reports, until)).toEqual([]);
      const [first, ...others] = [10, 11, 12].map((index) => reports[index]!);
      const missed = ringing(
        waits,
        reports.filter((report) => report !== first && !others.includes(report)),
        until,
      );
      const due = reports[9]! + waits.EvaluationPeriods;
      expect(missed[0]).toBeGreaterThanOrEqual(Math.floor(due));
      expect(missed[0]).toBeLessThanOrEqual(Math.ceil(due) + 1);
    },
  );

  it("rings before the first report, and while a disabled schedule brings none", () => {
    expect(ringing(deadMan("rate(6 hours)"), [], 20)).toHaveLength(12);
  });

  it("waits no longer than an alarm can look back: a schedule beyond that is refused, and told why", () => {
    expect(deadMan("rate(6 days)").EvaluationPeriods).toBeLessThanOrEqual(168);
    expect(() => deadMan("rate(7 days)")).toThrow(/leaves up to 170 hours between reports.*no longer than 168/);
  });
});

describe("the dashboard", () => {
  const stack = new Stack(appWith({}), "page");
  const alarmArn = "arn:aws:cloudwatch:eu-central-1:111122223333:alarm:holdfast-no-report";
  new Dashboard(stack, "Dashboard", { ...watched, alarms: [alarmArn] });
  const [page] = propertiesOf(Template.fromStack(stack), "AWS::CloudWatch::Dashboard");
  const body = JSON.stringify(page);
  const shown = new Set([...body.matchAll(/Holdfast\\+",\\+"(\w+)/g)].map(([, name = ""]) => name));

  it("is one a fleet, and begins with the alarms", () => {
    expect(page).toMatchObject({ DashboardName: "holdfast-production" });
    expect(body.indexOf(alarmArn)).toBeGreaterThan(0);
    expect(body.indexOf(alarmArn)).toBeLessThan(body.indexOf("ReportsPublished"));
  });

  it("shows every metric that is emitted, but for those that only an alarm is about, and no other", () => {
    const grave = ["DesiredStateUnverified", "EvidenceAltered", "EvidenceRefused"];
    expect([...shown, ...grave].toSorted()).toEqual(Object.keys(METRICS).toSorted());
  });

  it("shows how long each function ran, in seconds and below the limit, and what waits in each queue", () => {
    for (const name of ["controller / 1000", "coordinator / 1000", "dead-letters", "failures"])
      expect(body).toContain(name);
    expect(body).toContain("Lambda's limit");
  });
});
