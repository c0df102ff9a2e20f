/** Statements that more than one of the hub's own roles has, each for as much as that role needs. */
import type { Role } from "../controller/domain/outcome.ts";
import { PLACE, ROLE_PATH, type Statement } from "./policy-document.ts";
import { memberRoleName } from "./roles.ts";

export const HUB_BUCKETS = {
  desired: "${DesiredBucket}",
  evidence: "${EvidenceBucket}",
  work: "${WorkBucket}",
} as const;

export const objectsOf = (bucket: string): string => `${bucket}/*`;

/** Without the right to list, S3 answers an absent object as it answers a forbidden one, and unknown is never absent. */
export const listBuckets = (buckets: readonly string[]): Statement => ({
  Sid: "ListBuckets",
  Effect: "Allow",
  Action: ["s3:ListBucket"],
  Resource: buckets,
});

/** A write on condition that nothing changed (If-Match) takes the right to read as well. Nothing is ever deleted here. */
export const keepWork: Statement = {
  Sid: "KeepWork",
  Effect: "Allow",
  Action: ["s3:GetObject", "s3:PutObject"],
  Resource: [objectsOf(HUB_BUCKETS.work)],
};

/** Which accounts there are, in which OUs and with which tags: what a fleet is resolved by. */
export const seeOrganization: readonly Statement[] = [
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
    Resource: [`arn:${PLACE.partition}:organizations::*:account/*`, `arn:${PLACE.partition}:organizations::*:ou/*`],
  },
];

/** Becoming member roles, of this organization's accounts, in a run's name (rule 29). */
export const enterMembers = (roles: readonly Role[]): readonly Statement[] => {
  const Resource = roles.map((role) => `arn:${PLACE.partition}:iam::*:role${ROLE_PATH}${memberRoleName(role)}`);
  return [
    {
      Sid: "EnterMembers",
      Effect: "Allow",
      Action: ["sts:AssumeRole"],
      Resource,
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
      Resource,
      Condition: { StringEquals: { "aws:ResourceOrgID": "${OrganizationId}" } },
    },
  ];
};

export const writeLogs: Statement = {
  Sid: "WriteLogs",
  Effect: "Allow",
  Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
  Resource: ["${LogGroup}"],
};
