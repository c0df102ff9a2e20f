/* oxlint-disable no-new -- a construct joins its scope by being made */
import { Duration } from "aws-cdk-lib";
import { CfnQueuePolicy, Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { policyDocument } from "../policy-document.ts";

/** Starts that never reached Lambda, and events of runs that failed: kept for people, replayed by nobody. */
export class FailureQueue extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const queue = new Queue(this, "Queue", {
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
    });
    new CfnQueuePolicy(this, "Policy", {
      queues: [queue.queueUrl],
      policyDocument: policyDocument([
        {
          Sid: "RefuseUnencrypted",
          Effect: "Deny",
          Principal: "*",
          Action: ["sqs:*"],
          Resource: [queue.queueArn],
          Condition: { Bool: { "aws:SecureTransport": false } },
        },
      ]),
    });
    this.arn = queue.queueArn;
  }
}
