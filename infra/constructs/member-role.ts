import { CfnRole } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { Role } from "../../controller/domain/outcome.ts";
import { type Bindings, bindPolicy, policyDocument, type PolicyDocument } from "../policy-document.ts";
import { reviewedPolicy } from "../policy-files.ts";
import { memberRoleName } from "../roles.ts";

/** Seconds. STS gives a role that becomes another no more, whatever the other allows (IAM User Guide, "Role chaining"). */
const SESSION_SECONDS = 3600;

export interface Trust {
  readonly controllerRole: string;
  readonly externalId: string;
  readonly organizationId: string;
}

const DUTIES: Readonly<Record<Role, string>> = {
  observe: "reads",
  apply: "creates and changes",
  retain: "sets how long recovery points are kept",
  destroy: "deletes what was announced and approved",
};

/** One of the four roles of a member account: whom it trusts, and the policy as reviewed (rule 28). */
export const memberRole = (scope: Construct, role: Role, trust: Trust, bindings: Bindings): CfnRole =>
  new CfnRole(scope, `${role[0]?.toUpperCase()}${role.slice(1)}Role`, {
    roleName: memberRoleName(role),
    description: `Holdfast in this account: ${DUTIES[role]}.`,
    maxSessionDuration: SESSION_SECONDS,
    assumeRolePolicyDocument: trustPolicy(trust),
    policies: [{ policyName: role, policyDocument: bindPolicy(reviewedPolicy(role), bindings) }],
  });

/** The controller only, from within the organization, with the fleet's external id, and under a run's name (rule 29). */
export function trustPolicy({ controllerRole, externalId, organizationId }: Trust): PolicyDocument {
  const Principal = { AWS: controllerRole };
  const organization = { "aws:PrincipalOrgID": organizationId };
  const named = { Null: { "sts:SourceIdentity": false } };
  return policyDocument([
    {
      Sid: "EnterAsController",
      Effect: "Allow",
      Principal,
      Action: ["sts:AssumeRole"],
      Condition: { StringEquals: { ...organization, "sts:ExternalId": externalId }, ...named },
    },
    // STS gives this action no external id to be judged by (Service Authorization Reference, "AWS Security Token Service").
    {
      Sid: "NameTheRun",
      Effect: "Allow",
      Principal,
      Action: ["sts:SetSourceIdentity"],
      Condition: { StringEquals: organization, ...named },
    },
  ]);
}
