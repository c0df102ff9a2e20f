/** Statements that more than one of the hub's own roles has, each for as much as that role needs. */
import type { Role } from "../controller/domain/outcome.ts";
import { type Condition, PLACE, ROLE_PATH, type Statement } from "./policy-document.ts";
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
export const enterMembers = (roles: readonly Exclude<Role, "destroy">[]): readonly Statement[] =>
  entering(roles, { enter: "EnterMembers", name: "NameTheRun" });

/**
 * Becoming the role that destroys, from within one function alone. Several functions run as one role, and what events wake is among them: it
 * does not enter, nor does whoever has got hold of the role's credentials elsewhere. Lambda says which function a call comes from (Lambda
 * Developer Guide, "Using source function ARN to control function access behavior"). `functionArn`: without version or alias.
 * `as`: what the statements' ids end with, where one role has them of several functions.
 */
export const enterToDestroy = (functionArn: string, as = ""): readonly Statement[] =>
  entering(["destroy"], { enter: `EnterToDestroy${as}`, name: `NameTheDestroyer${as}` }, calledFrom(functionArn));

export const calledFrom = (functionArn: string): Condition => ({
  ArnEquals: { "lambda:SourceFunctionArn": functionArn },
});

function entering(
  roles: readonly Role[],
  sids: { readonly enter: string; readonly name: string },
  condition: Condition = {},
): readonly Statement[] {
  const Resource = roles.map((role) => `arn:${PLACE.partition}:iam::*:role${ROLE_PATH}${memberRoleName(role)}`);
  return [
    {
      Sid: sids.enter,
      Effect: "Allow",
      Action: ["sts:AssumeRole"],
      Resource,
      Condition: {
        StringEquals: { "sts:ExternalId": "${ExternalId}", "aws:ResourceOrgID": "${OrganizationId}" },
        Null: { "sts:SourceIdentity": false },
        ...condition,
      },
    },
    {
      // STS gives this action no external id to be judged by (Service Authorization Reference, "AWS Security Token Service").
      Sid: sids.name,
      Effect: "Allow",
      Action: ["sts:SetSourceIdentity"],
      Resource,
      Condition: { StringEquals: { "aws:ResourceOrgID": "${OrganizationId}" }, ...condition },
    },
  ];
}

export const writeLogs: Statement = {
  Sid: "WriteLogs",
  Effect: "Allow",
  Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
  Resource: ["${LogGroup}"],
};
