import { CfnRole } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { Role } from "../../controller/domain/outcome.ts";
import { acknowledgeWildcards } from "../acknowledge.ts";
import { type Bindings, bindPolicy, policyDocument, type PolicyDocument } from "../policy-document.ts";
import { reviewedPolicy } from "../policy-files.ts";
import { reasonOf } from "../policy-scopes.ts";
import { memberRoleName } from "../roles.ts";

/** Seconds. STS gives a role that becomes another no more, whatever the other allows (IAM User Guide, "Role chaining"). */
const SESSION_SECONDS = 3600;

export interface Trust {
  /** ARNs of the roles of the hub that may enter. */
  readonly entrants: readonly string[];
  readonly externalId: string;
  readonly organizationId: string;
}

export interface MemberRoleProps {
  readonly trust: Trust;
  /** With slashes at both ends. */
  readonly path: string;
  /** ARN of the managed policy that the role may do no more than. */
  readonly boundary: string;
  readonly bindings: Bindings;
}

const DUTIES: Readonly<Record<Role, string>> = {
  observe: "reads",
  apply: "creates and changes",
  retain: "sets how long recovery points are kept",
  destroy: "deletes what was announced and approved",
};

/** One of the four roles of a member account: whom it trusts, and the policy as reviewed (rule 28). */
export function memberRole(scope: Construct, role: Role, { trust, path, boundary, bindings }: MemberRoleProps) {
  const policy = reviewedPolicy(role);
  const made = new CfnRole(scope, `${role[0]?.toUpperCase()}${role.slice(1)}Role`, {
    roleName: memberRoleName(role),
    path,
    description: `Holdfast in this account: ${DUTIES[role]}.`,
    maxSessionDuration: SESSION_SECONDS,
    permissionsBoundary: boundary,
    assumeRolePolicyDocument: trustPolicy(trust),
    policies: [{ policyName: role, policyDocument: bindPolicy(policy, bindings) }],
  });
  acknowledgeWildcards(made, policy, reasonOf);
  return made;
}

/** Roles of the hub only, from within the organization, with the fleet's external id, and under a run's name (rule 29). */
export function trustPolicy({ entrants, externalId, organizationId }: Trust): PolicyDocument {
  const [only, ...others] = entrants;
  const Principal = { AWS: only !== undefined && others.length === 0 ? only : entrants };
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
