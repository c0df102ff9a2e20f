/**
 * What a person takes in the hub account to run `holdfast doctor`: reading how the installation is set up, and asking the controller to look
 * at its members. It gives no way into a member, and signs, writes and starts nothing else. For people to attach; no stack does.
 */
import { policyDocument, PLACE } from "./policy-document.ts";
import { HUB_BUCKETS, objectsOf } from "./hub-statements.ts";
import { CONTROLLER_ROLE_NAME, WORKER_ROLE_NAME } from "./roles.ts";

const { partition, account } = PLACE;
const buckets = Object.values(HUB_BUCKETS);
const inHub = (service: string, resource: string) => `arn:${partition}:${service}:*:${account}:${resource}`;

const lookingAtFunctions = [
  "lambda:GetFunctionConcurrency",
  "lambda:GetFunctionConfiguration",
  "lambda:GetFunctionEventInvokeConfig",
];

export const doctorPolicy = policyDocument([
  {
    Sid: "ListWhatStarts",
    Effect: "Allow",
    Action: ["scheduler:ListSchedules"],
    Resource: ["*"],
  },
  {
    Sid: "ReadWhatStarts",
    Effect: "Allow",
    Action: ["scheduler:GetSchedule"],
    Resource: [inHub("scheduler", "schedule/holdfast/*")],
  },
  {
    Sid: "ReadController",
    Effect: "Allow",
    Action: lookingAtFunctions,
    Resource: ["${Controller}", "${Controller}:live"],
  },
  {
    // Only where events are used: to be left out where they are not.
    Sid: "ReadEvents",
    Effect: "Allow",
    Action: lookingAtFunctions,
    Resource: ["${Events}", "${Events}:live"],
  },
  {
    // Which mapping brings events to the function. AWS gives this listing no resource to be limited to.
    Sid: "ListWhatBringsEvents",
    Effect: "Allow",
    Action: ["lambda:ListEventSourceMappings"],
    Resource: ["*"],
  },
  {
    // Only with the durable engine: to be left out where there is none.
    Sid: "ReadDurableEngine",
    Effect: "Allow",
    Action: lookingAtFunctions,
    Resource: ["${Coordinator}", "${Coordinator}:live", "${Worker}", "${Worker}:live"],
  },
  {
    // The function answers `{"doctor": …}` by looking. Whoever may start it may start a run as well, which the schedule does anyway.
    Sid: "AskController",
    Effect: "Allow",
    Action: ["lambda:InvokeFunction"],
    Resource: ["${Controller}:live"],
  },
  {
    Sid: "ReadWhoIsTold",
    Effect: "Allow",
    Action: ["cloudwatch:DescribeAlarms", "sns:ListSubscriptionsByTopic", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"],
    Resource: [
      inHub("cloudwatch", "alarm:holdfast*"),
      "${Topic}",
      "${FailureQueue}",
      "${EventsQueue}",
      "${LostEvents}",
    ],
  },
  {
    Sid: "ReadBuckets",
    Effect: "Allow",
    Action: ["s3:GetBucketPolicy", "s3:GetBucketVersioning", "s3:ListBucket"],
    Resource: buckets,
  },
  {
    Sid: "ReadEvidenceLock",
    Effect: "Allow",
    Action: ["s3:GetBucketObjectLockConfiguration"],
    Resource: [HUB_BUCKETS.evidence],
  },
  {
    Sid: "ReadWhatIsThere",
    Effect: "Allow",
    Action: ["s3:GetObject"],
    Resource: buckets.map(objectsOf),
  },
  {
    Sid: "ReadKeys",
    Effect: "Allow",
    Action: ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetPublicKey"],
    Resource: [inHub("kms", "key/*")],
  },
  {
    Sid: "ReadRolesOfFunctions",
    Effect: "Allow",
    Action: ["iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"],
    Resource: [CONTROLLER_ROLE_NAME, WORKER_ROLE_NAME].map((name) => `arn:${partition}:iam::${account}:role/${name}`),
  },
  {
    // Only where the fleet's accounts are found by tags or units.
    Sid: "ListOrganization",
    Effect: "Allow",
    Action: ["organizations:ListAccounts", "organizations:ListParents", "organizations:ListTagsForResource"],
    Resource: ["*"],
  },
]);
