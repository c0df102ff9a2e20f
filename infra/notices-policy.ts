/**
 * What the controller's role may do besides to be heard: speak on topics and buses, and read the secrets that it speaks by. Each by its
 * name, so that a route in the Fleet's manifest is enough to open a new one, and none of the account's others is within reach.
 */
import { policyDocument, PLACE } from "./policy-document.ts";

const { partition, account } = PLACE;
const inHub = (service: string, resource: string) => `arn:${partition}:${service}:*:${account}:${resource}`;

export const noticesPolicy = policyDocument([
  {
    // The hub's own, and whichever are called so.
    Sid: "SpeakOnTopics",
    Effect: "Allow",
    Action: ["sns:Publish"],
    Resource: [inHub("sns", "holdfast-*")],
  },
  {
    // Never the bus that AWS Backup's events come by, which is called holdfast: what is said there would be heard as an event.
    Sid: "PutOnBuses",
    Effect: "Allow",
    Action: ["events:PutEvents"],
    Resource: [inHub("events", "event-bus/holdfast-*")],
  },
  {
    // Addresses of webhooks as their owners put them there by hand, and the key that our own webhooks are signed with.
    Sid: "ReadWaysToTell",
    Effect: "Allow",
    Action: ["secretsmanager:GetSecretValue"],
    Resource: [inHub("secretsmanager", "secret:holdfast/notify/*"), "${WebhookSecret}"],
  },
]);
