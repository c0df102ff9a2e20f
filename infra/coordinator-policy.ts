/**
 * What the controller's role may do besides, where large fleets are carried by a durable function: start the coordinator, keep its
 * execution, and have shards carried by workers. The coordinator runs as the controller: it decides, destroys and signs.
 */
import { policyDocument } from "./policy-document.ts";
import { writeLogs } from "./hub-statements.ts";

export const coordinatorPolicy = policyDocument([
  {
    // Aliases, never functions: what is under way stays with the version it began on.
    Sid: "HandOver",
    Effect: "Allow",
    Action: ["lambda:InvokeFunction"],
    Resource: ["${Coordinator}", "${Worker}"],
  },
  {
    // An execution's ARN begins with that of the function's version (Lambda Developer Guide, "Security and permissions for Lambda durable functions").
    Sid: "KeepExecution",
    Effect: "Allow",
    Action: ["lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState"],
    Resource: ["${CoordinatorFunction}:*"],
  },
  writeLogs,
]);
