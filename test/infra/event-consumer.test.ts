import { describe, expect, it } from "vitest";
import { EVENT_PACE } from "../../infra/event-pace.ts";
import { LONGEST_RUN } from "../../infra/longest-run.ts";
import { controllerOf, hubTemplate, only, propertiesAt, propertiesOf } from "./deployed.ts";

const eventBus = "arn:aws:events:eu-central-1:111111111111:event-bus/holdfast";
const template = hubTemplate({ eventBus });
const startingWith = (id: string): string => expect.stringMatching(`^${id}`) as string;
const arnOf = (id: string) => ({ "Fn::GetAtt": [startingWith(id), "Arn"] });
const queue = propertiesAt(template, "AWS::SQS::Queue", "IntakeEvents");
const mapping = only(template, "AWS::Lambda::EventSourceMapping") as {
  readonly MaximumBatchingWindowInSeconds: number;
  readonly ScalingConfig: { readonly MaximumConcurrency: number };
};
const consumer = propertiesOf(template, "AWS::Lambda::Function").find(
  (one) => "Handler" in one && one.Handler === "events.handler",
) as {
  readonly Timeout: number;
  readonly ReservedConcurrentExecutions: number;
  readonly Environment: object;
  readonly Role: object;
};

describe("the function that events wake", () => {
  it("takes from the queue, by its alias, and gives back by itself what it could not deal with", () => {
    expect(mapping).toMatchObject({
      FunctionName: { Ref: startingWith("EventsFunctionAlias") },
      EventSourceArn: arnOf("IntakeEvents"),
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      BatchSize: 10_000,
      MaximumBatchingWindowInSeconds: 60,
    });
  });

  it("is never refused what its mapping brings: a refusal would be counted against the message", () => {
    expect(mapping.ScalingConfig.MaximumConcurrency).toBe(consumer.ReservedConcurrentExecutions);
    // Lambda API Reference, ScalingConfig: at least 2.
    expect(mapping.ScalingConfig.MaximumConcurrency).toBeGreaterThanOrEqual(2);
  });

  it("has its messages hidden from others for six times as long as it may take, and for as long as they are gathered", () => {
    expect(queue["VisibilityTimeout"]).toBeGreaterThanOrEqual(
      6 * consumer.Timeout + mapping.MaximumBatchingWindowInSeconds,
    );
  });

  it("may wait for the longest run there is without a good message being given up", () => {
    const { maxReceiveCount } = queue["RedrivePolicy"] as { readonly maxReceiveCount: number };
    expect(maxReceiveCount).toBe(EVENT_PACE.receives);
    // Given back, it comes again once it is no longer hidden.
    const waited = (maxReceiveCount - 1) * EVENT_PACE.hiddenForSeconds;
    expect(waited).toBeGreaterThan(2 * LONGEST_RUN.durable);
    expect(waited).toBeLessThan(queue["MessageRetentionPeriod"] as number);
  });

  it("is the controller in all but its name: same role, same settings", () => {
    const { Environment, Role } = controllerOf(template) as {
      readonly Environment: { readonly Variables: Readonly<Record<string, unknown>> };
      readonly Role: object;
    };
    const { HOLDFAST_EVENTS, ...variables } = Environment.Variables;
    expect(consumer.Environment).toEqual({ Variables: variables });
    expect(consumer.Role).toEqual(Role);
    expect(HOLDFAST_EVENTS).toEqual({ Ref: startingWith("EventsFunctionAlias") });
  });

  it("stands still until the keys are pinned, as the schedule does", () => {
    expect(mapping).toMatchObject({ Enabled: false });
  });

  it("is watched, and what waits for it", () => {
    const alarms = propertiesOf(template, "AWS::CloudWatch::Alarm") as readonly {
      readonly AlarmName: string;
      readonly Dimensions?: readonly { readonly Value: unknown }[];
    }[];
    const about = (name: string) => alarms.find(({ AlarmName }) => AlarmName === `holdfast-${name}`)?.Dimensions?.[0];
    expect(about("events-failed")?.Value).toEqual({ Ref: startingWith("EventsFunction") });
    expect(about("events-refused")?.Value).toEqual({ Ref: startingWith("EventsFunction") });
    expect(about("events-waiting")?.Value).toEqual({ "Fn::GetAtt": [startingWith("IntakeEvents"), "QueueName"] });
  });

  it("is not there where no member forwards events", () => {
    const without = hubTemplate();
    without.resourceCountIs("AWS::Lambda::EventSourceMapping", 0);
    expect(JSON.stringify(without.toJSON())).not.toContain("events.handler");
  });
});
