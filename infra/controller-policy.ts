/**
 * What the controller may do in its own account: read the desired state, keep its work, publish evidence, sign it, and become the
 * member roles that read, change and retain. Whatever runs as it may do so; destroying takes another policy (`destroyer`). Nothing of AWS
 * Backup: that takes a member role, in the hub account as well.
 */
import {
  enterMembers,
  HUB_BUCKETS,
  keepWork,
  listBuckets,
  objectsOf,
  seeOrganization,
  writeLogs,
} from "./hub-statements.ts";
import { policyDocument } from "./policy-document.ts";

const { desired, evidence, work } = HUB_BUCKETS;

export const controllerPolicy = policyDocument([
  listBuckets([desired, evidence, work]),
  {
    Sid: "ReadDesiredState",
    Effect: "Allow",
    Action: ["s3:GetObject"],
    Resource: [objectsOf(desired)],
  },
  {
    // A put that names its lock takes the right to set one. The bucket's policy lets nobody set a weaker or a shorter.
    Sid: "PublishEvidence",
    Effect: "Allow",
    Action: ["s3:GetObject", "s3:PutObject", "s3:PutObjectRetention"],
    Resource: [objectsOf(evidence)],
  },
  keepWork,
  {
    Sid: "SignEvidence",
    Effect: "Allow",
    Action: ["kms:Sign"],
    Resource: ["${SigningKey}"],
    Condition: { StringEquals: { "kms:SigningAlgorithm": "ECDSA_SHA_256", "kms:MessageType": "DIGEST" } },
  },
  {
    Sid: "ReadSigningKey",
    Effect: "Allow",
    Action: ["kms:DescribeKey", "kms:GetPublicKey"],
    Resource: ["${SigningKey}"],
  },
  ...seeOrganization,
  ...enterMembers(["observe", "apply", "retain"]),
  writeLogs,
  {
    Sid: "KeepFailedRuns",
    Effect: "Allow",
    Action: ["sqs:SendMessage"],
    Resource: ["${FailureQueue}"],
  },
]);
