/* oxlint-disable no-new -- a construct joins its scope by being made */
import { CfnEventSourceMapping } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { EVENT_PACE } from "../event-pace.ts";
import type { Bindings } from "../policy-document.ts";
import { DeployedFunction, type DeployedFunctionProps } from "./deployed-function.ts";
import type { FunctionRole } from "./function-role.ts";
import { keptLogs } from "./kept-logs.ts";
import type { PrivateQueue } from "./queue.ts";

export interface EventConsumerProps {
  /** It is made as the controller's own function is. */
  readonly controller: Pick<DeployedFunctionProps, "bundle" | "role" | "layers" | "environment" | "permissions">;
  /** The role both run as. */
  readonly role: FunctionRole;
  readonly queue: PrivateQueue;
  /** What the policies of our roles leave open, but for this function's own queue and log group. */
  readonly bindings: Bindings;
  /** Whether events are taken from the queue at all. */
  readonly enabled: boolean;
}

/**
 * What looks where AWS Backup's events say that something happened, within minutes of it. Two may run at once, since AWS holds a mapping to no
 * fewer; the lease keeps all but one from writing (decision 17).
 */
export class EventConsumer extends Construct {
  readonly name: string;
  /** ARN of its alias. */
  readonly alias: string;

  constructor(scope: Construct, id: string, { controller, role, queue, bindings, enabled }: EventConsumerProps) {
    super(scope, id);
    const logGroup = keptLogs(this, "Logs");
    const taking = role.permit("EventsPolicy", "events", {
      ...bindings,
      EventsQueue: queue.arn,
      LogGroup: logGroup.logGroupArn,
    });
    const consumer = new DeployedFunction(this, "Function", {
      ...controller,
      entry: "events",
      description: "Holdfast: looks where AWS Backup says that something happened.",
      permissions: [...controller.permissions, taking],
      logGroup,
      concurrency: EVENT_PACE.concurrency,
    });
    this.name = consumer.name;
    this.alias = consumer.alias.functionArn;
    new CfnEventSourceMapping(this, "Mapping", {
      functionName: this.alias,
      eventSourceArn: queue.arn,
      enabled,
      batchSize: EVENT_PACE.batchSize,
      maximumBatchingWindowInSeconds: EVENT_PACE.gatheredForSeconds,
      // What could not be dealt with stays in the queue by itself, and not with all that came beside it.
      functionResponseTypes: ["ReportBatchItemFailures"],
      scalingConfig: { maximumConcurrency: EVENT_PACE.concurrency },
    });
  }
}
