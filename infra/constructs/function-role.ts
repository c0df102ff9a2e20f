import { CfnRole, CfnRolePolicy } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { type Bindings, bindPolicy, policyDocument } from "../policy-document.ts";
import { type HubPolicy, reviewedPolicy } from "../policy-files.ts";

export interface FunctionRoleProps {
  /** Fixed: member accounts trust it by name. */
  readonly name: string;
  readonly description: string;
}

/** Lambda becomes it for a function, and nobody else does. */
export const functionTrust = policyDocument([
  {
    Sid: "RunAsLambda",
    Effect: "Allow",
    Principal: { Service: "lambda.amazonaws.com" },
    Action: ["sts:AssumeRole"],
  },
]);

/** A role that functions run as. Its rights come by `permit`, once there is something to have rights to. */
export class FunctionRole extends Construct {
  readonly arn: string;
  private readonly role: CfnRole;

  constructor(scope: Construct, id: string, { name, description }: FunctionRoleProps) {
    super(scope, id);
    this.role = new CfnRole(this, "Role", {
      roleName: name,
      description,
      assumeRolePolicyDocument: functionTrust,
    });
    this.arn = this.role.attrArn;
  }

  /** Gives the role a reviewed policy, with what it leaves open put in. */
  permit(id: string, policy: HubPolicy, bindings: Bindings): CfnRolePolicy {
    return new CfnRolePolicy(this, id, {
      roleName: this.role.ref,
      policyName: policy,
      policyDocument: bindPolicy(reviewedPolicy(policy), bindings),
    });
  }
}
