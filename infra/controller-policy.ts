/**
 * What the controller may do in its own account: read the desired state, keep its work, publish evidence, sign it, and become the four
 * member roles. Nothing of AWS Backup: that takes a member role, in the hub account as well.
 */
import { ROLES } from "../controller/domain/outcome.ts";
import { ROLE_PATH } from "./boundary-policy.ts";
import { PLACE, policyDocument } from "./policy-document.ts";
import { memberRoleName } from "./roles.ts";

const object = (bucket: string) => `${bucket}/*`;
const desired = "${DesiredBucket}";
const evidence = "${EvidenceBucket}";
const work = "${WorkBucket}";

const memberRoles = ROLES.map((role) => `arn:${PLACE.partition}:iam::*:role${ROLE_PATH}${memberRoleName(role)}`);
const organizationAccounts = `arn:${PLACE.partition}:organizations::*:account/*`;

export const controllerPolicy = policyDocument([
  {
    // Without the right to list, S3 answers an absent object as it answers a forbidden one, and unknown is never absent.
    Sid: "ListBuckets",
    Effect: "Allow",
    Action: ["s3:ListBucket"],
    Resource: [desired, evidence, work],
  },
  {
    Sid: "ReadDesiredState",
    Effect: "Allow",
    Action: ["s3:GetObject"],
    Resource: [object(desired)],
  },
  {
    // A put that names its lock takes the right to set one. The bucket's policy lets nobody set a weaker or a shorter.
    Sid: "PublishEvidence",
    Effect: "Allow",
    Action: ["s3:GetObject", "s3:PutObject", "s3:PutObjectRetention"],
    Resource: [object(evidence)],
  },
  {
    // A write on condition that nothing changed (If-Match) takes the right to read as well. Nothing is ever deleted here.
    Sid: "KeepWork",
    Effect: "Allow",
    Action: ["s3:GetObject", "s3:PutObject"],
    Resource: [object(work)],
  },
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
  {
    Sid: "ListOrganization",
    Effect: "Allow",
    Action: ["organizations:ListAccounts"],
    Resource: ["*"],
  },
  {
    Sid: "PlaceAccounts",
    Effect: "Allow",
    Action: ["organizations:ListParents", "organizations:ListTagsForResource"],
    Resource: [organizationAccounts, `arn:${PLACE.partition}:organizations::*:ou/*`],
  },
  {
    Sid: "EnterMembers",
    Effect: "Allow",
    Action: ["sts:AssumeRole"],
    Resource: memberRoles,
    Condition: {
      StringEquals: { "sts:ExternalId": "${ExternalId}", "aws:ResourceOrgID": "${OrganizationId}" },
      Null: { "sts:SourceIdentity": false },
    },
  },
  {
    // STS gives this action no external id to be judged by (Service Authorization Reference, "AWS Security Token Service").
    Sid: "NameTheRun",
    Effect: "Allow",
    Action: ["sts:SetSourceIdentity"],
    Resource: memberRoles,
    Condition: { StringEquals: { "aws:ResourceOrgID": "${OrganizationId}" } },
  },
  {
    Sid: "WriteLogs",
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: ["${LogGroup}"],
  },
  {
    Sid: "KeepFailedRuns",
    Effect: "Allow",
    Action: ["sqs:SendMessage"],
    Resource: ["${FailureQueue}"],
  },
]);
