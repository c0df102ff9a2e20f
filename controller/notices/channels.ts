import { publishMessage, putEvents } from "../aws/notice-operations.ts";
import type { Call } from "../aws/operation.ts";
import type { getSecretValue } from "../aws/secrets-operations.ts";
import { AwsError } from "../domain/errors.ts";
import type { Destination } from "../domain/notifications.ts";
import { eventOf, withinAnEvent } from "./event.ts";
import type { Notice } from "./notice.ts";
import { post, type PostFailure, type Posting } from "./post.ts";
import { readKeys, readSecret } from "./secrets.ts";
import { signedHeaders } from "./signing.ts";
import { slackOf } from "./slack.ts";
import { teamsOf } from "./teams.ts";
import { textOf } from "./text.ts";

export type NoticeCall = Call<typeof publishMessage | typeof putEvents | typeof getSecretValue>;

/** What it takes to send. */
export interface Means {
  readonly call: NoticeCall;
  readonly posting: Posting;
  readonly now: () => Date;
}

/** What became of a notice. `secretSince`: since when the address is the same, where it is a secret. */
export type Delivery = (
  { readonly delivered: true } | { readonly delivered: false; readonly because: string; readonly fix: string }
) & { readonly secretSince?: Date | undefined };

/** Sends a notice where its route leads. It never rejects. */
export async function deliver(notice: Notice, to: Destination, means: Means): Promise<Delivery> {
  try {
    return await sendTo(notice, to, means);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const { operation, message, kind } = error.failure;
    const fix = kind === "denied" ? `let the controller's role call ${operation} on it` : FIX_OTHER;
    return { delivered: false, because: `${operation}: ${message}`, fix };
  }
}

const FIX_OTHER = "see whether it exists and is in the hub's Region; the next run tries again";

async function sendTo(notice: Notice, to: Destination, means: Means): Promise<Delivery> {
  switch (to.by) {
    case "sns":
      return publish(notice, to.topicArn, means);
    case "eventBus":
      return putEvent(notice, to.bus, means);
    case "slack":
      return postTo(to.secret, JSON.stringify(slackOf(notice)), means);
    case "teams":
      return postTo(to.secret, JSON.stringify(teamsOf(notice)), means);
    case "webhook":
      return postSigned(notice, to, means);
    default:
      return to satisfies never;
  }
}

async function publish(notice: Notice, TopicArn: string, { call }: Means): Promise<Delivery> {
  const { subject, body } = textOf(notice);
  const attribute = (StringValue: string) => ({ DataType: "String", StringValue });
  await call(publishMessage, {
    TopicArn,
    Subject: subject,
    Message: body,
    MessageAttributes: {
      id: attribute(notice.id),
      type: attribute(notice.type),
      severity: attribute(notice.groups[0]?.severity ?? "notice"),
    },
  });
  return { delivered: true };
}

/** One entry may be refused in an answer of 200 (API reference, PutEvents). */
async function putEvent(notice: Notice, EventBusName: string, { call, now }: Means): Promise<Delivery> {
  const { source: Source, detailType: DetailType, detail: Detail, resources } = eventOf(notice);
  const { Entries = [], FailedEntryCount = 0 } = await call(putEvents, {
    Entries: [{ EventBusName, Source, DetailType, Detail, Resources: [...resources], Time: now() }],
  });
  if (FailedEntryCount === 0) return { delivered: true };
  const [entry] = Entries;
  return { delivered: false, because: `events:PutEvents: ${entry?.ErrorCode}: ${entry?.ErrorMessage}`, fix: FIX_OTHER };
}

/** An address that is refused may have been renewed while we had the old one: it is read once more, and no more (rule 29). */
async function postTo(secret: string, body: string, { call, posting }: Means): Promise<Delivery> {
  const first = await readSecret(call, secret);
  if (!first) return EMPTY;
  const posted = await post({ url: first.value, body, headers: {} }, posting);
  if (posted.delivered || posted.failure.kind !== "refused") return outcome(posted, secret, first.since);
  const second = await readSecret(call, secret);
  if (!second || second.value === first.value) return outcome(posted, secret, first.since);
  return outcome(await post({ url: second.value, body, headers: {} }, posting), secret, second.since);
}

async function postSigned(
  notice: Notice,
  { url, secret }: Extract<Destination, { readonly by: "webhook" }>,
  { call, posting, now }: Means,
): Promise<Delivery> {
  const at = now();
  const keys = await readKeys(call, secret, at);
  if (!keys) return NO_KEY;
  const body = JSON.stringify({ type: notice.type, timestamp: notice.on, data: withinAnEvent(notice).told });
  const headers = signedHeaders(keys, { id: notice.id, body, at });
  return outcome(await post({ url, body, headers }, posting), secret);
}

const EMPTY: Delivery = {
  delivered: false,
  because: "the secret is empty",
  fix: "put the value into the secret that the route names",
};

const NO_KEY: Delivery = {
  delivered: false,
  because: "the secret holds no key to sign with",
  fix: "put 24 to 64 random bytes into it as base64, or let rotation make a key",
};

const FIXES: Readonly<Record<PostFailure["kind"], (secret: string) => string>> = {
  refused: (secret) => `make a new address where the messages go, and put it into the secret ${secret}`,
  rejected: () => "see in the receiver's own log why it does not take the message",
  throttled: () => "nothing: the next run tries again. If it stays so, give the receiver fewer routes",
  unavailable: () => "see whether the receiver is up and can be reached; the next run tries again",
  redirected: (secret) => `put the address that the receiver points to into the secret ${secret}, or into the route`,
};

const outcome = (posted: Awaited<ReturnType<typeof post>>, secret: string, since?: Date): Delivery => ({
  ...(posted.delivered
    ? posted
    : { delivered: false, because: posted.failure.message, fix: FIXES[posted.failure.kind](secret) }),
  ...(since === undefined ? {} : { secretSince: since }),
});
