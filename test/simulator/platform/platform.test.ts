import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import {
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import { GetScheduleCommand, ListSchedulesCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { ListSubscriptionsByTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { hub, refusal, region, smallSimulator, type Key } from "../fixture.ts";
import type { Simulator } from "../simulator.ts";
import { newQueue, sendTo } from "./queue.ts";
import { newTopic } from "./topic.ts";

const ADMINISTRATOR: Key = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" };

const clients = (simulator: Simulator, credentials = ADMINISTRATOR) => {
  const config = { region, credentials, maxAttempts: 1, requestHandler: simulator.handler() };
  return {
    cloudwatch: new CloudWatchClient(config),
    lambda: new LambdaClient(config),
    scheduler: new SchedulerClient(config),
    sns: new SNSClient(config),
    sqs: new SQSClient(config),
  };
};

const FUNCTION = `arn:aws:lambda:${region}:${hub}:function:controller`;

function withFunction(): Simulator {
  const simulator = smallSimulator();
  simulator.platform(hub, region).functions.set("controller", {
    name: "controller",
    handler: "handler.handler",
    role: `arn:aws:iam::${hub}:role/controller`,
    timeoutSeconds: 900,
    memoryMb: 1769,
    environment: { A: "1" },
    codeSha256: "",
    state: "Active",
    aliases: new Map([["live", "7"]]),
    reservedConcurrency: undefined,
    retries: new Map([["live", 0]]),
    durable: { executionSeconds: 3600, retentionDays: 14 },
  });
  return simulator;
}

describe("functions", () => {
  it("are told by name or ARN, an alias with the version behind it", async () => {
    const { lambda } = clients(withFunction());
    const told = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: FUNCTION, Qualifier: "live" }));
    expect(told).toMatchObject({
      FunctionArn: `${FUNCTION}:live`,
      Version: "7",
      Timeout: 900,
      Environment: { Variables: { A: "1" } },
      DurableConfig: { ExecutionTimeout: 3600, RetentionPeriodInDays: 14 },
    });
    expect(await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: "controller" }))).toMatchObject({
      Version: "$LATEST",
    });
  });

  it("without what is asked for are told with 404", async () => {
    const { lambda } = clients(withFunction());
    const asked = [
      new GetFunctionConfigurationCommand({ FunctionName: "none" }),
      new GetFunctionConfigurationCommand({ FunctionName: "controller", Qualifier: "dead" }),
      new GetFunctionEventInvokeConfigCommand({ FunctionName: "controller" }),
    ];
    for (const command of asked)
      expect(await refusal(lambda.send(command as GetFunctionConfigurationCommand))).toMatchObject({
        name: "ResourceNotFoundException",
        status: 404,
      });
  });

  it("tell no concurrency where none is reserved, and how often an alias is tried again", async () => {
    const { lambda } = clients(withFunction());
    const { ReservedConcurrentExecutions } = await lambda.send(
      new GetFunctionConcurrencyCommand({ FunctionName: "controller" }),
    );
    expect(ReservedConcurrentExecutions).toBeUndefined();
    const config = await lambda.send(
      new GetFunctionEventInvokeConfigCommand({ FunctionName: "controller", Qualifier: "live" }),
    );
    expect(config.MaximumRetryAttempts).toBe(0);
  });

  it("are asked about on their own ARN", async () => {
    const simulator = withFunction();
    const Statement = [{ Effect: "Allow" as const, Action: "lambda:Get*", Resource: `${FUNCTION}2` }];
    const { lambda } = clients(simulator, simulator.iam.putUser(hub, "alice", [{ Statement }]));
    const refused = await refusal(lambda.send(new GetFunctionConfigurationCommand({ FunctionName: "controller" })));
    expect(refused).toMatchObject({ name: "AccessDeniedException", status: 403 });
  });
});

describe("schedules", () => {
  it("are listed by group, pages short, and told with Scheduler's own defaults", async () => {
    const simulator = smallSimulator();
    for (const name of ["a", "b", "c", "d"])
      simulator.platform(hub, region).schedules.set(`mine/${name}`, {
        group: "mine",
        name,
        expression: "rate(6 hours)",
        timeZone: "UTC",
        state: "ENABLED",
        target: { arn: FUNCTION, roleArn: `arn:aws:iam::${hub}:role/start` },
      });
    const { scheduler } = clients(simulator);
    const first = await scheduler.send(new ListSchedulesCommand({ GroupName: "mine" }));
    expect(first.Schedules?.map(({ Name }) => Name)).toEqual(["a", "b", "c"]);
    const rest = await scheduler.send(new ListSchedulesCommand({ GroupName: "mine", NextToken: first.NextToken }));
    expect(rest.Schedules?.map(({ Name }) => Name)).toEqual(["d"]);
    expect(rest.NextToken).toBeUndefined();
    expect((await scheduler.send(new ListSchedulesCommand({ GroupName: "other" }))).Schedules).toEqual([]);
    const { Target } = await scheduler.send(new GetScheduleCommand({ GroupName: "mine", Name: "a" }));
    expect(Target?.RetryPolicy?.MaximumRetryAttempts).toBe(185);
    expect(await refusal(scheduler.send(new GetScheduleCommand({ Name: "a" })))).toMatchObject({ status: 404 });
  });
});

describe("alarms, topics and queues", () => {
  it("alarms are described by the beginning of their names", async () => {
    const simulator = smallSimulator();
    const { alarms } = simulator.platform(hub, region);
    for (const name of ["mine-1", "other"])
      alarms.set(name, {
        name,
        namespace: "N",
        metric: "M",
        state: "ALARM",
        missingData: "breaching",
        actionsEnabled: true,
        actions: [],
      });
    const { MetricAlarms } = await clients(simulator).cloudwatch.send(
      new DescribeAlarmsCommand({ AlarmNamePrefix: "mine" }),
    );
    expect(MetricAlarms).toMatchObject([{ AlarmName: "mine-1", StateValue: "ALARM", TreatMissingData: "breaching" }]);
  });

  it("a subscription that nobody has confirmed has no ARN", async () => {
    const simulator = smallSimulator();
    const arn = `arn:aws:sns:${region}:${hub}:mine`;
    const subscriptions = [true, false].map((confirmed) => ({
      protocol: "email",
      endpoint: "a@example.com",
      confirmed,
    }));
    simulator.platform(hub, region).topics.set(arn, newTopic({ arn, subscriptions }));
    const { sns } = clients(simulator);
    const { Subscriptions } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: arn }));
    expect(Subscriptions?.map(({ SubscriptionArn }) => SubscriptionArn?.startsWith(`${arn}:`))).toEqual([true, false]);
    expect(Subscriptions?.[1]?.SubscriptionArn).toBe("PendingConfirmation");
    expect(await refusal(sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: `${arn}2` })))).toMatchObject({
      status: 404,
    });
  });

  it("a queue is asked by its URL, and told what was asked for", async () => {
    const simulator = smallSimulator();
    const queue = newQueue({ name: "mine" });
    simulator.platform(hub, region).queues.set("mine", queue);
    for (const body of ["a", "b", "c", "d"])
      sendTo(queue, { body, at: simulator.clock.now(), sender: hub }, simulator.random);
    const { sqs } = clients(simulator);
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: "mine" }));
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["ApproximateNumberOfMessages"] }),
    );
    expect(Attributes).toEqual({ ApproximateNumberOfMessages: "4" });
    expect((await refusal(sqs.send(new GetQueueUrlCommand({ QueueName: "none" })))).name).toBe("QueueDoesNotExist");
  });
});
