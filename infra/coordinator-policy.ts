/**
 * What the controller's role may do besides, where large fleets are carried by a durable function: start the coordinator, keep its
 * execution, and have shards carried by workers. The coordinator runs as the controller: it decides, destroys and signs. The
 * controller's function alone starts it, so that what events wake has nobody destroy in its place.
 */
import { policyDocument } from "./policy-document.ts";
import { calledFrom, enterToDestroy, writeLogs } from "./hub-statements.ts";

const COORDINATOR = "${CoordinatorFunction}";

export const coordinatorPolicy = policyDocument([
  {
    // Aliases, never functions: what is under way stays with the version it began on.
    Sid: "HandOver",
    Effect: "Allow",
    Action: ["lambda:InvokeFunction"],
    Resource: ["${Coordinator}"],
    Condition: calledFrom("${ControllerFunction}"),
  },
  {
    // Of a durable function Lambda makes this call itself, from outside of it. A worker neither destroys nor signs, whoever calls it.
    Sid: "CarryShards",
    Effect: "Allow",
    Action: ["lambda:InvokeFunction"],
    Resource: ["${Worker}"],
  },
  {
    // An execution's ARN begins with that of the function's version (Lambda Developer Guide, "Security and permissions for Lambda durable functions").
    Sid: "KeepExecution",
    Effect: "Allow",
    Action: ["lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState"],
    Resource: [`${COORDINATOR}:*`],
  },
  ...enterToDestroy(COORDINATOR, "AsCoordinator"),
  writeLogs,
]);
