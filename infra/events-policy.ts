/**
 * What the controller's role may do besides, where events are used: take them from their queue. The function that they wake runs as the
 * controller: it runs the same sentence, over less.
 */
import { writeLogs } from "./hub-statements.ts";
import { policyDocument } from "./policy-document.ts";

export const eventsPolicy = policyDocument([
  {
    // Lambda takes and deletes in the role's name; the function itself says when what it could not deal with is to come again.
    Sid: "TakeEvents",
    Effect: "Allow",
    Action: ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
    Resource: ["${EventsQueue}"],
  },
  writeLogs,
]);
