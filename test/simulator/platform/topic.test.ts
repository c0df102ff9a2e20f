import { PublishCommand, type PublishCommandInput } from "@aws-sdk/client-sns";
import { describe, expect, it } from "vitest";
import { messagingClients } from "../fixture-messages.ts";
import { hub, refusal, region, smallSimulator } from "../fixture.ts";
import { newQueue } from "./queue.ts";
import { newTopic } from "./topic.ts";

const TopicArn = `arn:aws:sns:${region}:${hub}:told`;

function withTopic() {
  const simulator = smallSimulator();
  const subscriptions = [true, false].map((confirmed) => ({
    protocol: "email",
    endpoint: confirmed ? "a@example.com" : "b@example.com",
    confirmed,
  }));
  const topic = newTopic({ arn: TopicArn, subscriptions });
  simulator.platform(hub, region).topics.set(TopicArn, topic);
  return { simulator, topic, ...messagingClients(simulator) };
}

const queueArn = `arn:aws:sqs:${region}:${hub}:told`;

describe("Publish", () => {
  it("reaches a queue in an envelope, where the queue's policy lets the topic", async () => {
    const { simulator, topic, sns } = withTopic();
    const queue = newQueue({ name: "told" });
    simulator.platform(hub, region).queues.set("told", queue);
    topic.subscriptions.push({ protocol: "sqs", endpoint: queueArn, confirmed: true });
    await sns.send(new PublishCommand({ TopicArn, Message: "one" }));
    queue.policy = {
      Statement: {
        Effect: "Allow",
        Principal: { Service: "sns.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queueArn,
        Condition: { ArnEquals: { "aws:SourceArn": TopicArn } },
      },
    };
    await sns.send(new PublishCommand({ TopicArn, Message: "two" }));
    expect(queue.messages.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([{ TopicArn, Message: "two" }]);
    expect(topic.received.map(({ protocol, message }) => [protocol, message])).toEqual([
      ["email", "one"],
      ["email", "two"],
      ["sqs", "two"],
    ]);
  });

  it("reaches those who have confirmed, with subject and attributes", async () => {
    const { sns, topic } = withTopic();
    const MessageAttributes = { cause: { DataType: "String", StringValue: "failed" } };
    const { MessageId } = await sns.send(
      new PublishCommand({ TopicArn, Subject: "It failed", Message: "Why", MessageAttributes }),
    );
    expect(topic.received).toMatchObject([
      {
        messageId: MessageId,
        endpoint: "a@example.com",
        subject: "It failed",
        message: "Why",
        attributes: MessageAttributes,
      },
    ]);
  });

  const refusals: readonly (readonly [string, Partial<PublishCommandInput>, string])[] = [
    ["a subject of more than 100 letters", { Subject: "x".repeat(101) }, "InvalidParameter"],
    ["a subject with a line break", { Subject: "a\nb" }, "InvalidParameter"],
    ["a subject that is not ASCII", { Subject: "Zürich" }, "InvalidParameter"],
    ["an empty message", { Message: "" }, "InvalidParameter"],
    ["a message of more than 256 KB", { Message: "ü".repeat(131_073) }, "InvalidParameter"],
    ["a topic that is not there", { TopicArn: `${TopicArn}2` }, "NotFound"],
  ];
  it.each(refusals)("refuses %s", async (_what, input, name) => {
    const { sns, topic } = withTopic();
    const refused = await refusal(sns.send(new PublishCommand({ TopicArn, Message: "Why", ...input })));
    expect(refused.name).toContain(name);
    expect(topic.received).toEqual([]);
  });

  it("to an encrypted topic takes leave to use its key, by the key's own policy too", async () => {
    const { simulator, topic } = withTopic();
    const allow = (Action: string | readonly string[], Resource: string) => ({
      Statement: { Effect: "Allow" as const, Action: [Action].flat(), Resource },
    });
    const publish = allow("sns:Publish", TopicArn);
    const key = simulator.addKey(hub, region);
    topic.keyId = key.arn;
    const use = allow(["kms:GenerateDataKey*", "kms:Decrypt"], key.arn);
    const send = (policies: readonly (typeof publish)[]) =>
      messagingClients(simulator, simulator.iam.putUser(hub, "alice", policies)).sns.send(
        new PublishCommand({ TopicArn, Message: "Why" }),
      );
    expect((await refusal(send([publish]))).name).toContain("KMSAccessDenied");
    expect((await refusal(send([use]))).name).toContain("AuthorizationError");
    await send([publish, use]);
    expect(topic.received).toHaveLength(1);
  });
});
