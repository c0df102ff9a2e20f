import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { acknowledge } from "../acknowledge.ts";
import { PrivateQueue } from "./queue.ts";

/** Starts that never reached Lambda, and events of runs that failed: kept for people, replayed by nobody. */
export function failureQueue(scope: Construct, id: string): PrivateQueue {
  const queue = new PrivateQueue(scope, id, { retentionPeriod: Duration.days(14) });
  acknowledge(
    queue,
    "SQS3",
    "It is a dead-letter queue itself, of the schedule and of the functions; no queue comes before it.",
  );
  return queue;
}
