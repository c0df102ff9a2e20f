/* oxlint-disable no-new -- a construct joins its scope by being made */
import { CfnRule } from "aws-cdk-lib/aws-events";
import { Construct } from "constructs";
import { TAMPERING_RULE } from "./notifications.ts";

export interface TamperingProps {
  /** ARNs of the keys that reports and desired state are signed with. */
  readonly keys: readonly string[];
  /** Names of the buckets whose policies keep evidence, and say who publishes. */
  readonly buckets: readonly string[];
  /** ARN of the topic that tells people. */
  readonly topic: string;
}

/** By these a key is put out of use, or somebody else gets to sign with it. */
const WITH_A_KEY = ["CreateGrant", "DisableKey", "PutKeyPolicy", "ScheduleKeyDeletion"];

/** By these a bucket's refusals end, or what is in it does. CloudTrail's names for them; where it may have either of two, both. */
const WITH_A_BUCKET = [
  "DeleteBucketPolicy",
  "PutBucketLifecycle",
  "PutBucketObjectLockConfiguration",
  "PutBucketPolicy",
  "PutBucketReplication",
  "PutBucketVersioning",
  "PutObjectLockConfiguration",
];

/**
 * Tells people of what an administrator could still do to evidence: rewrite the policies that refuse it. Each is one call, seldom made and
 * never by Holdfast itself: deploying the hub makes some, which its own deployer expects. It takes a trail in the account that has management
 * events, as an organization's has (EventBridge User Guide, "AWS service events delivered via AWS CloudTrail").
 */
export class Tampering extends Construct {
  constructor(scope: Construct, id: string, { keys, buckets, topic }: TamperingProps) {
    super(scope, id);
    const tell = (of: string, source: string, detail: object) =>
      new CfnRule(this, of, {
        name: `${TAMPERING_RULE}${of.toLowerCase()}`,
        description: "Tells of changes to what keeps Holdfast's evidence.",
        eventPattern: { source: [source], "detail-type": ["AWS API Call via CloudTrail"], detail },
        targets: [{ id: "people", arn: topic, inputTransformer: MESSAGE }],
      });
    tell("Keys", "aws.kms", { eventName: WITH_A_KEY, resources: { ARN: keys } });
    tell("Buckets", "aws.s3", { eventName: WITH_A_BUCKET, requestParameters: { bucketName: buckets } });
  }
}

/** What happened and by whom, in one line of text. A refused attempt is told as well: the event says that it was. */
const MESSAGE = {
  inputPathsMap: {
    call: "$.detail.eventName",
    who: "$.detail.userIdentity.arn",
    when: "$.detail.eventTime",
    event: "$.detail.eventID",
    account: "$.account",
    region: "$.region",
  },
  inputTemplate: JSON.stringify(
    "Holdfast: <who> called <call> at <when> in <account>, <region>, which may end what keeps evidence safe. If that was no deployment of " +
      "yours, treat it as an incident: look up event <event> in CloudTrail, and put back what was changed by deploying the hub.",
  ),
};
