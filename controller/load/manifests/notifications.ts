import * as z from "zod";
import { SEVERITIES } from "../../domain/concern.ts";
import { WEEKDAYS } from "../../domain/weekdays.ts";
import { MODES } from "../../domain/notifications.ts";
import { Account, PlainName } from "./common.ts";
import { TimeOfDay } from "./maintenance.ts";

const some = <T extends z.ZodType>(one: T) => z.array(one).min(1).exactOptional();

/** Secrets Manager's alphabet for names (API reference, CreateSecret): that of an address is wider, and none of it gets in. */
const Secret = z
  .string()
  .regex(
    /^(arn:aws[\w-]*:secretsmanager:[a-z\d-]+:\d{12}:secret:)?[\w/+=.@-]{1,512}$/,
    "the name or ARN of a secret in Secrets Manager, never the secret itself",
  );

const TopicArn = z
  .string()
  .regex(/^arn:aws[\w-]*:sns:[a-z\d-]+:\d{12}:[\w-]{1,256}$/, "the ARN of a standard SNS topic");

const EventBus = z
  .string()
  .regex(
    /^(arn:aws[\w-]*:events:[a-z\d-]+:\d{12}:event-bus\/)?[\w./-]{1,256}$/,
    "the name or ARN of an EventBridge event bus",
  );

const To = z.strictObject({
  sns: TopicArn.exactOptional().describe("A topic in the hub's Region. Mail is a topic that addresses subscribe to."),
  eventBus: EventBus.exactOptional().describe("An event bus in the hub's Region, for rules of your own."),
  slack: z
    .strictObject({ secret: Secret.describe("Holds the address of an incoming webhook.") })
    .exactOptional()
    .describe("A Slack channel."),
  teams: z
    .strictObject({ secret: Secret.describe("Holds the address of a Workflows webhook.") })
    .exactOptional()
    .describe("A Microsoft Teams channel."),
  webhook: z
    .strictObject({
      url: z
        .string()
        .regex(/^https?:\/\/[^\s@]+$/, "an https address")
        .describe("Receives JSON. No part of it is secret: the signature says who sent it."),
      secret: Secret.describe("Holds the key of the signature: the hub stack's WebhookSecretArn."),
    })
    .exactOptional()
    .describe("A receiver of your own, signed as Standard Webhooks has it."),
});

const Only = z.strictObject({
  severities: some(z.enum(SEVERITIES)).describe("How grave."),
  causes: some(z.string().min(1)).describe("What is wrong, by the causes that notices name."),
  accounts: some(Account).describe("Account ids."),
  groups: some(PlainName).describe("Groups of the fleet; with accounts, what is in either."),
  owners: some(z.string().min(1)).describe("Values of the tag that names an owner."),
});

const Zone = z.string().describe("IANA time zone, such as Europe/Berlin.");

const QuietHours = z.strictObject({
  timeZone: Zone,
  from: TimeOfDay.describe("When they begin, 24 h."),
  to: TimeOfDay.describe("When they end; not after from: on the next day."),
  days: z
    .array(z.enum(WEEKDAYS))
    .min(1)
    .default([...WEEKDAYS])
    .describe("Days on which they begin. Absent: every day."),
  holds: z
    .enum(["all-but-critical", "everything"])
    .default("all-but-critical")
    .describe("What waits for their end. It is sent together then."),
});

const Route = z.strictObject({
  name: PlainName.describe("What logs and reports call it."),
  to: To.describe("Exactly one of these."),
  mode: z
    .enum(MODES)
    .default("failures")
    .describe(
      "failures: what is critical or high. everything: notices too, and every run on an event bus. digest: nothing but the digest.",
    ),
  only: Only.prefault({}).describe("Which concerns: those that fit every member given."),
  quietHours: QuietHours.exactOptional(),
  digest: z
    .strictObject({ at: TimeOfDay.describe("With the first run from then on, 24 h."), timeZone: Zone })
    .exactOptional()
    .describe("What stands open, once a day."),
  remindAfterDays: z
    .int()
    .min(1)
    .max(90)
    .default(7)
    .describe("What still stands open after so many days is told again."),
});
export type WrittenRoute = z.infer<typeof Route>;

/** Who hears of what is wrong with protection. */
export const NotificationsSpec = z.strictObject({
  routes: z.array(Route).min(1).max(20).describe("Ways to tell people, each once for each concern."),
  owners: z
    .record(z.string().min(1), z.array(PlainName).min(1))
    .default({})
    .describe(
      "Routes by owner, as resources' owner tags name them. A route named here is told of its owners' concerns alone.",
    ),
});
export type NotificationsSpec = z.infer<typeof NotificationsSpec>;
