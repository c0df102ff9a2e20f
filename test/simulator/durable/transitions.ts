/** How a checkpoint moves one operation (Lambda API Reference, `CheckpointDurableExecution`, `OperationUpdate`). */
import type { Operation, OperationStatus, OperationUpdate } from "@aws-sdk/client-lambda";
import { ApiError } from "../service.ts";

export const invalid = (message: string): ApiError => new ApiError("InvalidParameterValueException", message);

/** An operation's first update. Contexts and steps may come to their end in the request that begins them. */
export function begun(update: OperationUpdate, now: Date): Operation {
  const { Id, ParentId, Name, Type, SubType } = update;
  if (Id === undefined || Type === undefined) throw invalid("an operation has an id and a type");
  if (Type !== "STEP" && Type !== "WAIT" && Type !== "CONTEXT" && Type !== "CHAINED_INVOKE")
    throw invalid(`operations of type ${Type} are not simulated`);
  const operation: Operation = {
    Id,
    Type,
    StartTimestamp: now,
    Status: "STARTED",
    ...(ParentId !== undefined && { ParentId }),
    ...(Name !== undefined && { Name }),
    ...(SubType !== undefined && { SubType }),
  };
  if (update.Action !== "START") return moved(operation, update, now);
  if (Type !== "WAIT") return operation;
  return { ...operation, WaitDetails: { ScheduledEndTimestamp: later(now, update.WaitOptions?.WaitSeconds) } };
}

/** A further update. What has ended stays as it is; only a step that waited for its next try begins twice. */
export function moved(operation: Operation, update: OperationUpdate, now: Date): Operation {
  const { Status, Type, Name = "an operation" } = operation;
  if (update.Type !== Type) throw invalid(`${Name} is of type ${Type}, not ${update.Type}`);
  if (Status !== "STARTED" && Status !== "READY") throw invalid(`${Name} is ${Status}: it takes no ${update.Action}`);
  switch (update.Action) {
    case "START":
      if (Status !== "READY") throw invalid(`${Name} has begun`);
      return { ...operation, Status: "STARTED" };
    case "SUCCEED":
      return detailed(ended(operation, "SUCCEEDED", now), update);
    case "FAIL":
      return detailed(ended(operation, "FAILED", now), update);
    case "RETRY":
      if (Type !== "STEP") throw invalid(`${Name} is no step: it is not tried again`);
      return tryingAgain(operation, update, now);
    default:
      throw invalid(`${update.Action} is not simulated`);
  }
}

export const ended = (operation: Operation, Status: OperationStatus, now: Date): Operation => ({
  ...operation,
  Status,
  EndTimestamp: now,
});

const attemptsOf = ({ StepDetails }: Operation): number => (StepDetails?.Attempt ?? 0) + 1;

function detailed(operation: Operation, { Payload, Error: error, ContextOptions }: OperationUpdate): Operation {
  const details = { ...(Payload !== undefined && { Result: Payload }), ...(error !== undefined && { Error: error }) };
  switch (operation.Type) {
    case "STEP":
      return { ...operation, StepDetails: { Attempt: attemptsOf(operation), ...details } };
    case "CONTEXT":
      return { ...operation, ContextDetails: { ...details, ReplayChildren: ContextOptions?.ReplayChildren ?? false } };
    default:
      throw invalid(`what is of type ${operation.Type} does not end by a checkpoint`);
  }
}

const tryingAgain = (operation: Operation, { Error: error, StepOptions }: OperationUpdate, now: Date): Operation => ({
  ...operation,
  Status: "PENDING",
  StepDetails: {
    Attempt: attemptsOf(operation),
    NextAttemptTimestamp: later(now, StepOptions?.NextAttemptDelaySeconds),
    ...(error !== undefined && { Error: error }),
  },
});

const later = (now: Date, seconds = 0): Date => new Date(now.getTime() + seconds * 1000);
