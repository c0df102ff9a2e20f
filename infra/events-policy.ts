/**
 * What the controller's role may do besides, where events are used: take them from their queue. The function that they wake runs as the
 * controller: it runs the same sentence, over less.
 */
import { writeLogs } from "./hub-statements.ts";
import { policyDocument } from "./policy-document.ts";

export const eventsPolicy = policyDocument([
  {
    // Lambda does it in the role's name (Lambda Developer Guide, "Using Lambda with Amazon SQS").
    Sid: "TakeEvents",
    Effect: "Allow",
    Action: ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
    Resource: ["${EventsQueue}"],
  },
  writeLogs,
]);
