import { describe, expect, it } from "vitest";
import type { ConditionContext } from "../simulator/iam/conditions.ts";
import { evaluate } from "../simulator/iam/evaluate.ts";
import { hubTemplate, only, propertiesAt, propertiesOf, resolvedPolicy } from "./deployed.ts";

const hub = "111111111111";
const template = hubTemplate();
const deployed = {
  "AWS::Partition": "aws",
  "AWS::AccountId": hub,
  "AWS::Region": "eu-central-1",
  "IntakeBus.*": `arn:aws:events:eu-central-1:${hub}:event-bus/holdfast`,
  "IntakeEvents.*Arn": `arn:aws:sqs:eu-central-1:${hub}:events`,
  "IntakeDeadLetters.*Arn": `arn:aws:sqs:eu-central-1:${hub}:dead-letters`,
};
const startingWith = (id: string): string => expect.stringMatching(`^${id}`) as string;
const arnOf = (id: string) => ({ "Fn::GetAtt": [startingWith(id), "Arn"] });
/** How the simulator writes a service that acts by itself. */
const eventBridge = { account: "", arn: "events.amazonaws.com" };

describe("the event bus", () => {
  const rights = resolvedPolicy(propertiesAt(template, "AWS::Events::EventBus", "IntakeBus")["Policy"], deployed);
  const forwarding = { account: "222222222222", arn: "arn:aws:sts::222222222222:assumed-role/forwarding/events" };
  const judged = (action: string, context: ConditionContext) =>
    evaluate([rights], { action, resource: deployed["IntakeBus.*"], principal: forwarding, context });
  const told = { "aws:PrincipalOrgID": "o-exampleorgid", "events:source": "aws.backup" };

  it("takes what AWS Backup says in any account of the organization", () => {
    expect(judged("events:PutEvents", told)).toBe("allowed");
  });

  it.each([
    ["of another organization", "events:PutEvents", { ...told, "aws:PrincipalOrgID": "o-another0000" }],
    ["of no organization", "events:PutEvents", { "events:source": "aws.backup" }],
    ["of another source", "events:PutEvents", { ...told, "events:source": "aws.ec2" }],
    ["of a source that is made up", "events:PutEvents", { ...told, "events:source": "com.example.backup" }],
    ["of no source", "events:PutEvents", { "aws:PrincipalOrgID": "o-exampleorgid" }],
    ["that changes where events go", "events:PutTargets", told],
    ["that adds a rule", "events:PutRule", told],
  ])("takes nothing %s", (_, action, context) => {
    expect(judged(action, context)).toBe("implicitly-denied");
  });

  it("has one name everywhere, by which members know it beforehand", () => {
    expect(propertiesAt(template, "AWS::Events::EventBus", "IntakeBus")).toMatchObject({ Name: "holdfast" });
  });

  it("keeps what it took for as long as dead letters are kept, for playing again", () => {
    expect(only(template, "AWS::Events::Archive")).toMatchObject({
      SourceArn: arnOf("IntakeBus"),
      EventPattern: { source: ["aws.backup"] },
      RetentionDays: 14,
    });
  });
});

describe("the way from the bus to the queue", () => {
  const queue = (id: string) => propertiesAt(template, "AWS::SQS::Queue", id);

  it("is one rule for all that AWS Backup says, and a day's patience, and then a queue for what could not be delivered", () => {
    expect(propertiesAt(template, "AWS::Events::Rule", "Intake")).toMatchObject({
      EventBusName: { Ref: startingWith("IntakeBus") },
      EventPattern: { source: ["aws.backup"] },
      Targets: [
        {
          Arn: arnOf("IntakeEvents"),
          DeadLetterConfig: { Arn: arnOf("IntakeDeadLetters") },
          RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        },
      ],
    });
  });

  it("ends with what was received ten times in vain among the dead letters, which outlast the queue", () => {
    expect(queue("IntakeEvents")).toMatchObject({
      MessageRetentionPeriod: 4 * 86_400,
      VisibilityTimeout: 5460,
      RedrivePolicy: { deadLetterTargetArn: arnOf("IntakeDeadLetters"), maxReceiveCount: 10 },
      SqsManagedSseEnabled: true,
    });
    expect(queue("IntakeDeadLetters")).toMatchObject({
      MessageRetentionPeriod: 14 * 86_400,
      SqsManagedSseEnabled: true,
    });
  });

  const ruleArn = `arn:aws:events:eu-central-1:${hub}:rule/holdfast/holdfast-events`;

  it("names its rule as the queues' policies do", () => {
    expect(propertiesAt(template, "AWS::Events::Rule", "Intake")).toMatchObject({ Name: "holdfast-events" });
  });

  describe.each(["IntakeEvents", "IntakeDeadLetters"])("to %s", (id) => {
    const { PolicyDocument } = propertiesAt(template, "AWS::SQS::QueuePolicy", id);
    const rights = resolvedPolicy(PolicyDocument, deployed);
    const resource = deployed[`${id}.*Arn` as keyof typeof deployed];
    const sent = (context: ConditionContext) =>
      evaluate([rights], { action: "sqs:SendMessage", resource, principal: eventBridge, context });

    it("is open to that rule alone", () => {
      expect(sent({ "aws:SourceArn": ruleArn, "aws:SecureTransport": true })).toBe("allowed");
      expect(sent({ "aws:SourceArn": `${ruleArn}-2`, "aws:SecureTransport": true })).toBe("implicitly-denied");
      expect(sent({ "aws:SecureTransport": true })).toBe("implicitly-denied");
    });

    it("is never in the clear", () => {
      expect(sent({ "aws:SourceArn": ruleArn, "aws:SecureTransport": false })).toBe("explicitly-denied");
    });
  });

  it("has nobody at its end where no member forwards events", () => {
    expect(propertiesOf(template, "AWS::Lambda::EventSourceMapping")).toEqual([]);
  });
});
