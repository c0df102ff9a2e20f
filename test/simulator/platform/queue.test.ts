import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { messagingClients } from "../fixture-messages.ts";
import { hub, refusal, region, smallSimulator, stranger } from "../fixture.ts";
import type { Simulator } from "../simulator.ts";
import type { SqsEvent } from "./event-source.ts";
import { newQueue } from "./queue.ts";

const QueueUrl = `https://sqs.${region}.amazonaws.com/${hub}/work`;
const arn = `arn:aws:sqs:${region}:${hub}:work`;
const minute = 60_000;

/** A queue that hides messages for five minutes and gives up on them after two receipts. */
function withQueue() {
  const simulator = smallSimulator();
  const redrive = { deadLetterArn: `${arn}-dead`, maxReceiveCount: 2 };
  const queue = newQueue({ name: "work", visibilitySeconds: 300, redrive });
  const dead = newQueue({ name: "work-dead", retentionSeconds: 14 * 86_400 });
  simulator.platform(hub, region).queues.set("work", queue).set("work-dead", dead);
  return { simulator, queue, dead, ...messagingClients(simulator) };
}

async function send(simulator: Simulator, ...bodies: readonly string[]): Promise<void> {
  const { sqs } = messagingClients(simulator);
  for (const MessageBody of bodies) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
}

describe("a queue", () => {
  it("hides what was received, and gives it again when its time is over", async () => {
    const { simulator, sqs } = withQueue();
    await send(simulator, "a");
    const asking = { QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ["All" as const] };
    const receive = () => sqs.send(new ReceiveMessageCommand(asking));
    expect((await receive()).Messages).toMatchObject([{ Body: "a", Attributes: { ApproximateReceiveCount: "1" } }]);
    expect((await receive()).Messages).toBeUndefined();
    const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] });
    expect((await sqs.send(asked)).Attributes).toMatchObject({
      ApproximateNumberOfMessages: "0",
      ApproximateNumberOfMessagesNotVisible: "1",
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: `${arn}-dead`, maxReceiveCount: 2 }),
    });
    simulator.clock.advance(5 * minute);
    expect((await receive()).Messages).toMatchObject([{ Body: "a", Attributes: { ApproximateReceiveCount: "2" } }]);
  });

  it("moves aside what was received too often, keeping its age, and forgets what is too old", async () => {
    const { simulator, sqs, queue, dead } = withQueue();
    await send(simulator, "a");
    for (let round = 0; round < 3; round += 1) {
      await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
      simulator.clock.advance(5 * minute);
    }
    expect(queue.messages).toEqual([]);
    expect(dead.messages).toMatchObject([{ body: "a", sentAt: new Date("2026-01-01T00:00:00Z") }]);
    await send(simulator, "b");
    simulator.clock.advance(5 * 86_400_000);
    expect((await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toBeUndefined();
    expect(queue.messages).toEqual([]);
  });

  it("deletes by the last receipt, and now and then forgets that it did", async () => {
    const { simulator, sqs, queue } = withQueue();
    await send(simulator, "a", "b");
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 2 }));
    const [first, second] = Messages.map(({ ReceiptHandle }) => ReceiptHandle);
    queue.forgottenDeletes = 1;
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first }));
    expect(queue.messages).toHaveLength(2);
    const Entries = [{ Id: "1", ReceiptHandle: second }];
    const answer = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    expect(answer.Successful).toEqual([{ Id: "1" }]);
    expect(queue.messages).toMatchObject([{ body: "a" }]);
  });

  it("lets whoever works on a message have it longer, or give it back", async () => {
    const { simulator, sqs } = withQueue();
    await send(simulator, "a");
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    const ReceiptHandle = Messages[0]?.ReceiptHandle;
    await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    expect((await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toHaveLength(1);
    simulator.clock.advance(5 * minute);
    const late = new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 9 });
    expect((await refusal(sqs.send(late))).name).toBe("MessageNotInflight");
  });

  it("is refused to those whom nobody lets", async () => {
    const { simulator } = withQueue();
    const { sqs } = messagingClients(simulator, simulator.iam.putUser(stranger, "mallory", []));
    const refused = await refusal(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "a" })));
    expect(refused).toMatchObject({ name: "AccessDeniedException" });
  });
});

describe("an event source mapping", () => {
  const mapping = { arn, reportBatchItemFailures: true };

  it("calls the function batch by batch in SQS's shape, and deletes what did not fail", async () => {
    const { simulator, queue } = withQueue();
    await send(simulator, ...Array.from("abcdefghijkl"));
    const calls: SqsEvent[] = [];
    const invoked = await simulator.eventSource(mapping).poll(async (event) => {
      calls.push(event);
      const failed = event.Records.filter(({ body }) => body === "c");
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    });
    expect(calls.map(({ Records }) => Records.length)).toEqual([10, 2]);
    expect(calls[0]?.Records[0]).toMatchObject({
      eventSource: "aws:sqs",
      eventSourceARN: arn,
      awsRegion: region,
      body: "a",
    });
    expect(invoked.map(({ failed }) => failed.length)).toEqual([1, 0]);
    expect(queue.messages.map(({ body }) => body)).toEqual(["c"]);
  });

  it("keeps a whole batch that threw, or was answered with what makes no sense, until it is visible again", async () => {
    const { simulator, queue, dead } = withQueue();
    const source = simulator.eventSource(mapping);
    await send(simulator, "a", "b");
    const answers: (() => unknown)[] = [
      () => {
        throw new Error("out of memory");
      },
      () => ({ batchItemFailures: [{ itemIdentifier: "somebody else's" }] }),
    ];
    for (const answer of answers) {
      const invoked = await source.poll(async () => answer());
      expect(invoked).toMatchObject([
        { records: { length: 2 }, failed: { length: 2 }, error: expect.any(Error) as Error },
      ]);
      expect(await source.poll(async () => undefined)).toEqual([]);
      simulator.clock.advance(5 * minute);
    }
    expect(await source.poll(async () => undefined)).toEqual([]);
    expect(queue.messages).toEqual([]);
    expect(dead.messages.map(({ body }) => body)).toEqual(["a", "b"]);
  });

  it("waits for a batch to fill, as long as its window, and has several at once where it may", async () => {
    const { simulator, queue } = withQueue();
    await send(simulator, "a", "b", "c");
    const before = simulator.clock.now().getTime();
    const wide = { ...mapping, batchSize: 100, maximumBatchingWindowSeconds: 30 };
    const [one] = await simulator.eventSource(wide).poll(async () => undefined);
    expect(one).toMatchObject({ records: { length: 3 } });
    expect(simulator.clock.now().getTime() - before).toBe(30_000);
    await send(simulator, "d", "e", "f");
    let running = 0;
    let most = 0;
    await simulator.eventSource({ ...mapping, batchSize: 1, maximumConcurrency: 2 }).poll(async () => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
    });
    expect([most, queue.messages.length]).toEqual([2, 0]);
    expect(() => simulator.eventSource({ ...mapping, batchSize: 11 })).toThrow("takes a window");
  });

  it("polls as the function's role, which must let it", async () => {
    const { simulator } = withQueue();
    const trust = {
      Statement: { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
    } as const;
    const Action = ["sqs:ReceiveMessage", "sqs:DeleteMessage"];
    const policies = [{ Statement: { Effect: "Allow" as const, Action, Resource: arn } }];
    const { arn: roleArn } = simulator.iam.putRole(hub, { name: "worker", trust, policies });
    const polling = simulator.eventSource({ ...mapping, roleArn }).poll(async () => undefined);
    await expect(polling).rejects.toThrow("may not sqs:GetQueueAttributes");
  });
});
