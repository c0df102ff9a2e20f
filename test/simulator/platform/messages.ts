/** SNS and SQS, as far as one asks who is told and what waits (SNS API Reference, SQS API Reference). No message travels. */
import { ApiError, type Handlers } from "../service.ts";
import { pageOf, type Placed, type PlatformContext } from "./context.ts";

function listSubscriptionsByTopic(
  { TopicArn, NextToken }: { readonly TopicArn: string; readonly NextToken?: string },
  context: Placed,
): unknown {
  const topic = context.state.platform.topics.get(TopicArn);
  if (topic === undefined) throw new ApiError("NotFoundException", "Topic does not exist", {}, 404);
  const page = pageOf(context, topic.subscriptions, {
    listing: ["sns:ListSubscriptionsByTopic", TopicArn],
    token: NextToken,
    invalid: () => new ApiError("InvalidParameterException", "Invalid parameter: NextToken", {}, 400),
  });
  return {
    Subscriptions: page.items.map(({ protocol, endpoint, confirmed }) => ({
      // One that nobody has confirmed has these words in its ARN's place.
      SubscriptionArn: confirmed ? `${TopicArn}:${context.uuid()}` : "PendingConfirmation",
      Owner: context.account,
      Protocol: protocol,
      Endpoint: endpoint,
      TopicArn,
    })),
    NextToken: page.next,
  };
}

export const snsHandlers: Handlers<PlatformContext> = { ListSubscriptionsByTopic: listSubscriptionsByTopic };

const noQueue = (): ApiError => new ApiError("QueueDoesNotExist", "The specified queue does not exist.", {}, 400);

const urlOf = ({ account, region }: Placed, name: string): string =>
  `https://sqs.${region}.amazonaws.com/${account}/${name}`;

function getQueueUrl({ QueueName }: { readonly QueueName: string }, context: Placed): unknown {
  if (!context.state.platform.queues.has(QueueName)) throw noQueue();
  return { QueueUrl: urlOf(context, QueueName) };
}

/** A queue's name is the last part of its URL. */
export const queueAt = (url: string): string => url.slice(url.lastIndexOf("/") + 1);

function getQueueAttributes(
  { QueueUrl, AttributeNames = [] }: { readonly QueueUrl: string; readonly AttributeNames?: readonly string[] },
  context: Placed,
): unknown {
  const queue = context.state.platform.queues.get(queueAt(QueueUrl));
  if (queue === undefined) throw noQueue();
  const all: Readonly<Record<string, string>> = {
    QueueArn: `arn:aws:sqs:${context.region}:${context.account}:${queue.name}`,
    ApproximateNumberOfMessages: String(queue.depth),
    MessageRetentionPeriod: String(queue.retentionSeconds),
  };
  const asked = (name: string) => AttributeNames.includes("All") || AttributeNames.includes(name);
  return { Attributes: Object.fromEntries(Object.entries(all).filter(([name]) => asked(name))) };
}

export const sqsHandlers: Handlers<PlatformContext> = {
  GetQueueUrl: getQueueUrl,
  GetQueueAttributes: getQueueAttributes,
};
