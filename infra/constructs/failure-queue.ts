import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { PrivateQueue } from "./queue.ts";

/** Starts that never reached Lambda, and events of runs that failed: kept for people, replayed by nobody. */
export const failureQueue = (scope: Construct, id: string): PrivateQueue =>
  new PrivateQueue(scope, id, { retentionPeriod: Duration.days(14) });
