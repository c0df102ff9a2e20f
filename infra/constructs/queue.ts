/* oxlint-disable no-new -- a construct joins its scope by being made */
import { CfnQueuePolicy, Queue, QueueEncryption, type QueueProps } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { policyDocument, type Statement } from "../policy-document.ts";

/** A queue that is encrypted at rest and on the way, and whose whole policy is written here. */
export class PrivateQueue extends Construct {
  readonly queue: Queue;
  readonly name: string;
  readonly arn: string;

  constructor(
    scope: Construct,
    id: string,
    props: QueueProps,
    statementsFor: (arn: string) => readonly Statement[] = () => [],
  ) {
    super(scope, id);
    this.queue = new Queue(this, "Queue", { encryption: QueueEncryption.SQS_MANAGED, ...props });
    this.name = this.queue.queueName;
    this.arn = this.queue.queueArn;
    new CfnQueuePolicy(this, "Policy", {
      queues: [this.queue.queueUrl],
      policyDocument: policyDocument([refuseUnencrypted(this.arn), ...statementsFor(this.arn)]),
    });
  }
}

const refuseUnencrypted = (queue: string): Statement => ({
  Sid: "RefuseUnencrypted",
  Effect: "Deny",
  Principal: "*",
  Action: ["sqs:*"],
  Resource: [queue],
  Condition: { Bool: { "aws:SecureTransport": false } },
});
