/** What a durable function asks of Lambda: `CheckpointDurableExecution` and `GetDurableExecutionState` (Lambda API Reference). */
import type {
  CheckpointDurableExecutionRequest,
  CheckpointDurableExecutionResponse,
  GetDurableExecutionStateRequest,
  Operation,
} from "@aws-sdk/client-lambda";
import { checkpoint, checkToken, nextToken, visible, type Kept } from "./execution.ts";
import type { Quotas } from "./quotas.ts";

export function checkpointed(
  execution: Kept,
  { CheckpointToken, Updates = [] }: Pick<CheckpointDurableExecutionRequest, "CheckpointToken" | "Updates">,
  now: Date,
  quotas?: Quotas,
): CheckpointDurableExecutionResponse {
  checkToken(execution, CheckpointToken);
  const Operations = [...checkpoint(execution, Updates, now, quotas)];
  return { CheckpointToken: nextToken(execution), NewExecutionState: { Operations } };
}

/** Most operations that a function is called with, and that are given at a time; Lambda's own figures are not documented. */
export const PAGE = 100;

export function stateOf(
  execution: Kept,
  { CheckpointToken, Marker = "0" }: Pick<GetDurableExecutionStateRequest, "CheckpointToken" | "Marker">,
  size = PAGE,
): Page {
  checkToken(execution, CheckpointToken);
  return pageFrom(execution, Number(Marker), size);
}

interface Page {
  readonly Operations: Operation[];
  readonly NextMarker?: string;
}

function pageFrom(execution: Kept, from: number, size: number): Page {
  const all = visible(execution);
  const end = from + size;
  return { Operations: all.slice(from, end), ...(end < all.length && { NextMarker: String(end) }) };
}

/** What a function is called with: as much of the state as fits, and which operations ended while it was away. */
export function beginning(execution: Kept, size = PAGE) {
  const UpdatedOperationIds = [...execution.news];
  execution.news.clear();
  return {
    DurableExecutionArn: execution.arn,
    CheckpointToken: nextToken(execution),
    UpdatedOperationIds,
    InitialExecutionState: pageFrom(execution, 0, size),
  };
}
