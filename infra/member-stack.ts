/* oxlint-disable no-new -- a construct joins its scope by being made */
import { Aws, BootstraplessSynthesizer, CfnOutput, type IStackSynthesizer, Stack, type StackProps } from "aws-cdk-lib";
import { CfnManagedPolicy } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import { type Role, ROLES } from "../controller/domain/outcome.ts";
import { acknowledgeWildcards } from "./acknowledge.ts";
import { managedPolicyArn } from "./boundary.ts";
import { memberRole, type Trust } from "./constructs/member-role.ts";
import { type Bindings, bindPolicy } from "./policy-document.ts";
import { reviewedPolicy } from "./policy-files.ts";
import { readersOf, roleInHub } from "./readers.ts";
import { BOUNDARY_NAME, CONTROLLER_ROLE_NAME, WORKER_ROLE_NAME } from "./roles.ts";
import type { Settings } from "./settings.ts";

export interface MemberStackProps extends StackProps {
  readonly settings: Settings;
}

/**
 * A member account: four roles, what bounds them, and nothing else. IAM is global, so once an account is enough, in any Region. It
 * needs no CDK bootstrap: its template is plain CloudFormation, deployable by any means to any number of accounts.
 */
export class MemberStack extends Stack {
  constructor(scope: Construct, id: string, { settings, ...props }: MemberStackProps) {
    // CDK's own types do not agree under exactOptionalPropertyTypes.
    super(scope, id, { synthesizer: new BootstraplessSynthesizer() as IStackSynthesizer, ...props });
    const { fleet, rolePath: path } = settings;
    const bindings = {
      "AWS::Partition": Aws.PARTITION,
      "AWS::AccountId": Aws.ACCOUNT_ID,
      Fleet: fleet,
      RolePath: path,
    };
    const boundary = boundaryOf(this, settings, bindings);
    for (const role of ROLES) {
      const { attrArn } = memberRole(this, role, { trust: trustOf(role, settings), path, boundary, bindings });
      new CfnOutput(this, `${role}RoleArn`, { value: attrArn });
    }
  }
}

/**
 * Workers of a large fleet carry what the controller decided, but for destruction: that is the controller's own hand (rule 24). Readers
 * look, and become nothing that can do more.
 */
function trustOf(role: Role, settings: Settings): Trust {
  const { engine, externalId, organizationId } = settings;
  const names = [CONTROLLER_ROLE_NAME, ...(engine === "durable" && role !== "destroy" ? [WORKER_ROLE_NAME] : [])];
  const entrants = names.map((name) => roleInHub(name, settings));
  return { entrants: [...entrants, ...(role === "observe" ? readersOf(settings) : [])], externalId, organizationId };
}

/** ARN of the organization's own boundary where one is set, else of ours. A role has one. */
function boundaryOf(stack: Stack, { permissionsBoundary }: Settings, bindings: Bindings): string {
  if (permissionsBoundary !== undefined) return managedPolicyArn(permissionsBoundary);
  const policy = reviewedPolicy("boundary");
  const boundary = new CfnManagedPolicy(stack, "Boundary", {
    managedPolicyName: BOUNDARY_NAME,
    description: "What none of Holdfast's roles in this account can exceed, whatever is attached to them.",
    policyDocument: bindPolicy(policy, bindings),
  });
  acknowledgeWildcards(
    boundary,
    policy,
    () => "A boundary grants nothing: how far each action reaches, the policies of the roles say.",
  );
  return boundary.attrPolicyArn;
}
